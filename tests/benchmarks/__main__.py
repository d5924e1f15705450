"""Whole builds of a large library, beside what else would make the PDFs, in one run.

make bench        all numbers from one run on this machine, ratios first
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import parts, table
from tests.benchmarks.library import Size
from tests.benchmarks.measure import MeasureError, busy, run

QUIET = 0.1
"""The share of the machine that others may use without being named."""


def measured(size: Size, *, large: bool) -> Iterator[table.Part]:
    """Every part of the table as soon as it is there."""
    with TemporaryDirectory(prefix="handouts-bench-") as folder:
        yield from parts.measure(parts.Bench(Path(folder), size))
    if large:
        with TemporaryDirectory(prefix="handouts-bench-") as folder:
            yield from parts.large(parts.Bench(Path(folder), Size(clinics=parts.LARGE)))


def disturbance(shares: list[float]) -> str:
    """A warning, if others were at work on the machine between the measurements."""
    if max(shares, default=0) < QUIET:
        return ""
    span = f"between {min(shares):.0%} and {max(shares):.0%}"
    return f"\nOther programs used {span} of the machine meanwhile: measure again when it is quiet."


def head(size: Size) -> Iterator[str]:
    """What is measured, and with what."""
    yield (
        f"{size.editions:,} PDFs: {size.clinics} clinics, {size.handouts} handouts, "
        f"{size.languages} languages; {size.share:.0%} of the clinics have words of their own"
    )
    yield (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"WeasyPrint {version('weasyprint')}; times are medians, memory is the highest peak"
    )
    if size.clinics != Size().clinics:
        yield f"goals are for {Size().clinics} clinics, so none are shown"
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--clinics", type=int, default=Size().clinics, help="a smaller library")
    parser.add_argument(
        "--large", action="store_true", help="also 20,016 PDFs, which takes minutes"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there as well")
    asked = parser.parse_args()
    size, found, disturbed = Size(clinics=asked.clinics), [], [busy()]
    for line in (*head(size), table.HEAD):
        print(line)
    try:
        for part in measured(size, large=asked.large):
            found.append(part)
            disturbed.append(busy())
            print("", *table.lines(part), sep="\n", flush=True)
        each = run(sys.executable, "-m", "tests.benchmarks.each", "--rounds", 2, "--language", "en")
    except MeasureError as error:
        sys.exit(f"this is not what was to be measured: {error}")
    print("", "One handout of the shipped library", each.out, sep="\n", end="")
    print(disturbance([share for share in disturbed if share is not None]))
    if asked.json:
        asked.json.write_text(json.dumps(table.data(found), ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()

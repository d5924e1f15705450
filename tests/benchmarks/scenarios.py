"""What a house does with its library, each time by the program itself, and checked."""

import re
import shutil
import sys
from pathlib import Path

from tests.benchmarks.library import Size
from tests.benchmarks.measure import MeasureError, Run, run

PROGRAM = "from handouts.cli import main; main()"
CLINIC = "data/clinics/clinic-0000"
SHEETS = ("aftercare", "consent")
"""Handouts whose words are changed: the shortest and the longest in which no clinic has words of
its own."""
LANGUAGE = "en"


def cold(root: Path, size: Size) -> Run:
    """Everything from nothing: no plate, no PDF."""
    shutil.rmtree(root / ".handouts", ignore_errors=True)
    shutil.rmtree(root / "output", ignore_errors=True)
    return _build(root, size, made=size.editions)


def reworded(root: Path, size: Size, number: int, handout: str) -> Run:
    """A sentence put into one sheet, another one for each number."""
    sheet = root / f"data/treatments/microneedling/{LANGUAGE}/{handout}.yaml"
    sentence = f"This is text {chr(97 + number)}. "
    _change(sheet, r"(lead: >-\n\s+)(?:This is text \w\. )?", rf"\g<1>{sentence}")
    return _build(root, size, made=size.clinics)


def rephoned(root: Path, size: Size, number: int) -> Run:
    """Another phone number for one clinic."""
    _change(root / CLINIC / "clinic.yaml", "phone: .*", f'phone: "020 7946 {990 + number:04}"')
    return _build(root, size, made=size.editions // size.clinics)


def recolored(root: Path, size: Size, number: int) -> Run:
    """Another main colour for one clinic."""
    _change(root / CLINIC / "_brand.yml", "  primary: .*", f'  primary: "#1234{number:02x}"')
    return _build(root, size, made=size.editions // size.clinics)


def unchanged(root: Path, size: Size) -> Run:
    """A build that finds everything as the last one left it."""
    return _build(root, size, made=0)


def loads_weasyprint(root: Path) -> bool:
    """Whether a build now imports WeasyPrint, by Python's own list of imports."""
    command = (sys.executable, "-X", "importtime", "-c", PROGRAM, "build", "--root", root)
    imports = run(*command).err
    if not re.search(r"\| +handouts\.cli$", imports, re.MULTILINE):
        raise MeasureError(f"these are no imports: {imports[:200]}")
    return bool(re.search(r"\| +weasyprint$", imports, re.MULTILINE))


def _build(root: Path, size: Size, *, made: int) -> Run:
    done = run(sys.executable, "-c", PROGRAM, "build", "--root", root)
    expected = f"{made} made, {size.editions - made} unchanged: "
    if not done.out.startswith(expected):
        raise MeasureError(f"a build was to say {expected!r}: {done.out}{done.err}")
    return done


def _change(path: Path, old: str, new: str) -> None:
    """Replace the only line that begins like this."""
    before = path.read_text(encoding="utf-8")
    after, count = re.subn(f"^{old}", new, before, flags=re.MULTILINE)
    if count != 1 or after == before:
        raise MeasureError(f"{path}: {count} places for {new!r}")
    path.write_text(after, encoding="utf-8")

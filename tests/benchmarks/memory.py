"""Whether the memory of layout processes stays flat: thousands of layouts, and what they hold.

python -m tests.benchmarks.memory [LAYOUTS]
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from handouts import layouts
from handouts.compose import Composer
from handouts.layouts import Job, job_key
from handouts.load import load
from handouts.plan import plan

ROOT = Path(__file__).parents[2]
LAYOUTS = 5000
SHOWN = 10


def jobs(number: int) -> Iterator[Job]:
    """So many jobs, no two alike: in turn a handout, and a clinic's pieces."""
    composer = Composer(ROOT)
    editions = plan(load(ROOT)).editions
    for index in range(number):
        edition = editions[index % len(editions)]
        body, clinic = edition.body, edition.clinic
        sheets = (
            Job(composer.sheet(body)),
            Job(*composer.stationery(clinic, body.language, body.wording)),
        )
        job = sheets[index % 8 != 0]
        css = f"{job.sheet.css}\n/* {index} */"
        yield replace(job, sheet=replace(job.sheet, css=css))


def held() -> float:
    """What the processes that this one has started hold now, together, in MB."""
    started = {os.getpid()}
    sizes = 0
    for entry in sorted(Path("/proc").glob("[0-9]*"), key=lambda path: int(path.name)):
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            pages = int((entry / "statm").read_text().split()[1])
        except OSError:
            continue
        if int(status[1]) in started:
            started.add(int(entry.name))
            sizes += pages * os.sysconf("SC_PAGE_SIZE")
    return sizes / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory", description=__doc__)
    parser.add_argument("layouts", type=int, nargs="?", default=LAYOUTS)
    number = parser.parse_args().layouts
    wanted = {job_key(job): job for job in jobs(number)}
    seen, most = 0, 0.0
    for seen, (_, result) in enumerate(layouts.results(wanted, os.cpu_count() or 1), 1):
        if isinstance(result, str):
            raise SystemExit(result)
        most = max(most, held()) if seen % 20 == 0 else most
        if seen % (number // SHOWN) == 0:
            print(f"{seen:>6,} layouts: at most {most:,.0f} MB in the layout processes", flush=True)
            most = 0.0
    print(f"{seen:,} laid out")


if __name__ == "__main__":
    main()

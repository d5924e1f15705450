"""What one handout costs: laid out each time, laid out once as a plate, overprinted.

The plain loop composes and lays out each edition with its brand inline, by WeasyPrint
alone: no plate, no slot. "Written" is into a new file, whole or not at all, as a build writes it.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts import render
from handouts.build import imprint
from handouts.compose import Composer
from handouts.layouts import Job, lay_out
from handouts.load import load
from handouts.overprint import Plate, Stationery, overprint
from handouts.plan import Edition, Selection, plan
from handouts.store import write_whole
from tests.benchmarks.inline import inline

ROOT = Path(__file__).parents[2]


def median(task: Callable[[], object], rounds: int) -> float:
    """Seconds that the task takes, the median of so many rounds after one to warm up."""
    task()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(edition: Edition, composer: Composer, folder: Path, rounds: int) -> dict[str, float]:
    """Seconds for each way of making one edition, and how many pages it has."""
    body = edition.body
    plate = lay_out(Job(composer.sheet(body)))
    says = edition.clinic, body.language, body.wording
    stationery = lay_out(Job(*composer.stationery(*says, page=edition.page)))
    assert isinstance(plate, Plate)
    assert isinstance(stationery, Stationery)
    mark = imprint(edition)
    paths = (folder / str(number) for number in count())
    return {
        "pages": plate.pages,
        "plain": median(lambda: render.lay_out(inline(edition, composer)), rounds),
        "plate": median(lambda: lay_out(Job(composer.sheet(body))), rounds),
        "print": median(lambda: overprint(plate, stationery, mark), rounds * 50),
        "write": median(
            lambda: write_whole(next(paths), overprint(plate, stationery, mark)), rounds * 50
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.each", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="layouts of each handout")
    parser.add_argument("--clinic", default="rosewater")
    parser.add_argument("--language", action="append", default=[])
    asked = parser.parse_args()
    wanted = Selection(clinics=(asked.clinic,), languages=tuple(asked.language))
    composer = Composer(ROOT)
    print("written / plain loop  handout    pages  plain loop  our plate  overprint  + written")
    with TemporaryDirectory() as folder:
        for edition in plan(load(ROOT), wanted).editions:
            cost = measure(edition, composer, Path(folder), asked.rounds)
            print(
                f"{cost['plain'] / cost['write']:>13,.0f} ×       "
                f"{edition.handout:<11}{cost['pages']:>5}"
                f"{cost['plain'] * 1e3:>9.0f} ms{cost['plate'] * 1e3:>8.0f} ms"
                f"{cost['print'] * 1e6:>8.0f} µs{cost['write'] * 1e6:>8.0f} µs"
            )


if __name__ == "__main__":
    main()

"""What a handout costs: laid out each time, laid out once as a plate, overprinted.

The plain loop composes and lays out each edition with its brand inline, by WeasyPrint
alone: no plate, no slot. "Written" is into a new file, whole or not at all, as a build writes it.

    make bench        all numbers from one run on this machine, as medians and ratios
"""

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from handouts.build import Job, imprint, lay_out
from handouts.compose import Composer
from handouts.load import load
from handouts.overprint import overprint
from handouts.plan import Edition, Selection, plan
from handouts.store import write_whole
from tests.test_shortcut import long_way

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
    body = edition.body
    sheet = composer.sheet(body)
    plate = lay_out(Job(sheet))
    stationery = lay_out(Job(*composer.stationery(edition.clinic, body.language, body.wording)))
    mark = imprint(edition)
    paths = (folder / str(number) for number in count())
    return {
        "pages": plate.pages,
        "plain": median(lambda: long_way(edition), rounds),
        "plate": median(lambda: lay_out(Job(composer.sheet(body))), rounds),
        "print": median(lambda: overprint(plate, stationery, mark), rounds * 50),
        "write": median(
            lambda: write_whole(next(paths), overprint(plate, stationery, mark)), rounds * 50
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="layouts of each handout")
    parser.add_argument("--clinic", default="rosewater")
    asked = parser.parse_args()
    editions = plan(load(ROOT), Selection(clinics=(asked.clinic,))).editions
    composer = Composer(ROOT)
    ratios = []
    print("handout    pages  plain loop  our plate  overprint  + written  written / plain loop")
    with TemporaryDirectory(dir=ROOT / "output") as folder:
        for edition in editions:
            cost = measure(edition, composer, Path(folder), asked.rounds)
            ratios.append(cost["plain"] / cost["write"])
            print(
                f"{edition.handout:<11}{cost['pages']:>5}"
                f"{cost['plain'] * 1e3:>9.0f} ms{cost['plate'] * 1e3:>8.0f} ms"
                f"{cost['print'] * 1e6:>8.0f} µs{cost['write'] * 1e6:>8.0f} µs"
                f"{ratios[-1]:>13,.0f} × faster"
            )
    print(f"median {statistics.median(ratios):,.0f} × faster, least {min(ratios):,.0f} ×")


main()

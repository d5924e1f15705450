"""How fast editions are overprinted and written, beside a plain copy of the same files.

    python -m tests.benchmarks.rate ROOT --rounds 5

The library must have been built: plates and stationery are taken from its store. The ways take
turns at being first, each with the disk at rest. Prints the medians in seconds, as JSON.
"""

import argparse
import filecmp
import json
import os
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from handouts.build import imprint
from handouts.compose import Composer
from handouts.layouts import Job, job_key
from handouts.load import load
from handouts.overprint import Imprint, Plate, Stationery, gathered, overprint
from handouts.plan import Edition, plan
from handouts.sheet import SETS
from handouts.store import Store, write_whole
from tests.benchmarks.measure import MeasureError

Record = TypeVar("Record")
Parts = tuple[Plate, list[Stationery], Imprint]


def parts(root: Path) -> dict[str, Parts]:
    """What every edition is made of, by its path."""
    composer, store = Composer(root), Store(root / ".handouts")
    plates: dict[int, Plate] = {}
    stationery: dict[tuple[str, str], list[Stationery]] = {}

    def kept(edition: Edition) -> Parts:
        body, clinic = edition.body, edition.clinic
        owner, says = (clinic.id, body.language), (body.language, body.wording)
        if id(body) not in plates:
            plates[id(body)] = _stored(store, Plate, Job(composer.sheet(body)))
        if owner not in stationery:
            stationery[owner] = [
                _stored(store, Stationery, Job(*composer.stationery(clinic, *says, slots)))
                for slots in SETS
                if slots != ("web",)
            ]
        return plates[id(body)], stationery[owner], imprint(edition)

    return {edition.path: kept(edition) for edition in plan(load(root)).editions}


def _stored(store: Store, kind: type[Record], job: Job) -> Record:
    record = store.get(kind, job_key(job))
    if record is None:
        raise MeasureError("the library has not been built")
    return record


def rate(root: Path, rounds: int) -> dict[str, float]:
    """Seconds to overprint all editions, to write them as well, and to copy what was written."""
    editions = parts(root)
    built = root / "output"
    times: dict[str, list[float]] = {"overprint": [], "write": [], "copy": []}
    for number in range(rounds):
        with TemporaryDirectory(dir=root) as name:
            written, copied = Path(name, "written"), Path(name, "copied")
            ways = [
                ("overprint", partial(_overprint, editions)),
                ("write", partial(_write, editions, written)),
                ("copy", partial(_copy, editions, built, copied)),
            ]
            for way, action in ways if number % 2 else reversed(ways):
                times[way].append(_seconds(action))
            _compare(editions, written, built)
            _compare(editions, copied, built)
    middles = {way: median(seconds) for way, seconds in times.items()}
    size = sum((built / path).stat().st_size for path in editions)
    return {"editions": len(editions), "bytes": size, **middles}


def _overprint(editions: dict[str, Parts]) -> None:
    for each in editions.values():
        _pdf(*each)


def _pdf(plate: Plate, sets: list[Stationery], imprint: Imprint) -> bytes:
    return overprint(plate, gathered(sets, plate), imprint)


def _write(editions: dict[str, Parts], folder: Path) -> None:
    for path, each in editions.items():
        write_whole(folder / path, _pdf(*each))


def _copy(editions: dict[str, Parts], built: Path, folder: Path) -> None:
    folder.mkdir()
    clinics = sorted({path.partition("/")[0] for path in editions})
    subprocess.run(["cp", "-r", *(str(built / clinic) for clinic in clinics), folder], check=True)


def _seconds(action: Callable[[], object]) -> float:
    os.sync()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _compare(editions: dict[str, Parts], folder: Path, built: Path) -> None:
    """What was written must be what a build writes."""
    same, *others = filecmp.cmpfiles(folder, built, editions, shallow=False)
    if len(same) != len(editions):
        raise MeasureError(f"{folder.name} not as a build writes them: {others}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rate", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(json.dumps(rate(asked.root, asked.rounds)))


if __name__ == "__main__":
    main()

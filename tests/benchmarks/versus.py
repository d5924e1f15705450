"""The same work by this checkout and by another one, turn by turn in one run.

    git worktree add ../before HEAD~20
    python -m tests.benchmarks.versus ../before [--clinics N] [--rounds N]

Each makes its own library and builds it. Prints the median seconds of both, and the ratio.
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.library import Size
from tests.benchmarks.measure import run

HERE = Path(__file__).parents[2]
MAKE = """
import sys
from pathlib import Path
from tests.benchmarks.library import Size, make
make(Path(sys.argv[1]), Size(clinics=int(sys.argv[2])))
"""
MEASURE = """
import json, sys
from pathlib import Path
from tests.benchmarks import scenarios
from tests.benchmarks.library import Size
root, size = Path(sys.argv[1]), Size(clinics=int(sys.argv[2]))
number = int(sys.argv[4])
work = {
    "cold": lambda: scenarios.cold(root, size),
    "a word in aftercare": lambda: scenarios.reworded(root, size, number, "aftercare"),
    "a word in consent": lambda: scenarios.reworded(root, size, number, "consent"),
    "a phone number": lambda: scenarios.rephoned(root, size, number),
    "a colour": lambda: scenarios.recolored(root, size, number),
    "nothing": lambda: scenarios.unchanged(root, size),
}
print(json.dumps(work[sys.argv[3]]().seconds))
"""
SCENARIOS = {
    "cold": 3, "a word in aftercare": 3, "a word in consent": 3, "a phone number": 3,
    "a colour": 3, "nothing": 3,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--clinics", type=int, default=Size().clinics)
    given = parser.parse_args()
    print(f"{given.clinics} clinics: seconds now, before, and now to before")
    with TemporaryDirectory() as name:
        places = {HERE: Path(name, "now"), given.other.resolve(): Path(name, "before")}
        for checkout, root in places.items():
            run(sys.executable, "-c", MAKE, root, given.clinics, cwd=checkout)
        for scenario, rounds in SCENARIOS.items():
            found: dict[Path, list[float]] = {checkout: [] for checkout in places}
            for number in range(rounds):
                for checkout, root in places.items():
                    asked = (root, given.clinics, scenario, number)
                    done = run(sys.executable, "-c", MEASURE, *asked, cwd=checkout)
                    found[checkout].append(json.loads(done.out))
            now, before = map(median, found.values())
            print(f"{scenario:22} {now:8.2f} {before:8.2f}   {now / before:.2f} ×", flush=True)


if __name__ == "__main__":
    main()

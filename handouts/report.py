"""What a build did, as text and as data, and the exit code that follows."""

from dataclasses import asdict, dataclass, field
from typing import Any

from handouts.errors import Problem
from handouts.outputs import Touch

BAD = ("failed", "refused")
FEW = 4
"""How many PDFs are named of those that are made for one reason."""

MANY = 40
"""How many are named of those that are not made, for these have to be looked for."""


@dataclass(frozen=True)
class Row:
    """One edition's outcome: `made`, `same`, `removed`, `failed` or `refused`, and why.

    `older`: it was not made, and a PDF of it from an earlier build is still there.
    """

    path: str
    outcome: str
    why: str = ""
    title: str = ""
    pages: int | None = None
    older: bool = False
    sha256: str | None = None


@dataclass
class Report:
    """`strangers`: files among the PDFs that no build has made, and none takes away.

    `touches`: of the PDFs by path, each as it was when it was made or found to be right.
    """

    dry_run: bool = False
    rows: list[Row] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    strangers: tuple[str, ...] = ()
    touches: dict[str, Touch] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return int(bool(self.problems or self.unmade()))

    def unmade(self) -> list[Row]:
        """The editions that were to be made and were not."""
        return [row for row in self.rows if row.outcome in BAD]

    def failed(self, path: str) -> bool:
        return any(row.path == path and row.outcome == "failed" for row in self.rows)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def summary(self) -> str:
        made = "to make" if self.dry_run else "made"
        parts = [f"{self.count('made')} {made}", f"{self.count('same')} unchanged"]
        if removed := self.count("removed"):
            parts.append(f"{removed} {'to remove' if self.dry_run else 'removed'}")
        parts += [f"{self.count(bad)} {bad}" for bad in BAD if self.count(bad)]
        return ", ".join(parts)

    def line(self, seconds: float) -> str:
        """What was done in how long, in one line."""
        changed = [row.path for row in self.rows if row.outcome in ("made", "removed")]
        what = f": {_some(changed, FEW)}" if changed else ""
        return f"{self.summary()} in {seconds:.2f} s{what}"

    def reasons(self) -> list[str]:
        """Every reason for which something is made or taken away, with what it is."""
        why: dict[str, list[str]] = {}
        for row in self.rows:
            if row.outcome in ("made", "removed"):
                why.setdefault(row.why, []).append(row.path)
        return [f"{reason}: {_some(paths, FEW)}" for reason, paths in why.items()]

    def named_strangers(self) -> list[str]:
        """The strangers, or where they are too many, how many more there are."""
        more = len(self.strangers) - MANY
        return [*self.strangers[:MANY], *([f"and {more} files more"] if more > 0 else [])]

    def complaints(self) -> list[str]:
        """Every reason once, with the editions that it holds up."""
        held: dict[str, list[Row]] = {str(problem): [] for problem in self.problems}
        for row in self.unmade():
            for why in row.why.split("\n") if row.outcome == "refused" else [row.why]:
                held.setdefault(why, []).append(row)
        return [why + _not_made(rows) for why, rows in held.items()]

    def as_data(self) -> dict[str, Any]:
        outcomes = ("made", "same", "removed", *BAD)
        return {
            "dry_run": self.dry_run,
            "counts": {outcome: self.count(outcome) for outcome in outcomes},
            "editions": [asdict(row) for row in self.rows],
            "problems": [asdict(problem) for problem in self.problems],
            "strangers": list(self.strangers),
        }


def _some(paths: list[str], most: int) -> str:
    """So many of the paths, and how many more there are."""
    shown = ", ".join(paths[:most])
    return shown if len(paths) <= most else f"{shown} and {len(paths) - most} more"


def _not_made(rows: list[Row]) -> str:
    lines = []
    if rows:
        lines.append(f"not made: {_some([row.path for row in rows], MANY)}")
    if older := [row.path for row in rows if row.older]:
        lines.append(f"an earlier PDF is still there, do not print it: {_some(older, MANY)}")
    return "".join(f"\n    {line}" for line in lines)

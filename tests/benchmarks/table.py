"""One table of what was measured: ratios first, goals beside the figures."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

HEAD = "    ratio        time    memory  what"


@dataclass(frozen=True)
class Goal:
    """What a figure should be, and whether it is."""

    text: str
    met: bool

    def __str__(self) -> str:
        return f"[{self.text}: {'met' if self.met else 'MISSED'}]"


@dataclass(frozen=True)
class Row:
    """A figure. `ratio`: how many times as long it takes as the row whose ratio is 1.

    `scaled`: the time is worked out from a sample.
    """

    what: str
    seconds: float | None = None
    peak: int | None = None
    ratio: float | None = None
    goal: Goal | None = None
    scaled: bool = False

    def __str__(self) -> str:
        ratio = f"{self.ratio:,.1f} ×" if self.ratio is not None else ""
        seconds = f"{'~' * self.scaled}{_time(self.seconds)}" if self.seconds is not None else "–"
        peak = f"{self.peak / 1e6:,.0f} MB" if self.peak is not None else "–"
        goal = f"  {self.goal}" if self.goal else ""
        return f"{ratio:>9}{seconds:>12}{peak:>10}  {self.what}{goal}"


@dataclass(frozen=True)
class Part:
    """Rows that belong together, under a title; `notes` say how they were measured."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def lines(part: Part) -> Iterator[str]:
    """One part, below the head of the table."""
    yield part.title
    yield from map(str, part.rows)
    yield from (f"{'':33}{note}" for note in part.notes)


def data(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The table for other programs: seconds and bytes."""
    return [asdict(part) for part in parts]


def _time(seconds: float) -> str:
    if seconds < 0.1:
        return f"{seconds * 1e3:,.1f} ms"
    return f"{seconds:,.0f} s" if seconds >= 100 else f"{seconds:,.2f} s"

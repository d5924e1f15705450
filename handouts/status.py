"""Which sheets are approved, which are drafts, and which are at their end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from handouts.plan import Edition

State = Literal["approved", "due", "draft", "behind", "expired"]
STATES: tuple[State, ...] = ("approved", "due", "draft", "behind", "expired")


@dataclass(frozen=True)
class Row:
    """One edition's standing; `ends` is the last day on which it may be used."""

    path: str
    clinic: str
    sheet: str
    language: str
    version: str
    state: State
    ends: date
    draft: bool
    behind: bool
    digest: str
    by: str | None
    role: str | None
    on: date | None

    def as_data(self) -> dict[str, Any]:
        days = {"ends": self.ends.isoformat(), "on": self.on and self.on.isoformat()}
        return {**self.__dict__, **days}


def rows(editions: Iterable[Edition], today: date, within: timedelta) -> list[Row]:
    return [_row(edition, today, within) for edition in editions]


def _row(edition: Edition, today: date, within: timedelta) -> Row:
    standing, body = edition.standing, edition.body
    approval = None if standing.draft else standing.approval
    return Row(
        path=edition.path,
        clinic=edition.clinic.id,
        sheet=f"{edition.treatment}/{edition.handout}",
        language=body.language,
        version=body.version,
        state=state(edition, today, within),
        ends=standing.ends,
        draft=standing.draft,
        behind=standing.behind,
        digest=standing.digest,
        by=approval.by if approval else None,
        role=approval.role if approval else None,
        on=approval.on if approval else None,
    )


def state(edition: Edition, today: date, within: timedelta = timedelta()) -> State:
    """The worst that can be said of an edition."""
    standing = edition.standing
    if standing.expired(today):
        return "expired"
    if standing.behind:
        return "behind"
    if standing.draft:
        return "draft"
    return "due" if standing.expired(today + within) else "approved"


def lines(found: list[Row]) -> list[str]:
    """One line for each sheet, language and state, with the clinics that share it."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in sorted(found, key=lambda row: (row.sheet, row.language, STATES.index(row.state))):
        key = (row.sheet, row.language, row.version, row.state, row.ends, row.role, row.on)
        groups.setdefault(key, []).append(row)
    return [_line(key, group) for key, group in groups.items()]


def _line(key: tuple[Any, ...], group: list[Row]) -> str:
    sheet, language, version, state, ends, role, on = key
    who = f", approved {on} ({role})" if on else ""
    clinics = ", ".join(row.clinic for row in group)
    return f"{state:<8}  {sheet} {language} {version}: until {ends}{who}: {clinics}"


def summary(found: list[Row]) -> str:
    counts = {state: sum(row.state == state for row in found) for state in STATES}
    return ", ".join(f"{number} {state}" for state, number in counts.items() if number)

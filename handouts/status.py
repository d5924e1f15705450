"""Which sheets are approved, which are drafts, and which are at their end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from handouts.plan import Edition, each_once

State = Literal["approved", "due", "draft", "behind", "expired"]
STATES: tuple[State, ...] = ("approved", "due", "draft", "behind", "expired")


@dataclass(frozen=True)
class Row:
    """One sheet's standing in one clinic, whatever its formats.

    `path`: of the first of its PDFs. `ends`: the last day on which it may be used.
    """

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
    return [_row(edition, today, within) for edition in each_once(editions)]


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
    groups: dict[tuple[Any, ...], list[str]] = {}
    given: dict[tuple[str, str], list[str]] = {}
    for row in sorted(found, key=lambda row: (row.sheet, row.language, STATES.index(row.state))):
        key = (row.sheet, row.language, row.version, row.state, row.ends, row.role, row.on)
        groups.setdefault(key, []).append(row.clinic)
        given.setdefault((row.sheet, row.language), []).append(row.clinic)
    return [_line(key, told(clinics, given[key[:2]])) for key, clinics in groups.items()]


def _line(key: tuple[Any, ...], clinics: str) -> str:
    sheet, language, version, state, ends, role, on = key
    who = f", approved {on} ({role})" if on else ""
    return f"{state:<8}  {sheet} {language} {version}: until {ends}{who}: {clinics}"


FEW = 6
"""How many clinics are named; of more, what they have in common is said."""


def told(clinics: Sequence[str], every: Sequence[str]) -> str:
    """These of all the clinics, in no more words than it takes to tell them from the others."""
    if len(clinics) <= FEW:
        return ", ".join(clinics)
    others = [clinic for clinic in every if clinic not in set(clinics)]
    if not others:
        return f"all {len(clinics)} clinics"
    if len(others) <= FEW:
        return f"all {len(every)} clinics but {', '.join(others)}"
    return f"{', '.join(clinics[:FEW])} and {len(clinics) - FEW} more"


def summary(found: list[Row]) -> str:
    counts = {state: sum(row.state == state for row in found) for state in STATES}
    return ", ".join(f"{number} {state}" for state, number in counts.items() if number)

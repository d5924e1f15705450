"""Recording that somebody answers for the exact words of a sheet."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from handouts import yamlfile
from handouts.errors import HandoutsError, Problem
from handouts.model import Approval, Library
from handouts.plan import Edition, Plan
from handouts.standing import Register
from handouts.store import write_whole

HEAD = """\
# yaml-language-server: $schema=.schema/approvals.json
# Who approved which words. `handouts approve` adds to this file; take an entry out to
# withdraw it. Each digest stands for exact words: change one, and they are a draft again.
"""


class ApprovalError(HandoutsError):
    """Something stands in the way of an approval."""


def in_the_way(plan: Plan, errors: Sequence[Problem]) -> list[Problem]:
    """What has to be mended before the words of these editions can be approved."""
    problems = [problem for refusal in plan.refusals for problem in refusal.problems]
    return sorted({*problems, *plan.concerned(errors)})


def awaiting(plan: Plan) -> list[str]:
    """What in the editions is marked as awaiting a clinician, each once."""
    marks = [mark for edition in plan.editions for mark in edition.body.awaiting]
    return list(dict.fromkeys(marks))


def clinics(plan: Plan) -> list[str]:
    """The clinics whose patients are given these editions, each once."""
    return list(dict.fromkeys(edition.clinic.id for edition in plan.editions))


def approval(  # noqa: PLR0913  each is part of what is recorded
    library: Library,
    editions: Sequence[Edition],
    *,
    by: str,
    role: str,
    on: date,
    until: date | None,
    only: tuple[str, ...] = (),
) -> Approval:
    """The record for these editions, which are of one sheet in one language.

    `only`: the clinics that it is limited to; else it holds for the same words anywhere.
    """
    if not editions:
        raise ApprovalError("no clinic gives patients this sheet in this language")
    first = editions[0]
    treatment, place = library.treatments[first.treatment], (first.body.language, first.handout)
    register = Register(library)
    if register.lags(treatment, place):
        original = treatment.original(first.handout)
        raise ApprovalError(
            f"{first.treatment}/{first.handout} in {place[0]} follows an older version of its "
            f"original ({original}): translate what is new first"
        )
    digests: dict[str, set[str]] = {}
    for edition in editions:  # of which a clinic has one for each of its formats
        digests.setdefault(edition.standing.digest, set()).add(edition.clinic.id)
    return Approval(
        sheet=f"{first.treatment}/{first.handout}",
        language=place[0],
        version=first.body.version,
        on=on,
        by=by,
        role=role,
        only=only,
        until=until,
        library=register.as_written(treatment, place) or "",
        original=register.original(treatment, place),
        words={digest: tuple(sorted(clinics)) for digest, clinics in sorted(digests.items())},
    )


def record(root: Path, entry: Approval) -> Path:
    """Add the approval to `data/approvals.yaml`, whose every other entry stays as it is."""
    path = (root / "data/approvals.yaml").resolve()
    before = path.read_bytes() if path.exists() else HEAD.encode()
    held, faults = yamlfile.parse(path.name, before)
    entries = held.value if held and isinstance(held.value, list) and not faults else []
    wanted = [*entries, _plain(entry)]
    for text in (
        before.rstrip() + b"\n" + yamlfile.written(wanted[-1:]).encode(),
        HEAD.encode() + yamlfile.written(wanted).encode(),
    ):
        document, faults = yamlfile.parse(path.name, text)
        if document and not faults and document.value == wanted:
            write_whole(path, text)
            return path
    raise ApprovalError(faults[0].message if faults else "the name or role cannot be kept")


def _plain(entry: Approval) -> dict[str, Any]:
    data = entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return {**data, "words": {digest: list(clinics) for digest, clinics in entry.words.items()}}

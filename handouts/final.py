"""What may leave the house: approved words, within their time, with no error in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from handouts.errors import Problem
from handouts.plan import Edition, Plan, Refusal


def only_final(plan: Plan, errors: tuple[Problem, ...], today: date) -> Plan:
    """The plan without what is not final; each such edition is refused, with what to do."""
    kept, refused = [], []
    for edition in plan.editions:
        problems = tuple(_in_the_way(edition, errors, today))
        if problems:
            refused.append(Refusal(edition.path, problems, edition.path))
        else:
            kept.append(edition)
    return replace(plan, editions=tuple(kept), refusals=(*plan.refusals, *refused))


def _in_the_way(edition: Edition, errors: tuple[Problem, ...], today: date) -> Iterator[Problem]:
    sheet, language = f"{edition.treatment}/{edition.handout}", edition.body.language
    standing = edition.standing

    def problem(rule: str, message: str) -> Problem:
        return Problem(edition.files[0], 1, 1, message, rule)

    if edition.clinic.contact.fictional:
        own = f"data/clinics/{edition.clinic.id}/clinic.yaml"
        message = (
            "is an invented clinic, whose sheets nobody hands out: "
            "once all in it is a real one's own, take out `fictional: true`"
        )
        yield Problem(own, 1, 1, message, "fictional")
    if standing.behind:
        yield problem("behind", "is a translation behind its original: translate what is new")
    elif standing.draft:
        command = f"handouts approve {sheet} -l {language} --by NAME --role ROLE"
        yield problem("draft", f"is a draft: `{command}`")
    if standing.expired(today):
        message = (
            f"could be used until {standing.ends}: review it, set a new `review_by`, approve it"
        )
        yield problem("expired", message)
    yield from (error for error in errors if error.path in edition.files)

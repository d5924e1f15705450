"""Every way to dress its sheets that a clinic can choose, shown on one of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Literal, get_args

from handouts import pictures
from handouts.formats import Format
from handouts.model import Style
from handouts.pictures import Pace, Picture
from handouts.plan import Edition, Plan
from handouts.report import Report

FORMATS: tuple[Format, ...] = ("standard", "mono", "large-print")

KEYS = {key: get_args(field.annotation) for key, field in Style.model_fields.items()}
"""What there is to choose, and from what."""

Group = Literal["letterhead", "sections", "call_box", "all", "formats"]
"""A choice of one key, all else as it is now; every combination; or other formats."""

SMALL = 1.1
"""Pixels to the pt of the pictures of all combinations."""


@dataclass(frozen=True)
class Choice:
    """One way to dress the sheet. `lines`: what to write for it; `now`: it is so already.

    `fault`: why it cannot be had.
    """

    name: str
    lines: str
    now: bool
    pages: list[Picture]
    fault: str = ""


@dataclass(frozen=True)
class _Task:
    group: Group
    edition: Edition
    pdf: Path
    fault: str


def chosen(plan: Plan) -> list[Edition]:
    """Of the first language the aftercare sheet, or else the first one, in each format."""
    first = plan.editions[0]
    same = [edition for edition in plan.editions if edition.body.language == first.body.language]
    sheet = next((edition for edition in same if edition.handout == "aftercare"), first)
    name = sheet.treatment, sheet.handout
    return [edition for edition in same if (edition.treatment, edition.handout) == name]


def variants(editions: Iterable[Edition]) -> Plan:
    """A plan of the editions: the standard one in every style, the others as they are."""
    found: list[Edition] = []
    for edition in editions:
        if edition.format == "standard":
            found += (_dressed(edition, style) for style in styles())
        else:
            found.append(edition)
    return Plan(tuple(found))


def styles() -> Iterator[Style]:
    """Every combination."""
    for values in product(*KEYS.values()):
        yield Style.model_validate(dict(zip(KEYS, values, strict=True)))


def _dressed(edition: Edition, style: Style) -> Edition:
    """The edition as of a clinic of its own, that is alike but for its style."""
    livery = replace(edition.clinic.livery, style=style)
    name = "-".join((edition.clinic.id, *style.model_dump().values()))
    return replace(edition, clinic=replace(edition.clinic, id=name, livery=livery))


def choices(
    plan: Plan, shown: Edition, report: Report, folder: Path, pace: Pace
) -> dict[Group, list[Choice]]:
    """The pictures of what was built into the folder of `variants` of the edition shown."""
    now, faults = shown.clinic.livery.style, _faults(report, shown.clinic.id)
    tasks = [
        _Task(group, edition, folder / edition.path, faults.get(edition.path, ""))
        for group, editions in _groups(plan, now).items()
        for edition in editions
    ]
    call = _call_page([task for task in tasks if task.group == "call_box"])
    found: dict[Group, list[Choice]] = {}
    made = pictures.each(lambda task: _choice(task, now, call), tasks, pace)
    for task, choice in zip(tasks, made, strict=True):
        found.setdefault(task.group, []).append(choice)
    return found


def faults(found: dict[Group, list[Choice]]) -> list[str]:
    """Why some of it cannot be had, each reason once, with what it keeps from being shown."""
    held: dict[str, list[str]] = {}
    for choice in (choice for some in found.values() for choice in some if choice.fault):
        held.setdefault(choice.fault, []).append(choice.name)
    return [f"{fault}\n    not shown: {'; '.join(names)}" for fault, names in held.items()]


def _faults(report: Report, clinic: str) -> dict[str, str]:
    """The faults by path, each as of the clinic that there is, not of one that was made up."""
    found = {}
    for row in report.unmade():
        made_up = row.path.partition("/")[0]
        found[row.path] = row.why.replace(f"/{made_up}/", f"/{clinic}/")
    return found


def _groups(plan: Plan, now: Style) -> dict[Group, list[Edition]]:
    every = {each.clinic.livery.style: each for each in plan.editions if each.format == "standard"}

    def each(key: str) -> list[Edition]:
        return [every[now.model_copy(update={key: value})] for value in KEYS[key]]

    others = [edition for edition in plan.editions if edition.format != "standard"]
    return {
        "letterhead": each("letterhead"),
        "sections": each("sections"),
        "call_box": each("call_box"),
        "all": list(every.values()),
        "formats": others,
    }


def _call_page(tasks: list[_Task]) -> int:
    """The page that has the call box: where its styles differ; the first if there is none."""
    if any(task.fault for task in tasks):
        return 1
    one, other = (task.pdf for task in tasks)
    return pictures.first_difference(one, other) or 1


def _choice(task: _Task, now: Style, call: int) -> Choice:
    name, lines, is_now = _told(task, now)
    if task.fault:
        return Choice(name, lines, is_now, [], task.fault)
    both = sorted({1, call})
    numbers = {"call_box": [call], "sections": both, "all": both}.get(task.group, [1])
    scale = SMALL if task.group == "all" else pictures.SCALE
    return Choice(name, lines, is_now, pictures.pictures(task.pdf, numbers, scale))


def _told(task: _Task, now: Style) -> tuple[str, str, bool]:
    """What a choice is called, what to write for it, and whether it is so now."""
    edition = task.edition
    if task.group == "formats":
        given = edition.clinic.contact.formats
        line = f"formats: [{', '.join(dict.fromkeys((*given, edition.format)))}]"
        return edition.format, line, edition.format in given
    style, present = edition.clinic.livery.style.model_dump(), now.model_dump()
    keys = style if task.group == "all" else [task.group]
    lines = "".join(f"\n    {key}: {style[key]}" for key in keys)
    name = ", ".join(style[key] for key in keys)
    return name, f"defaults:\n  handouts:{lines}", all(style[key] == present[key] for key in keys)

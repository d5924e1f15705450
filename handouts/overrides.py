"""Every sentence by which a clinic's sheets differ from the library's, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handouts import markup
from handouts.model import (
    NAMED,
    CallBox,
    Change,
    Library,
    Prose,
    Setting,
    Treatment,
    Value,
    prose,
)
from handouts.plan import Edition, each_once
from handouts.resolve import filled, shown_groups, values


@dataclass(frozen=True)
class Difference:
    """What patients of this clinic read, and what they would read otherwise.

    `library` is empty where words were added, and where a setting has no value but the clinic's.
    """

    clinic: str
    sheet: str
    language: str
    block: str | None
    library: tuple[str, ...]
    clinic_words: tuple[str, ...]
    reason: str
    state: str


def differences(library: Library, editions: Iterable[Edition]) -> Iterator[Difference]:
    """All differences, sheet by sheet, whatever its formats: own wording first, then settings."""
    for edition in each_once(editions):
        yield from _changes(library, edition)
        yield from _settings(library, edition)


def _changes(library: Library, edition: Edition) -> Iterator[Difference]:
    treatment = library.treatments[edition.treatment]
    place = (edition.body.language, edition.handout)
    for change in _own(edition):
        before = [block for block in treatment.handouts[place].blocks if block.id == change.block]
        said = _Speaker(library, edition)
        yield Difference(
            edition.clinic.id,
            change.sheet,
            change.language,
            change.block,
            said.texts(before) if change.replace else (),
            said.texts(change.replace or change.add or ()),
            change.reason,
            _state(edition),
        )


def _own(edition: Edition) -> Iterator[Change]:
    sheet = f"{edition.treatment}/{edition.handout}"
    for change in edition.clinic.changes:
        if (change.sheet, change.language) == (sheet, edition.body.language):
            yield change


def _settings(library: Library, edition: Edition) -> Iterator[Difference]:
    """Sentences that name a setting for which the clinic has another value than the library."""
    treatment = library.treatments[edition.treatment]
    own = edition.clinic.contact.treatments[edition.treatment]
    other = {
        name: setting
        for name, setting in treatment.facts.settings.items()
        if name in own and own[name] != setting.default
    }
    ours, theirs = _Speaker(library, edition), _Speaker(library, edition, own=False)
    for block, text in _sentences(treatment, edition):
        names = [name for name in NAMED.findall(text) if name in other]
        if names:
            given = all(other[name].default is not None for name in names)
            yield Difference(
                edition.clinic.id,
                f"{edition.treatment}/{edition.handout}",
                edition.body.language,
                block,
                (theirs.text(text),) if given else (),
                (ours.text(text),),
                "setting: " + ", ".join(dict.fromkeys(names)),
                _state(edition),
            )


def _sentences(treatment: Treatment, edition: Edition) -> Iterator[tuple[str | None, Prose]]:
    """All prose that stands on the edition's sheet, with the name of its block."""
    place = (edition.body.language, edition.handout)
    handout, words = treatment.handouts[place], treatment.words[place[0]]
    for text in (handout.title, handout.lead):
        yield None, text
    for block in handout.blocks:
        shown = [words.calls] if isinstance(block, CallBox) else []
        groups = shown_groups(block)
        risks = [words.risks[each.id] for each in treatment.facts.risks if each.group in groups]
        for _, text in prose((block, *shown, *risks)):
            yield block.id, text


class _Speaker:
    """Fills in names as an edition does; without its `own` settings, as the library would."""

    def __init__(self, library: Library, edition: Edition, *, own: bool = True) -> None:
        treatment = library.treatments[edition.treatment]
        settings: dict[str, Value] = dict(edition.clinic.contact.treatments[edition.treatment])
        if not own:
            given: dict[str, Setting] = treatment.facts.settings
            settings = {n: v for n, v in settings.items() if given[n].default is None}
        self._values = values(treatment, settings)
        self._wording, self._language = edition.body.wording, edition.body.language

    def text(self, text: Prose) -> str:
        said = filled(
            text, self._values, self._wording, self._language, lambda name: f"\\{{{name}\\}}"
        )
        return " ".join(markup.paragraphs(type(text)(said), self._language))

    def texts(self, value: Iterable[object]) -> tuple[str, ...]:
        return tuple(self.text(text) for _, text in prose(tuple(value)))


def _state(edition: Edition) -> str:
    return "draft" if edition.standing.draft else "approved"

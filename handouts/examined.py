"""What the rules say of a library, worked out anew only where something has changed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from handouts import fonts
from handouts.errors import Problem
from handouts.model import Library
from handouts.resolve import first_to_give
from handouts.store import Store
from handouts.yamlfile import Document

OWN = Path(__file__).parent
CLINICS = "data/clinics/"
ALLOW = re.compile(r"#\s*allow\b")

Rules = Callable[[], Iterator[Problem]]


@dataclass(frozen=True)
class Examined:
    """What the rules have said of each part of a library, by a digest of all that they read."""

    said: dict[str, tuple[tuple[str, int, int, str, str, bool, bool], ...]]


def errors(
    library: Library,
    documents: dict[str, Document],
    today: date,
    store: Store,
    *,
    keep: bool = True,
) -> tuple[Problem, ...]:
    """The errors that `check` would find; only what has changed is read, and kept if so told."""
    if library.problems:
        from handouts.check import check  # noqa: PLC0415  slow to import, and seldom needed

        return check(library, documents, today).errors
    last = store.get(Examined, _KEY) or Examined({})
    now = {}
    for key, rules in _parts(library, documents, today):
        known = last.said.get(key)
        now[key] = tuple(map(astuple, rules())) if known is None else known
    if keep and now != last.said:
        store.put(_KEY, Examined(now))
    raw = {Problem(*problem) for said in now.values() for problem in said}
    if not raw and not any(ALLOW.search(document.text) for document in documents.values()):
        return ()
    from handouts.check import weighed  # noqa: PLC0415

    return weighed(library, documents, raw).errors


_KEY = "rules"


def _parts(
    library: Library, documents: dict[str, Document], today: date
) -> Iterator[tuple[str, Rules]]:
    """What the rules are asked of, one part for all sheets and one for each clinic."""
    program = f"{_program()} {today}"
    shared = [name for name in sorted(documents) if not name.startswith(CLINICS)]
    words = _digest(program, documents, shared)
    yield _digest(words, documents, _first(library)), partial(_of_sheets, library, documents, today)
    for name, clinic in library.clinics.items():
        files = ("clinic.yaml", "_brand.yml", "wording.yaml")
        paths = [f"{CLINICS}{name}/{file}" for file in files]
        key = _digest(words if clinic.changes else program, documents, paths)
        yield key, partial(_of_clinic, library, documents, today, name)


def _first(library: Library) -> list[str]:
    """The files whose settings the library's own words are read with."""
    clinics = {
        clinic.id
        for treatment in library.treatments.values()
        for language in treatment.words
        if (clinic := first_to_give(library, treatment, language))
    }
    return [f"{CLINICS}{name}/clinic.yaml" for name in sorted(clinics)]


def _digest(start: str, documents: dict[str, Document], paths: list[str]) -> str:
    whole = sha256(start.encode())
    for path in paths:
        if path in documents:
            whole.update(f"\0{path}\0{documents[path].text}".encode())
    return whole.hexdigest()


def _program() -> str:
    """The rules themselves, and what they ask: our own files, and the libraries' versions."""
    whole = sha256()
    for pattern in ("*.py", "*/*.yaml"):
        for path in sorted(OWN.glob(pattern)):
            whole.update(path.read_bytes())
    names = (
        *("phonenumberslite", "syllapy", "markdown-it-py", "pydantic", "pyyaml", "fonttools"),
        *(fonts.package(family) for family in (fonts.BASE, fonts.LETTERS, *fonts.SCRIPTS)),
    )
    return whole.hexdigest() + ",".join(map(version, names))


def _of_sheets(library: Library, documents: dict[str, Document], today: date) -> Iterator[Problem]:
    from handouts.check import of_sheets  # noqa: PLC0415

    return of_sheets(library, documents, today)


def _of_clinic(
    library: Library, documents: dict[str, Document], today: date, name: str
) -> Iterator[Problem]:
    from handouts.check import of_clinic  # noqa: PLC0415

    return of_clinic(library, documents, today, name)

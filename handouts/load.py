"""From the files under `data/` to a library, with everything that is wrong with them."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from handouts import brand, crosscheck, explain, logo, toolchain, yamlfile
from handouts.brandfile import Brand
from handouts.disk import UnreadableError, clinics, is_folder, is_inside, read, reason
from handouts.entries import ClinicFiles, Entries, Entry, TreatmentFiles, with_holes
from handouts.errors import Problem
from handouts.logo_process import Artworks
from handouts.model import (
    LANGUAGE_PATTERN,
    REGION_PATTERN,
    SLUG_PATTERN,
    TAG,
    Approvals,
    Changes,
    Clinic,
    Contact,
    Facts,
    Glossary,
    Handout,
    Library,
    Livery,
    Sources,
    Spelling,
    Topics,
    Treatment,
    Wording,
    Words,
)
from handouts.store import Store
from handouts.yamlfile import Document, Way

T = TypeVar("T")

MAX_APPROVALS = 16 * yamlfile.MAX_BYTES
"""Each approval names every clinic, and none is taken out by the program."""

CLUTTER = re.compile(r"\..*|.*~|#.*#|README.*|.*\.md|Thumbs\.db|desktop\.ini", re.IGNORECASE)
TOP = ("sources.yaml", "approvals.yaml", "wording", "spelling", "treatments", "clinics")
GLOSSARY = re.compile(rf"glossary\.({TAG})\.yaml")
CLINIC = ("clinic.yaml", "_brand.yml", "wording.yaml")


def load(root: Path) -> Library:
    """All that is whole under `data/`; whatever is not is left out and becomes problems."""
    return load_with_places(root)[0]


def load_with_places(root: Path, *, keep: bool = True) -> tuple[Library, dict[str, Document]]:
    """The library, and by its path every file of it that could be read.

    `keep`: what is drawn of its logos is kept in `.handouts/`, so that none is drawn twice.
    """
    store = Store(root / ".handouts")
    reader = _Reader(root, Artworks(store, toolchain.digest(), keep=keep))
    entries = _entries(reader)
    found = {*reader.problems, *crosscheck.problems(entries)}
    return _library(entries, tuple(sorted(found))), reader.documents


def _library(entries: Entries, found: tuple[Problem, ...]) -> Library:
    bad = {problem.path for problem in found}

    def whole(named: dict[Any, Entry[T]]) -> dict[Any, T]:
        return {key: entry.value for key, entry in named.items() if entry.document.path not in bad}

    facts = whole({key: files.facts for key, files in entries.treatments.items() if files.facts})

    def one(entry: Entry[T] | None, otherwise: T) -> T:
        return whole({"": entry}).get("", otherwise) if entry else otherwise

    treatments = {
        key: Treatment(key, value, whole(files.words), whole(files.handouts), one(files.topics, {}))
        for key, files in entries.treatments.items()
        if (value := facts.get(key))
    }
    contacts = whole({files.id: files.contact for files in entries.clinics if files.contact})
    liveries = whole({files.id: files.livery for files in entries.clinics if files.livery})
    changes = {files.id: one(files.changes, ()) for files in entries.clinics}
    broken = {f"data/clinics/{key}/wording.yaml" for key in contacts} & bad
    clinics = {
        key: Clinic(key, contact, liveries[key], changes[key], _dress(key, contact, entries))
        for key, contact in contacts.items()
        if key in liveries and f"data/clinics/{key}/wording.yaml" not in broken
    }
    return Library(
        clinics,
        treatments,
        one(entries.sources, {}),
        whole(entries.wording),
        whole(entries.glossaries),
        whole(entries.spellings),
        one(entries.approvals, ()),
        found,
    )


def _dress(name: str, contact: Contact, entries: Entries) -> str:
    """The folder of templates that dresses the clinic's sheets, if there is one."""
    return contact.templates or (name if name in entries.dresses else "")


def _dresses(root: Path) -> frozenset[str]:
    folder = root / "templates/clinics"
    return frozenset(path.name for path in folder.iterdir()) if is_folder(folder) else frozenset()


class _Reader:
    """Reads the files of one library and gathers what is wrong with each on its own."""

    def __init__(self, root: Path, artworks: Artworks) -> None:
        self.root, self.artworks = root, artworks
        self.data = root / "data"
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}

    def name(self, path: Path) -> str:
        """The path as problems give it; bytes that are not text are spelled out."""
        relative = path.relative_to(self.root).as_posix()
        return relative.encode("utf-8", "backslashreplace").decode()

    def blame(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name(path), 1, 1, message))

    def blame_stray(self, path: Path, expected: Collection[str]) -> None:
        meant = explain.did_you_mean(path.name, expected)
        advice = f"did you mean {meant}?" if meant else "remove it"
        self.blame(path, f"nothing here is called {path.name!r}: {advice}")

    def children(self, folder: Path) -> list[Path]:
        """What lies in a folder, in order; none if there is no such folder."""
        try:
            if not is_inside(folder, self.data):
                self.blame(folder, "leads out of the folder data: move it there")
                return []
            return sorted(path for path in folder.iterdir() if not CLUTTER.fullmatch(path.name))
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            self.blame(folder, "is a file, must be a folder")
        except OSError as error:
            self.blame(folder, f"cannot be read: {reason(error)}")
        return []

    def folders(self, parent: Path, pattern: str, *beside: str) -> Iterator[Path]:
        """The folders with a proper name; anything else but `beside` is blamed."""
        for path in self.children(parent):
            if path.name in beside:
                continue
            if not is_folder(path):
                self.blame_stray(path, beside)
            elif not re.fullmatch(pattern, path.name):
                self.blame(path, f"not a folder's name: must be {explain.LOOKS[pattern]}")
            else:
                yield path

    def document(self, path: Path, limit: int) -> tuple[Document | None, tuple[Problem, ...]]:
        try:
            data = read(path, self.data, limit)
        except UnreadableError as error:
            return None, (Problem(self.name(path), 1, 1, error.message),)
        return yamlfile.parse(self.name(path), data)

    def optional(
        self, path: Path, kind: type[T], limit: int = yamlfile.MAX_BYTES
    ) -> Entry[T] | None:
        """As `entry`; but a file need not be there, nor anything but comments in it."""
        if not path.exists() and not path.is_symlink():
            return None
        with suppress(UnreadableError, UnicodeDecodeError):
            text = read(path, self.data, limit).decode()
            if not re.search(r"^[ \t]*[^#\s]", text, re.MULTILINE):
                return None
        return self.entry(path, kind, limit)

    def entry(self, path: Path, kind: type[T], limit: int = yamlfile.MAX_BYTES) -> Entry[T] | None:
        """The file as a value of this kind, with holes where it has problems."""
        document, faults = self.document(path, limit)
        self.problems.extend(faults)
        if document is None:
            return None
        self.documents[document.path] = document
        try:
            value = TypeAdapter(kind).validate_python(document.value)
        except ValidationError as error:
            lines = {fault.line for fault in faults}
            said = explain.problems(error, document, kind)
            self.problems.extend(problem for problem in said if problem.line not in lines)
        else:
            if not faults:
                return Entry(document, value)
        return Entry(document, with_holes(kind, document.doubtful))


def _entries(reader: _Reader) -> Entries:
    data = reader.data
    if not is_folder(data):
        reader.blame(data, "is missing: put the clinics' and treatments' files there")
        return Entries(None, {}, frozenset(), {}, (), {}, {}, frozenset(), None)
    for name in sorted(clinics(reader.root)):
        reader.artworks.ask(brand.files(data / "clinics" / name))
    glossaries = {}
    for path in reader.children(data):
        if found := GLOSSARY.fullmatch(path.name):
            glossaries[found[1]] = path
        elif path.name not in TOP:
            reader.blame_stray(path, (*TOP, "glossary.en.yaml"))
    wording = dict(_files(reader, data / "wording", LANGUAGE_PATTERN))
    spelling = dict(_files(reader, data / "spelling", REGION_PATTERN))
    return Entries(
        reader.entry(data / "sources.yaml", Sources),
        dict(_entries_of(reader, wording, Wording)),
        frozenset(wording),
        {files.id: files for files in _treatments(reader, data / "treatments")},
        tuple(_clinics(reader, data / "clinics")),
        dict(_entries_of(reader, glossaries, Glossary)),
        dict(_entries_of(reader, spelling, Spelling)),
        _dresses(reader.root),
        reader.optional(data / "approvals.yaml", Approvals, MAX_APPROVALS),
    )


def _files(reader: _Reader, folder: Path, pattern: str, *beside: str) -> Iterator[tuple[str, Path]]:
    """The YAML files with a proper name, by their stem; anything else but `beside` is blamed."""
    for path in reader.children(folder):
        if path.name in beside:
            continue
        if path.name.startswith("_"):
            reader.blame_stray(path, beside)
        elif path.suffix != ".yaml":
            reader.blame_stray(path, (*beside, f"{path.stem}.yaml"))
        elif not re.fullmatch(pattern, path.stem):
            reader.blame(path, f"not a file's name: must be {explain.LOOKS[pattern]}")
        else:
            yield path.stem, path


def _entries_of(
    reader: _Reader, paths: dict[str, Path], kind: type[T]
) -> Iterator[tuple[str, Entry[T]]]:
    for name, path in paths.items():
        if entry := reader.entry(path, kind):
            yield name, entry


def _treatments(reader: _Reader, folder: Path) -> Iterator[TreatmentFiles]:
    if not reader.children(folder):
        reader.blame(folder, "holds no treatment: add a folder for each, with its facts.yaml")
    for path in reader.folders(folder, SLUG_PATTERN):
        yield _treatment(reader, path)


def _treatment(reader: _Reader, folder: Path) -> TreatmentFiles:
    languages = list(reader.folders(folder, LANGUAGE_PATTERN, "facts.yaml", "topics.yaml"))
    if not languages:
        reader.blame(folder, "has no handouts: add a folder for each language, such as `en`")
    words: dict[str, Entry[Words]] = {}
    handouts: dict[tuple[str, str], Entry[Handout]] = {}
    present: set[tuple[str, str]] = set()
    for path in languages:
        if entry := reader.entry(path / "_words.yaml", Words):
            words[path.name] = entry
        paths = dict(_files(reader, path, SLUG_PATTERN, "_words.yaml"))
        present.update((path.name, name) for name in paths)
        for name, handout in _entries_of(reader, paths, Handout):
            handouts[path.name, name] = handout
    facts = reader.entry(folder / "facts.yaml", Facts)
    names = frozenset(path.name for path in languages)
    topics = reader.optional(folder / "topics.yaml", Topics)
    return TreatmentFiles(folder.name, facts, names, words, handouts, frozenset(present), topics)


def _clinics(reader: _Reader, folder: Path) -> Iterator[ClinicFiles]:
    if not reader.children(folder):
        reader.blame(folder, "holds no clinic: add a folder for each, with its clinic.yaml")
    for path in reader.folders(folder, SLUG_PATTERN):
        for child in reader.children(path):
            if child.name not in CLINIC and not _is_material(child):
                reader.blame_stray(child, CLINIC)
        contact = reader.entry(path / "clinic.yaml", Contact)
        changes = reader.optional(path / "wording.yaml", Changes)
        yield ClinicFiles(path.name, contact, _livery(reader, path), changes)


def _is_material(path: Path) -> bool:
    """Whether this may be something that a brand file names."""
    return is_folder(path) or path.suffix.lower() in (*logo.KINDS, *brand.FONT_KINDS)


def _livery(reader: _Reader, folder: Path) -> Entry[Livery] | None:
    entry = reader.entry(folder / "_brand.yml", Brand)
    if entry is None:
        return None

    def blame(way: Way, message: str) -> None:
        reader.problems.append(entry.document.problem(way, message))

    livery = brand.livery(folder, entry.value, reader.artworks, blame)
    return Entry(entry.document, livery) if livery else None

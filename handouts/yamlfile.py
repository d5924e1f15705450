"""YAML as people write it: one file's bytes to values that know where they stand."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import yaml

from handouts import unseen
from handouts.errors import Problem

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
MAX_FAULTS = 100
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    r"\ufeff\ufffe\uffff]|\r(?!\n)"
)
"""Characters that nobody sees; some turn text around, some YAML counts as the end of a line."""

OTHERS = "_brand.yml"
"""A file in which other programs keep texts too, and not all of them for people to read."""

UNREAD = ...
"""Stands for a key or value that was refused: nothing takes it for what it asked for."""

Way = tuple[str | int, ...]
Place = tuple[int, int]


class _UnreadableError(Exception):
    """Nothing after this place can be read."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(place, message)
        self.place = place
        self.message = message


@dataclass(frozen=True)
class Node:
    """A value as written: where it stands, the nodes of what is in it, and if it lost a key."""

    value: Any
    start: int
    end: int
    place: Place
    keys: dict[str, "Node"] = field(default_factory=dict)
    items: dict[str | int, "Node"] = field(default_factory=dict)
    lost: bool = False


@dataclass(frozen=True)
class Document:
    """One YAML file that could be read; where things stand in it is found out when asked for."""

    path: str
    text: str
    value: Any

    @cached_property
    def root(self) -> Node:
        return _Reader(self.text, []).document()

    @property
    def doubtful(self) -> Any:
        """The value, with `UNREAD` among the keys wherever a key was refused."""
        return _doubtful(self.root)

    def at(self, way: Way) -> Any:
        """The value at the end of the way, or the deepest value on the way to it."""
        value = self.value
        for step in way:
            held = dict(enumerate(value)) if isinstance(value, list) else value
            if isinstance(held, dict) and step in held:
                value = held[step]
        return value

    def place(self, way: Way) -> Place:
        """Where the value stands, or the deepest value on the way to it."""
        return self._node(way).place

    def end(self, way: Way) -> int:
        """The index in the text just after the value."""
        return self._node(way).end

    def key_place(self, way: Way) -> Place:
        """Where the key of the value stands."""
        key = self._node(way[:-1]).keys.get(str(way[-1]))
        return key.place if key else self.place(way)

    def text_place(self, way: Way, words: str) -> Place:
        """Where these words stand inside the value, as far as they stand there as such."""
        node = self._node(way)
        index = self.text.find(words, node.start, node.end)
        return node.place if index < 0 else _place(self.text, index)

    def is_text(self, line: int, column: int) -> bool:
        """Whether this place lies inside a text, where `#` begins no comment."""
        index = sum(len(each) + 1 for each in self.text.split("\n")[: line - 1]) + column - 1
        return any(node.start <= index < node.end for node in _texts(self.root))

    def problem(self, way: Way, message: str) -> Problem:
        return Problem(self.path, *self.place(way), message)

    def key_problem(self, way: Way, message: str) -> Problem:
        return Problem(self.path, *self.key_place(way), message)

    def name(self, way: Way) -> str:
        """The keys on the way, dotted, as far as the file has them."""
        return ".".join(step for step, _ in self._walk(way) if isinstance(step, str))

    def _node(self, way: Way) -> Node:
        return [self.root, *(node for _, node in self._walk(way))][-1]

    def _walk(self, way: Way) -> Iterator[tuple[str | int, Node]]:
        """Steps that the file does not have, such as the tag of a union, are passed over."""
        node = self.root
        for step in way:
            if step in node.items:
                node = node.items[step]
                yield step, node


Parsed = tuple[Document | None, tuple[Problem, ...]]

_LATEST: dict[str, tuple[str, Parsed]] = {}
"""What each file held when it was last read, with the digest of its bytes: most files stay as
they are from one reading to the next."""


def parse(path: str, data: bytes) -> Parsed:
    """The document that these bytes hold, if any, and all that is wrong with its YAML."""
    digest = sha256(data).hexdigest()
    known, parsed = _LATEST.get(path, (None, None))
    if parsed is None or known != digest:
        parsed = _parse(path, data)
        _LATEST[path] = digest, parsed
    return parsed


def remembered(paths: Iterable[str]) -> str:
    """The values of those of these files that were read and have no faults, to be recalled."""
    values = {}
    for path in sorted(paths):
        digest, (document, problems) = _LATEST[path]
        if document and not problems:
            values[path] = [digest, document.text, document.value]
    return json.dumps(values, ensure_ascii=False)


def recall(values: str) -> None:
    """Take up what another process remembered: files with the same bytes need not be parsed."""
    for path, (digest, text, value) in json.loads(values).items():
        _LATEST.setdefault(path, (digest, (Document(path, text, value), ())))


def _parse(path: str, data: bytes) -> Parsed:
    faults: list[tuple[Place, str]] = []
    document = None
    try:
        text = _text(data)
        root = _Reader(text, faults, told=not path.endswith(OTHERS)).document()
        document = Document(path, text, root.value)
        document.__dict__["root"] = root  # so that it is not found out again
    except _UnreadableError as error:
        if not any(place[0] == error.place[0] for place, _ in faults):
            faults.append((error.place, error.message))
    return document, tuple(Problem(path, *place, message) for place, message in faults)


def _texts(node: Node) -> Iterator[Node]:
    if not node.items and isinstance(node.value, str):
        yield node
    for inner in node.items.values():
        yield from _texts(inner)


def written(value: Any) -> str:
    """The value as YAML that `parse` reads back as it was."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)


def _doubtful(node: Node) -> Any:
    if isinstance(node.value, list):
        return [_doubtful(item) for item in node.items.values()]
    if isinstance(node.value, dict):
        known: dict[Any, Any] = {key: _doubtful(item) for key, item in node.items.items()}
        return {**known, UNREAD: UNREAD} if node.lost else known
    return node.value


def _place(text: str, index: int) -> Place:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        place = _place(before, len(before))
        raise _UnreadableError(place, "not UTF-8 text: save the file as UTF-8") from None
    if found := HIDDEN.search(text):
        raise _UnreadableError(_place(text, found.start()), _hidden(found.group()))
    return text


def _hidden(character: str) -> str:
    return f"a hidden character ({unseen.named(character)}): delete it and type the text again"


class _Reader:
    """Builds the nodes of one text from the parser's events, never deeper than `MAX_DEPTH`."""

    def __init__(self, text: str, faults: list[tuple[Place, str]], *, told: bool = True) -> None:
        self.text = text
        self.faults = faults
        self._told = told
        self._events = self._parsed()

    def _parsed(self) -> Iterator[Any]:
        loader = LOADER(self.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        except yaml.MarkedYAMLError as error:
            raise _broken(self.text, error) from None
        except (yaml.YAMLError, ValueError, OverflowError):
            raise _UnreadableError((1, 1), "this is not YAML") from None
        finally:
            loader.dispose()

    def _fault(self, event: Any, message: str, place: Place | None = None) -> None:
        """Takes down what is wrong at an event's place, or at this one."""
        if len(self.faults) == MAX_FAULTS:
            raise _UnreadableError(self._at(event), "and more: mend the ones above first")
        self.faults.append((place or self._at(event), message))

    def _at(self, event: Any) -> Place:
        return event.start_mark.line + 1, event.start_mark.column + 1

    def document(self) -> Node:
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise _UnreadableError((1, 1), "the file is empty: write it or delete it")
        root = self._node(next(self._events), 1)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._fault(after, "a second document begins here: remove the line `---`")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _UnreadableError(self._at(event), f"more than {MAX_DEPTH} levels deep")
        self._refuse(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._scalar(event)

    def _refuse(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(
                event,
                f"`*{event.anchor}` points to another place: write it out here, "
                "or put text that begins with * in quotes",
            )
        elif event.anchor:
            self._fault(
                event,
                f"`&{event.anchor}` names this place for use elsewhere: remove it, "
                "or put text that begins with & in quotes",
            )
        if getattr(event, "tag", None):
            self._fault(event, "a tag (!) cannot be used: put text that begins with ! in quotes")

    def _mapping(self, event: Any, depth: int) -> Node:
        keys: dict[str, Node] = {}
        items: dict[str | int, Node] = {}
        lost = False
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            key = self._node(inner, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if self._is_new_key(inner, key, keys):
                keys[key.value] = key
                items[key.value] = value
            else:
                lost = True
        held = {name: items[name].value for name in keys}
        return self._whole(event, inner, held, keys, items, lost)

    def _is_new_key(self, event: Any, key: Node, keys: dict[str, Node]) -> bool:
        if not isinstance(key.value, str):
            written = self.text[key.start : key.end].strip()[:40] or "nothing"
            self._fault(event, f"a key must be text, found {written}: put it in quotes")
        elif key.value == "<<" and not event.style:
            self._fault(event, "`<<` cannot be used here: write the lines out")
        elif key.value in keys:
            first = keys[key.value].place[0]
            self._fault(event, f"`{key.value}` stands twice, first on line {first}: keep one")
        else:
            return True
        return False

    def _sequence(self, event: Any, depth: int) -> Node:
        items: dict[str | int, Node] = {}
        while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
            items[len(items)] = self._node(inner, depth + 1)
        return self._whole(event, inner, [item.value for item in items.values()], {}, items)

    def _whole(self, first: Any, last: Any, value: Any, *inner: Any) -> Node:
        start, end = first.start_mark.index, last.end_mark.index
        return Node(value, start, end, self._at(first), *inner)

    def _scalar(self, event: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._whole(event, event, UNREAD)
        if event.style and (found := HIDDEN.search(event.value)):
            self._fault(event, _hidden(found.group()))
        elif fault := next(unseen.faults(event.value, told=self._told), None):
            index, message = fault
            self._fault(event, message, self._spot(event, index))
        if event.style:
            return self._whole(event, event, event.value)
        if unseen.is_quoted(event.value):
            self._fault(event, f"{event.value} {CURLY}")
        return self._whole(event, event, _plain(event.value))

    def _spot(self, event: Any, index: int) -> Place | None:
        """Where the character at this index of a text stands in the file, if it is no escape."""
        text, start, end = event.value, event.start_mark.index, event.end_mark.index
        character = text[index : index + 1]
        for _ in range(text.count(character, 0, index) + 1):
            start = self.text.find(character, start, end) + 1
            if not start:
                return None
        return _place(self.text, start - 1)


def _plain(text: str) -> Any:
    """What text without quotes means: YAML's own guesses lose digits and answers."""
    if NUMBER.fullmatch(text):
        return int(text)
    return WORDS.get(text, text)


CURLY = (
    "has curly quotes round it: use straight ones or none; "
    "if they are to be printed, put straight ones round all of it"
)
ESCAPE = "in double quotes `\\` begins an escape: use single quotes, or write `\\\\`"
BROKEN = (
    ("end of stream", "this quote is never closed: add the closing quote"),
    ("scanning an alias", "text begins with *: put it in quotes"),
    ("scanning an anchor", "text begins with &: put it in quotes"),
    ("block scalar", "nothing can follow | or > on its line: go on in the next line, moved in"),
    ("could not find expected ':'", "not a `key: value` line: add the key, or move the text in"),
    ("escape", ESCAPE),
    ("expected hexdecimal", ESCAPE),
    ("sequence entries", "a list begins on a line of its own: start a new line with `- `"),
    ("'-' indicator", "not part of the list above: start the line with `- ` or move it in"),
    ("flow sequence", "[ ] is not closed or lacks a comma: put text that begins with [ in quotes"),
    ("flow mapping", "{ } is not closed or lacks a comma: put text that begins with { in quotes"),
    ("flow node", "[ ] or { } is not closed: put text that begins with [ or { in quotes"),
)  # fmt: skip
AFTER = {
    '"': "text goes on after the closing quote: put all of it between the quotes",
    "'": "text goes on after the closing quote: write '' for each ' inside the quotes",
    "}": "text begins with {: put it in quotes",
    "]": "text begins with [: put it in quotes",
}
"""What went wrong when a line breaks off after this character."""

OTHERWISE = "this line does not fit the ones above: mend the spaces at its start"

BEGINNINGS = ("alias", "anchor", "block scalar", "simple key", "end of stream", "flow")
"""Faults whose place is where the trouble began, not where it was noticed."""


def _broken(text: str, error: yaml.MarkedYAMLError) -> _UnreadableError:
    said = f"{error.context} {error.problem}"
    began = any(word in said for word in BEGINNINGS)
    mark = (error.context_mark if began else None) or error.problem_mark
    index = min(mark.index, len(text.rstrip())) if mark else 0
    message = _plainly(said, text[:index], text[index : index + 1])
    return _UnreadableError(_place(text, index), message)


def _plainly(said: str, before: str, first: str) -> str:
    """What to do about what the parser said, given the text before and the first character."""
    line = before.rpartition("\n")[2].rstrip()
    if "mapping values" in said:
        advice = "" if ": " in line else "; or mend the line above: its colon, quotes or spaces"
        return f"`: ` inside text: put the text in quotes{advice}"
    if "cannot start any token" in said:
        return "a tab: use spaces" if first == "\t" else f"text begins with {first}: use quotes"
    known = next((message for words, message in BROKEN if words in said), None)
    return known or AFTER.get(line[-1:], OTHERWISE)

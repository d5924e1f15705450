"""What can go wrong, in words that the person at the keyboard can act on."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in the library, with its place (`path` relative to the root).

    `rule`: which rule says so. A `warning` stands in nothing's way; a `note`, which is one too,
    only says what the program has made of something.
    """

    path: str
    line: int
    column: int
    message: str
    rule: str = "data"
    warning: bool = False
    note: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"

    def told(self) -> str:
        """With the rule's name, by which it can be looked up or silenced."""
        kind = "note: " if self.note else "warning: " if self.warning else ""
        return f"{self.path}:{self.line}:{self.column}: {kind}{self.message} [{self.rule}]"


class HandoutsError(Exception):
    """The root of all errors that a user can mend; its text is the whole message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TemplateError(HandoutsError):
    """A template could not be filled; the message names the template and its line."""


class LayoutError(HandoutsError):
    """A sheet could not be laid out as it must be."""


class FitError(LayoutError):
    """A piece of stationery is larger than the slot that takes it."""

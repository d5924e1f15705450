"""The structure tree, where it says something else than the page."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary


def join_lists(document: pikepdf.Pdf) -> None:
    """A list in columns is one list: WeasyPrint has one in it for each column."""
    for element in list(_elements(document.Root.StructTreeRoot.K[0])):
        kids = list(element.get("/K", ())) if isinstance(element.get("/K"), Array) else []
        if element.S == "/L" and kids and all(_is_list(kid) for kid in kids):
            items = [item for kid in kids for item in kid.K]
            for item in items:
                item.P = element
            element.K = Array(items)


def _is_list(kid: Any) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/S") == "/L"


def _elements(element: Any) -> Iterator[Any]:
    yield element
    kids = element.get("/K", ())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from _elements(kid)

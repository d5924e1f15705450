"""A booklet's pages set in pairs on sheets of paper, to be printed on both sides and folded."""

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

Pair = tuple[int | None, int | None]

Places = dict[Any, tuple[Any, Any, float]]
"""Where each page now stands: on which side of paper, as which form, and how far from its left."""


def pairs(pages: int, *, mirrored: bool = False) -> Iterator[Pair]:
    """The pages, counted from 0, on the left and the right of each side of paper; None is blank.

    `mirrored`: of a booklet that is read from right to left.
    """
    whole = -(-pages // 4) * 4
    for side in range(whole // 2):
        outer, inner = whole - 1 - side, side
        left, right = (outer, inner) if side % 2 == 0 else (inner, outer)
        both = (right, left) if mirrored else (left, right)
        yield tuple(page if page < pages else None for page in both)  # type: ignore[misc]


def fold(document: pikepdf.Pdf, *, mirrored: bool = False) -> None:
    """Put the document's pages in pairs; what a screen reader hears stays in its order."""
    pages: list[Any] = list(document.pages)
    width, height = (float(pages[0].mediabox[side]) for side in (2, 3))
    placed: Places = {}
    for pair in pairs(len(pages), mirrored=mirrored):
        side = document.add_blank_page(page_size=(2 * width, height))
        drawn = [
            _put(document, side, pages[number], half * width, placed)
            for half, number in enumerate(pair)
            if number is not None
        ]
        side.obj.Contents = document.make_stream(b"".join(drawn) or b"\n")
    _rebind(document, placed)
    del document.pages[: len(pages)]


def _put(document: pikepdf.Pdf, side: Any, page: Any, left: float, placed: Places) -> bytes:
    """A page on one half of a side, as a form that keeps its marked content: how it is drawn."""
    form = document.make_indirect(page.as_form_xobject())
    form.StructParents = page.obj.StructParents
    placed[page.objgen] = (side.obj, form, left)
    name = side.add_resource(form, Name.XObject, Name("/Right" if left else "/Left"))
    for note in page.obj.get("/Annots", ()):
        note.Rect = Array(
            [float(value) + left * (at % 2 == 0) for at, value in enumerate(note.Rect)]
        )
        note.P = side.obj
        side.obj.Annots = Array([*side.obj.get("/Annots", ()), note])
    side.obj.Tabs = Name.S
    return f"q 1 0 0 1 {left:.4f} 0 cm {name} Do Q\n".encode()


def _rebind(document: pikepdf.Pdf, placed: Places) -> None:
    """Tell everything that named a page on which side and where it now stands."""
    for item in document.objects:
        if not isinstance(item, Dictionary):
            continue
        if item.get("/Type") == "/StructElem" and "/Pg" in item:
            _rebind_element(item, placed)
        if isinstance(item.get("/Dest"), Array):
            _rebind_target(item.Dest, placed)
    for target in _named_targets(document):
        _rebind_target(target, placed)


def _rebind_element(element: Any, placed: Places) -> None:
    side, form, _ = placed[element.Pg.objgen]
    element.Pg = side
    kids = element.get("/K")
    if kids is None:
        return
    listed = list(kids) if isinstance(kids, Array) else [kids]
    element.K = Array([_content(kid, side, form) for kid in listed])


def _content(kid: Any, side: Any, form: Any) -> Any:
    """A piece of marked content by the form that it is in; anything else as it is."""
    if isinstance(kid, int):
        return Dictionary(Type=Name.MCR, Pg=side, Stm=form, MCID=kid)
    if isinstance(kid, Dictionary) and kid.get("/Type") in ("/OBJR", "/MCR"):
        kid.Pg = side
        if kid.Type == "/MCR":
            kid.Stm = form
    return kid


def _named_targets(document: pikepdf.Pdf) -> Iterator[Any]:
    names = document.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", ())
    for item in names:
        if isinstance(item, Array):
            yield item


def _rebind_target(target: Any, placed: Places) -> None:
    if isinstance(target[0], Dictionary) and target[0].objgen in placed:
        side, _, left = placed[target[0].objgen]
        target[0] = side
        if len(target) > 2 and target[1] == "/XYZ":
            target[2] = float(target[2]) + left

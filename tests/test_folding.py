"""A booklet's pages come out in order once it is folded, and are read in order before."""

import re
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest

from handouts import overprint
from handouts.build import imprint
from handouts.compose import Composer
from handouts.folding import fold, pairs
from handouts.layouts import Job, lay_out
from handouts.load import load
from handouts.overprint import Plate
from handouts.plan import Edition, Selection, plan
from handouts.sheet import SETS, size

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("pages", "mirrored", "expected"),
    [
        (4, False, [(3, 0), (1, 2)]),
        (4, True, [(0, 3), (2, 1)]),
        (1, False, [(None, 0), (None, None)]),
        (6, False, [(None, 0), (1, None), (5, 2), (3, 4)]),
    ],
)
def test_pages_are_paired_for_folding(
    pages: int, mirrored: bool, expected: list[tuple[int | None, int | None]]
) -> None:
    assert list(pairs(pages, mirrored=mirrored)) == expected


@pytest.fixture(scope="module")
def edition() -> Edition:
    wanted = Selection(("rosewater",), (), ("about",), (), ("booklet",))
    return plan(load(ROOT), wanted).editions[0]


@pytest.fixture(scope="module")
def booklet(edition: Edition) -> bytes:
    composer, body = Composer(ROOT), edition.body
    plate = lay_out(Job(composer.sheet(body)))
    assert isinstance(plate, Plate)
    says = edition.clinic, body.language, body.wording
    how = {"layout": body.layout, "page": edition.page}
    sets = [lay_out(Job(*composer.stationery(*says, slots, **how))) for slots in SETS]
    return overprint.overprint(plate, overprint.gathered(sets, plate), imprint(edition))


def test_a_booklet_is_printed_on_the_clinics_paper_turned(booklet: bytes) -> None:
    with pikepdf.open(BytesIO(booklet)) as document:
        paper = [round(float(side) / 72 * 25.4) for side in document.pages[0].mediabox[2:]]
        assert paper == [297, 210]
        assert len(document.pages) % 2 == 0
    assert (size("letter", "booklet").width * 2, size("letter", "booklet").height) == (279.4, 215.9)


def test_each_side_shows_the_two_pages_that_meet_there(booklet: bytes) -> None:
    sides = [side.get_textpage() for side in pypdfium2.PdfDocument(booklet)]
    numbers = []
    for side in sides:
        middle = 297 / 2 * 72 / 25.4
        for left, right in ((0, middle), (middle, 2 * middle)):
            words = side.get_text_bounded(left=left, right=right)
            found = re.search(r"Page (\d+) of \d+", words)
            numbers.append(int(found[1]) if found else 0)
    pages = max(numbers)
    flat = [page or -1 for pair in pairs(pages) for page in map(_counted, pair)]
    assert [number or -1 for number in numbers] == flat


def _counted(number: int | None) -> int:
    return 0 if number is None else number + 1


def test_a_booklet_is_valid_pdf_ua_and_read_in_order(booklet: bytes) -> None:
    report = page.validate_pdf_bytes(booklet, profile="ua1")
    assert [failure.message for failure in report.failures] == []
    texts = [side.get_textpage() for side in pypdfium2.PdfDocument(booklet)]
    middle = 297 / 2 * 72 / 25.4
    with pikepdf.open(BytesIO(booklet)) as document:
        sides = [each.objgen for each in document.pages]
        found = [
            (str(item.Title), sides.index(item.Dest[0].objgen), float(item.Dest[2]))
            for item in _outline(document.Root.Outlines)
        ]
    assert [title for title, *_ in found[:2]] == ["About microneedling", "What it is"]
    assert {left > middle for *_, left in found} == {False, True}
    for title, side, left in found:
        start = middle if left > middle else 0
        half = texts[side].get_text_bounded(left=start, right=start + middle)
        assert title in " ".join(half.split())


def test_a_link_stays_upon_its_words() -> None:
    with pikepdf.new() as document:
        for number in range(4):
            document.add_blank_page(page_size=(400, 600))
            document.pages[number].obj.StructParents = number
            note = pikepdf.Dictionary(Rect=[number, 20, 30, 40])
            document.pages[number].obj.Annots = pikepdf.Array([document.make_indirect(note)])
        fold(document)
        places = [
            [[float(value) for value in note.Rect] for note in side.obj.Annots]
            for side in document.pages
        ]
    assert places == [
        [[3, 20, 30, 40], [400, 20, 430, 40]],
        [[1, 20, 30, 40], [402, 20, 430, 40]],
    ]


def _outline(item: pikepdf.Object) -> list[pikepdf.Object]:
    found = []
    child = item.get("/First")
    while child is not None:
        found += [child, *_outline(child)]
        child = child.get("/Next")
    return found

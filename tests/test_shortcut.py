"""The shortcut equals the long way: overprinting shows what laying out with the brand shows."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from handouts import render
from handouts.build import imprint
from handouts.compose import Composer
from handouts.folding import fold
from handouts.gallery import KEYS
from handouts.layouts import Job, lay_out
from handouts.letters import spell_out
from handouts.load import load
from handouts.model import PhoneLine, Style
from handouts.overprint import gathered, overprint
from handouts.plan import Edition, Selection, plan
from handouts.prepress import place_logos
from handouts.sheet import SETS
from handouts.tracing import made
from tests.benchmarks.inline import inline

ROOT = Path(__file__).parents[1]
COMPOSER = Composer(ROOT)
EDITIONS = plan(load(ROOT), Selection()).editions


def shortcut(edition: Edition) -> bytes:
    body = edition.body
    plate = lay_out(Job(COMPOSER.sheet(body)))
    how: dict[str, Any] = {"layout": body.layout, "mono": edition.mono, "page": edition.page}
    sets = [
        lay_out(
            Job(*COMPOSER.stationery(edition.clinic, body.language, body.wording, slots, **how))
        )
        for slots in SETS
        if edition.page or slots != ("web",)
    ]
    return overprint(plate, gathered(sets, plate), imprint(edition))


def long_way(edition: Edition) -> bytes:
    """The edition laid out with its brand inline: no slots, plain colours.

    Its letters are told apart as a plate's are: PDFium rounds to whole dots where a letter begins,
    and a hundred-thousandth of a point may change which one that is.
    """
    sheet = inline(edition, COMPOSER)
    with pikepdf.open(BytesIO(render.lay_out(sheet).pdf)) as document:
        place_logos(document, sheet.logos)
        spell_out(document)
        if sheet.folds:
            fold(document, mirrored=sheet.direction == "rtl")
        held = BytesIO()
        document.save(held)
    return held.getvalue()


def random_brand(edition: Edition, seed: int) -> Edition:
    dice = random.Random(seed)  # noqa: S311
    color = lambda: "#" + "".join(f"{dice.randrange(256):02x}" for _ in range(3))  # noqa: E731
    width, height = dice.choice([(400, 60), (60, 400), (200, 200), (300, 200)])
    logo = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" '
        f'fill="{color()}"/><circle cx="30" cy="30" r="25" fill="{color()}"/></svg>'
    )
    words = ["Harbour", "Skin", "Laser", "Clinic", "and", "Centre", "North", "Dermatology"]
    name = " ".join(dice.sample(words, 4))
    phones = tuple(
        PhoneLine(number=f"020 7946 0{dice.randrange(100, 999)}")
        for _ in range(dice.randrange(1, 4))
    )
    contact = edition.clinic.contact.model_copy(update={"name": name, "phone": phones})
    style = Style(**{key: dice.choice(values) for key, values in KEYS.items()})
    livery = replace(
        edition.clinic.livery,
        logo=made("logo.svg", logo.encode()),
        primary=color(),
        accent=color(),
        style=style,
    )
    clinic = replace(
        edition.clinic,
        contact=contact,
        livery=livery,
    )
    return replace(edition, clinic=clinic)


def pages(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=1.4).to_pil().convert("RGB") for page in document]


def difference(one: bytes, other: bytes) -> float:
    """The largest share of pixels, on any page, that a person could tell apart."""
    left, right = pages(one), pages(other)
    assert len(left) == len(right)
    shares = []
    for a, b in zip(left, right, strict=True):
        channels = ImageChops.difference(a, b).split()
        worst = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
        visible = sum(worst.histogram()[3:])
        shares.append(visible / (a.width * a.height))
    return max(shares)


@pytest.mark.parametrize("seed", range(9))
def test_an_overprinted_sheet_looks_like_one_laid_out_with_its_brand(seed):
    edition = random_brand(EDITIONS[seed % len(EDITIONS)], seed)
    assert difference(shortcut(edition), long_way(edition)) < 0.00002


def kinds() -> dict[str, Edition]:
    """A short sheet in each language, layout and ink, the letterheads going round."""
    found: dict[tuple[str, str], Edition] = {}
    for edition in EDITIONS:
        if edition.handout in ("aftercare", "about" if edition.body.layout == "booklet" else ""):
            found.setdefault((edition.body.language, edition.format), edition)
    return {" ".join(kind): edition for kind, edition in found.items()}


KINDS = kinds()
LETTERHEADS = KEYS["letterhead"]


@pytest.mark.parametrize("letterhead", LETTERHEADS)
@pytest.mark.parametrize("kind", KINDS)
def test_so_it_does_in_every_language_layout_and_letterhead(kind: str, letterhead: str) -> None:
    edition = random_brand(KINDS[kind], LETTERHEADS.index(letterhead))
    livery = edition.clinic.livery
    style = livery.style.model_copy(update={"letterhead": letterhead})
    lines = KINDS[kind].clinic.contact.phone
    phones = tuple(PhoneLine(number=line.number) for line in lines)
    contact = edition.clinic.contact.model_copy(
        update={"names": {}, "phone": phones, "address": ("7 Quay Road", "Bristol")}
    )
    clinic = replace(edition.clinic, livery=replace(livery, style=style), contact=contact)
    edition = replace(edition, clinic=clinic)
    assert difference(shortcut(edition), long_way(edition)) < 0.00002


@pytest.mark.parametrize("seed", range(3))
def test_slots_are_read_out_as_the_words_that_they_show(seed):
    edition = random_brand(EDITIONS[seed], seed)
    readings = list(read_out(shortcut(edition)))
    assert len(readings) == (2 if edition.handout == "consent" else 1)
    shown = "\n".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(long_way(edition))
    )
    for reading in readings:
        assert [line for line in reading.split(". ") if not is_in(line, shown)] == []
    contact = edition.clinic.contact
    name = contact.name_in(edition.body.language)
    told = [name, *(line.number for line in contact.phone), contact.out_of_hours.number]
    assert any(all(words in reading for words in told) for reading in readings)


def read_out(pdf: bytes) -> Iterator[str]:
    """What stands in for the slots in the structure; no figure of a slot may be left."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem":
                assert not str(item.get("/Alt", "")).startswith("slot:")
                if "/ActualText" in item:
                    assert item.S == "/P"
                    yield str(item.ActualText)


def is_in(line: str, shown: str) -> bool:
    """Whether the words are shown; of Arabic, whether its letters are: their order gets lost."""
    if re.search(r"[\u0600-\u06ff]", line):
        return Counter(squeezed(line)) <= Counter(shown)
    return squeezed(line) in squeezed(shown)


def squeezed(text: str) -> str:
    return "".join(text.split())

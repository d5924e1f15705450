"""A contact sheet of every shipped page in every letterhead and format, to be looked at.

.venv/bin/python -m tests.contact DIR
"""

import argparse
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

from handouts.build import How
from handouts.formats import FORMATS
from handouts.gallery import KEYS
from handouts.load import load_with_places
from handouts.model import Clinic
from handouts.plan import Edition, Plan, Selection, plan
from handouts.proofs import make

ROOT = Path(__file__).parents[1]
LETTERHEADS = KEYS["letterhead"]
ACROSS, SCALE, GAP = 9, 0.42, 8


def dressed(edition: Edition, letterhead: str) -> Edition:
    """The edition with another letterhead, in a folder of its own."""
    clinic: Clinic = edition.clinic
    style = clinic.livery.style.model_copy(update={"letterhead": letterhead})
    livery = replace(clinic.livery, style=style)
    return replace(edition, clinic=replace(clinic, id=f"{clinic.id}-{letterhead}", livery=livery))


def sheet(pdfs: list[Path]) -> Image.Image:
    """All pages of the PDFs, from left to right and from top to bottom."""
    pages = [
        page.render(scale=SCALE).to_pil().convert("RGB")
        for pdf in pdfs
        for page in pypdfium2.PdfDocument(pdf)
    ]
    width, height = (
        max(page.width for page in pages) + GAP,
        max(page.height for page in pages) + GAP,
    )
    rows = math.ceil(len(pages) / ACROSS)
    canvas = Image.new("RGB", (width * min(ACROSS, len(pages)), height * rows), (128, 128, 128))
    for number, page in enumerate(pages):
        canvas.paste(page, (number % ACROSS * width, number // ACROSS * height))
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.contact", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    library, documents = load_with_places(ROOT)
    editions = plan(library, Selection(formats=FORMATS), date.today()).editions
    todo = Plan(tuple(dressed(each, name) for name in LETTERHEADS for each in editions))
    report = make(todo, ROOT, folder / "pdf", How(jobs=2), documents)
    for complaint in report.complaints():
        print(complaint)
    packs: dict[str, list[Path]] = {}
    for each in todo.editions:
        if (folder / "pdf" / each.path).is_file():
            name = f"{each.clinic.id}-{each.body.language}-{each.format}"
            packs.setdefault(name, []).append(folder / "pdf" / each.path)
    for name, pdfs in packs.items():
        sheet(pdfs).save(folder / f"{name}.png")
    print(f"{len(todo.editions)} PDFs on {len(packs)} contact sheets: {folder}")


if __name__ == "__main__":
    main()

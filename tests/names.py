"""The picture of names in data/BRANDING.md, drawn from letterheads of the small library.

.venv/bin/python -m tests.names
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image

from tests.program import run
from tests.small import FILES, SVG, R, make_library

PICTURE = Path(__file__).parents[1] / "docs/pictures/names.png"
NAMES = (
    "Przychodnia Skóry Źdźbło Łódź",
    "Clinig Croen Tŷ Gŵyr, Dŵr",
    "Whare Kiri o te Tōtara",
    "DİYARBAKIR Cilt Kliniği",
    "Phòng khám Da liễu Nguyễn Ước",
    "Ilé Ìwòsàn Awọ Ọ̀ṣun Ẹ̀gbẹ́",
)
"""In Polish, Welsh, Māori, Turkish, Vietnamese and Yoruba."""

SCALE, HEAD = 1.53, (60, 40, 620, 130)
"""Pixels to the pt, and the part of a page that is shown, in pixels."""


def main() -> None:
    with TemporaryDirectory() as folder:
        root = make_library(Path(folder))
        for number, name in enumerate(NAMES):
            clinic = root / f"data/clinics/named-{number}"
            clinic.mkdir()
            contact = str(FILES[f"{R}/clinic.yaml"]).replace("Rosewater Clinic", name)
            (clinic / "clinic.yaml").write_text(contact, "utf-8")
            (clinic / "_brand.yml").write_text(str(FILES[f"{R}/_brand.yml"]), "utf-8")
            (clinic / "logo.svg").write_text(SVG, "utf-8")
        run("build", "-q", "-j", 1, "-H", "aftercare", "--root", root)
        pages = [
            pypdfium2.PdfDocument(root / f"output/named-{number}/en/tiny-aftercare.pdf")[0]
            for number in range(len(NAMES))
        ]
        heads = [page.render(scale=SCALE).to_pil().convert("RGB").crop(HEAD) for page in pages]
    picture = Image.new("RGB", (heads[0].width, sum(head.height for head in heads)))
    for number, head in enumerate(heads):
        picture.paste(head, (0, number * head.height))
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    picture.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()

"""What others make of a PDF: printers, print shops, viewers, and whoever gets half of it."""

import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from tests.program import run
from tests.small import EN, FILES, WORDING, H, make_library

CLINIC = "harbor"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic's sheets in every format, one of them read from right to left."""
    contact = str(FILES[f"{H}/clinic.yaml"]).replace("languages: [en]", "languages: [en, ar]")
    contact = re.sub(r"hours: (.+)", r"hours: {en: \1, ar: \1}", contact)
    contact = re.sub(r"when: (.+)", r"when: {en: \1, ar: \1}", contact)
    contact = re.sub(r"label: (.+)", r"label: {en: \1, ar: \1}", contact)
    contact = contact.replace("record_number: MRN", "record_number: {en: MRN, ar: MRN}")
    contact = contact.replace("price: $150", "price: {en: $150, ar: $150}")
    risks = str(FILES[f"{EN}/risks.yaml"])
    right = WORDING.replace("direction: ltr", "direction: rtl")
    root = make_library(
        tmp_path_factory.mktemp("made"),
        {
            f"{H}/clinic.yaml": contact + "formats: [standard, mono, large-print, booklet]\n",
            f"{EN}/risks.yaml": risks.replace("blocks:", "booklet: true\nblocks:", 1),
            "data/wording/ar.yaml": right,
            **{
                name.replace("/en/", "/ar/"): str(text).replace(
                    "version: 1.", "follows: '1.0'\nversion: 1."
                )
                for name, text in FILES.items()
                if name.startswith(EN)
            },
        },
    )
    done = run("build", CLINIC, "-j", 1, "-H", "risks", "--root", root)
    assert done.exit_code == 0, done.output
    return root / "output" / CLINIC


def opened(made: Path, name: str) -> pikepdf.Pdf:
    return pikepdf.open(made / name)


PRINTED = {
    "en/tiny-risks.pdf": "/DuplexFlipLongEdge",
    "en/tiny-risks-mono.pdf": "/DuplexFlipLongEdge",
    "en/tiny-risks-booklet.pdf": "/DuplexFlipShortEdge",
    "ar/tiny-risks.pdf": "/DuplexFlipLongEdge",
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_pdf_says_how_it_is_printed(name: str, made: Path) -> None:
    with opened(made, name) as document:
        said: Any = document.Root.ViewerPreferences
        assert said.PrintScaling == "/None"
        assert said.Duplex == PRINTED[name]
        assert said.PickTrayByPDFSize is True
        assert said.DisplayDocTitle is True
        assert "/Direction" not in said


def test_latin_words_on_a_page_from_right_to_left_are_copied_in_order(made: Path) -> None:
    text = pypdfium2.PdfDocument(made / "ar/tiny-risks.pdf")[0].get_textpage().get_text_bounded()
    assert "Harbor Skin" in text
    assert "harbor.example/skin" in text


def test_formats_are_told_apart_by_title_and_identifier(made: Path) -> None:
    found = {}
    for end in ("", "-mono", "-large-print", "-booklet"):
        with opened(made, f"en/tiny-risks{end}.pdf") as document:
            metadata = document.Root.Metadata.read_bytes().decode()
            identifier = re.search("<dc:identifier>(.*)</dc:identifier>", metadata)
            assert identifier
            found[identifier[1]] = str(document.docinfo.Title)
            assert "<xmpMM:VersionID>1.0</xmpMM:VersionID>" in metadata
            assert f"draft, {end.removeprefix('-') or 'standard'}" in metadata
    plain = "Tiny treatment: Risks of tiny treatment – Harbor Skin"
    assert found == {
        "TT-RISKS-EN": plain,
        "TT-RISKS-EN-MONO": f"{plain} (black and grey)",
        "TT-RISKS-EN-LARGE-PRINT": f"{plain} (large print)",
        "TT-RISKS-EN-BOOKLET": f"{plain} (booklet)",
    }


def colours(document: pikepdf.Pdf) -> set[str]:
    """The colour spaces that a document's pages and forms can paint with."""
    found = set()
    for item in document.objects:
        if isinstance(item, pikepdf.Array) and len(item) and isinstance(item[0], pikepdf.Name):
            if item[0] in ("/Separation", "/DeviceN", "/ICCBased"):
                found.add(str(item[0]))
            if item[0] == "/Indexed":
                found.add(f"/Indexed {item[1]}")
        if isinstance(item, pikepdf.Stream):
            if item.get("/Subtype") == "/Image":
                found.add(str(item.ColorSpace))
            elif item.get("/Subtype") == "/Form" or "/Type" not in item:
                content = item.read_bytes()
                found |= {"rg"} if re.search(rb"[\d.] (rg|RG)\b", content) else set()
    return found


def reachable(made: Path, name: str) -> pikepdf.Pdf:
    """The document as a program reads it: without what an appended section has replaced."""
    held = BytesIO()
    with opened(made, name) as document:
        document.save(held)
    return pikepdf.open(held)


@pytest.mark.parametrize("name", ["en/tiny-risks.pdf", "en/tiny-risks-booklet.pdf"])
def test_a_print_shop_gets_process_colours_and_no_spot_plates(name: str, made: Path) -> None:
    found = colours(reachable(made, name))
    assert "/Indexed /DeviceRGB" in found
    assert not found & {"/Separation", "/DeviceN", "/ICCBased"}


def test_mono_is_grey_and_its_text_black(made: Path) -> None:
    found = colours(reachable(made, "en/tiny-risks-mono.pdf"))
    assert found == {"/Indexed /DeviceGray", "/DeviceGray"}
    page = pypdfium2.PdfDocument(made / "en/tiny-risks-mono.pdf")[0]
    shown = page.render(scale=4).to_pil().convert("RGB")
    counted = {color: count for count, color in shown.getcolors(1 << 20)}
    assert all(len(set(color)) == 1 for color in counted)
    dark = {color[0]: count for color, count in counted.items() if color[0] < 100}
    assert max(dark, key=lambda level: dark[level]) == 0


def test_ghostscript_finds_no_colour_on_a_mono_page(made: Path) -> None:
    how = ["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=inkcov", "-sOutputFile=-"]
    done = subprocess.run(
        ["gs", *how, made / "en/tiny-risks-mono.pdf"], capture_output=True, text=True, check=True
    )
    pages = [line.split() for line in done.stdout.splitlines() if "CMYK" in line]
    assert pages
    for cyan, magenta, yellow, black, *_ in pages:
        assert (float(cyan), float(magenta), float(yellow)) == (0, 0, 0)
        assert float(black) > 0


@pytest.mark.parametrize("share", [0.999, 0.97, 0.9, 0.6, 0.3])
def test_a_pdf_that_lost_its_end_opens_nowhere(share: float, made: Path, tmp_path: Path) -> None:
    pdf = (made / "en/tiny-risks.pdf").read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(pdf[: int(share * len(pdf))])
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(cut)
    for command in (["pdftotext", cut, "-"], ["qpdf", "--check", cut]):
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode != 0
    how = ["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=png16m", "-r20", f"-sOutputFile={tmp_path}/%d"]
    subprocess.run(["gs", *how, cut], capture_output=True, check=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.pdf"]


def test_a_plate_alone_opens_nowhere(made: Path) -> None:
    pdf = (made / "en/tiny-risks.pdf").read_bytes()
    assert pdf.count(b"startxref") == pdf.count(b"%%EOF") == 1
    assert len(re.findall(rb"/Root \d+ 0 R", pdf)) == 1

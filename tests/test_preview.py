"""What `preview` and `gallery` show: every page, what differs, every style; and all in one file."""

import re
import sys
import webbrowser
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
import yaml
from click.testing import Result
from PIL import Image

from handouts import layouts
from handouts.brandfile import Brand
from handouts.gallery import styles
from handouts.layouts import Job
from handouts.pictures import facing, first_difference, pictures
from tests.program import laid_out, run
from tests.small import AFTERCARE, EN, FILES, ROSEWATER, ROSEWATER_BRAND, R, make_library
from tests.test_preflight import block, pdf, words
from tests.test_reprint import git

Make = Callable[..., Path]

PAGE = re.compile(r'<img src="data:image/png;base64,([^"]+)"[^>]* alt="([^"]*)"')


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser is told to open, on a machine that has one."""
    found: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", found.append)
    return found


def look(root: Path, *arguments: object, code: int = 0) -> tuple[str, Result]:
    """The page that a command writes, and what it says."""
    page = root / "page.html"
    done = run(*arguments, "--no-open", "-j", 1, "-o", page, "--root", root)
    assert done.exit_code == code, done.output
    return page.read_text(encoding="utf-8"), done


def shown(page: str) -> list[str]:
    """What the pictures of pages are called, in their order."""
    return [unescape(alt) for _, alt in PAGE.findall(page)]


def pages_of(root: Path, *clinics: str) -> list[str]:
    """Every page of every PDF that a build has made."""
    return [
        f"{path.relative_to(root / 'output').as_posix()}, page {number}"
        for clinic in clinics
        for path in sorted((root / "output" / clinic).rglob("*.pdf"))
        for number in range(1, len(pypdfium2.PdfDocument(path)) + 1)
    ]


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def change(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_page_of_every_sheet_is_shown_once_and_nothing_is_laid_out_or_built(
    built: Path,
) -> None:
    before = snapshot(built / "output")
    with laid_out() as jobs:
        page, done = look(built, "preview")
    assert shown(page) == pages_of(built, "harbor", "rosewater")
    assert jobs == []
    assert snapshot(built / "output") == before
    assert done.stdout.startswith("6 sheets, 8 pages: ")
    for data, _ in PAGE.findall(page):
        with Image.open(BytesIO(b64decode(data))) as picture:
            assert picture.width > 1100
            assert picture.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_each_sheet_is_told_with_its_code_version_state_and_length(built: Path) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", PAGE.sub("", look(built, "preview", "rosewater")[0]))
    text = re.sub(" +", " ", text)
    said = "Tiny treatment: Consent to tiny treatment TT-CONSENT-EN · version 1.1 · 2 pages draft"
    assert said in text
    assert "Harbor" not in text


def test_a_sheet_is_shown_in_the_formats_asked_for_in_the_order_of_the_model(built: Path) -> None:
    asked = ("-H", "risks", "-F", "mono", "-F", "large-print", "-F", "standard")
    names = [alt.partition(",")[0] for alt in shown(look(built, "preview", "harbor", *asked)[0])]
    ends = [name.removeprefix("harbor/en/tiny-risks") for name in dict.fromkeys(names)]
    assert ends == [".pdf", "-mono.pdf", "-large-print.pdf"]


def test_the_page_is_whole_in_itself(built: Path, gallery: str) -> None:
    for page in (look(built, "preview", "harbor")[0], gallery):
        without = PAGE.sub("", page)
        assert shown(page)
        assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"|url\(|@import', without) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("lead:", "laed:"), ("Drink water.", "Drink \U00013000.")],
    ids=["refused", "failed"],
)
def test_what_cannot_be_made_is_named_with_its_problem_and_the_rest_is_shown(
    old: str, new: str, library: Make
) -> None:
    path = f"{EN}/aftercare.yaml"
    root = library({path: AFTERCARE.replace(old, new)})
    page, done = look(root, "preview", "rosewater", "-H", "aftercare", "-H", "risks", code=1)
    assert {alt.partition(",")[0] for alt in shown(page)} == {"rosewater/en/tiny-risks.pdf"}
    text = unescape(page)
    assert f"{path}:" in text
    assert "not made: rosewater/en/tiny-aftercare.pdf" in text
    assert f"{path}:" in done.stderr


def test_too_much_for_one_page_is_a_usage_error(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handouts.preview.MOST", 5)
    done = run("preview", "--root", built)
    assert done.exit_code == 2
    assert "6 PDFs are too many for one page: name a clinic" in done.stderr


def test_pages_that_differ_from_output_are_marked_and_the_others_folded_away(built: Path) -> None:
    before = snapshot(built / "output")
    change(built, f"{EN}/consent.yaml", "Allergies", "Illnesses")
    page, done = look(built, "preview", "rosewater", "--compare", "output")
    assert done.stdout.startswith("1 of 4 pages differs: ")
    differing = [alt for alt in shown(page) if alt.startswith(("output/, ", "now, "))]
    assert differing == [
        f"{side}, rosewater/en/tiny-consent.pdf, page 1" for side in ("output/", "now")
    ]
    assert len(re.findall(r"<i style=", page)) == 2
    folded = "".join(re.findall(r"<details>.*?</details>", page, re.DOTALL))
    assert shown(folded) == [
        each for each in pages_of(built, "rosewater") if "consent.pdf, page 1" not in each
    ]
    assert snapshot(built / "output") == before


def test_nothing_differs_from_what_was_just_built(built: Path) -> None:
    page, done = look(built, "preview", "--compare", "output")
    assert done.stdout.startswith("none of 8 pages differ: ")
    assert "<i style=" not in page


def test_a_sheet_that_is_in_one_place_only_is_shown_and_named(built: Path) -> None:
    (built / "output/rosewater/en/tiny-risks.pdf").unlink()
    (built / f"{EN}/aftercare.yaml").unlink()
    change(built, f"{EN}/consent.yaml", "leaflets: [risks, aftercare]", "leaflets: [risks]")
    page, _ = look(built, "preview", "rosewater", "--compare", "output")
    assert "now, rosewater/en/tiny-risks.pdf, page 1" in shown(page)
    assert "output/, rosewater/en/tiny-risks.pdf, page 1" not in shown(page)
    assert "output/, rosewater/en/tiny-aftercare.pdf, page 1" in shown(page)
    assert page.count("only one has it: <bdi>output/</bdi>") == 1


def test_two_clinics_are_shown_sheet_by_sheet_the_first_named_on_the_left(built: Path) -> None:
    page, _ = look(built, "preview", "rosewater", "-H", "risks", "--compare", "harbor")
    assert shown(page)[:2] == [
        f"{name}, rosewater/en/tiny-risks.pdf, page 1"
        for name in ("Rosewater Clinic", "Harbor Skin")
    ]
    assert "only one has it" not in page


def test_a_git_revision_is_compared_with_and_its_sheets_laid_out_from_the_same_store(
    built: Path,
) -> None:
    git(built, "init", "-q")
    git(built, "add", "data")
    git(built, "commit", "-qm", "as it was")
    change(built, f"{EN}/consent.yaml", "Allergies", "Illnesses")
    with laid_out() as jobs:
        page, done = look(built, "preview", "rosewater", "--compare", "HEAD")
    assert done.stdout.startswith("1 of 4 pages differs: ")
    assert "HEAD, rosewater/en/tiny-consent.pdf, page 1" in shown(page)
    assert len(jobs) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "to compare with harbor, name one other clinic"),
        (["harbor"], "to compare with harbor, name one other clinic"),
        (["rosewater", "harbor"], "to compare with harbor, name one other clinic"),
    ],
    ids=str,
)
def test_one_clinic_is_compared_with_another(
    arguments: list[str], said: str, library: Make
) -> None:
    done = run("preview", *arguments, "--compare", "harbor", "--root", library())
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_what_there_is_nothing_to_compare_with_is_a_usage_error(library: Make) -> None:
    root = library()
    for other, said in (("harbour", "neither a clinic nor"), ("output", "nothing has been built")):
        done = run("preview", "rosewater", "-j", 1, "--compare", other, "--root", root)
        assert (done.exit_code, said in done.stderr) == (2, True)


def test_a_damaged_pdf_in_output_is_named(built: Path) -> None:
    (built / "output/rosewater/en/tiny-risks.pdf").write_bytes(b"spilt")
    done = run("preview", "rosewater", "--compare", "output", "-j", 1, "--root", built)
    assert done.exit_code == 1
    assert "tiny-risks.pdf is damaged" in done.stderr


def files(folder: Path, *pdfs: bytes) -> list[Path]:
    paths = [folder / f"{number}.pdf" for number in range(len(pdfs))]
    for path, data in zip(paths, pdfs, strict=True):
        path.write_bytes(data)
    return paths


def test_a_mark_goes_round_what_differs_and_no_further(tmp_path: Path) -> None:
    same = words("Hello")
    old, new = files(tmp_path, pdf(same), pdf(same + block(200, 300, 90, 40)))
    (page,) = facing(old, new)
    assert not page.same
    ((left, top, right, bottom),) = page.marks
    for found, wanted in ((left, 400), (top, 1004), (right, 580), (bottom, 1084)):
        assert abs(found - wanted) <= 8


def test_what_is_far_apart_has_a_mark_each_and_none_lies_in_another(tmp_path: Path) -> None:
    frame = "q 4 w 100 100 300 300 re S Q\n"
    old, new = files(
        tmp_path, pdf(""), pdf(frame + block(240, 240, 20, 20) + block(450, 700, 9, 9))
    )
    (page,) = facing(old, new)
    assert [mark[1] > 700 for mark in page.marks] == [False, True]


def test_a_shade_in_a_corner_is_a_difference_and_the_same_twice_is_none(tmp_path: Path) -> None:
    shade = block(594, 0, 1, 1, "0.99 g")
    old, new = files(tmp_path, pdf("", ""), pdf("", shade))
    assert [page.same for page in facing(old, new)] == [True, False]
    assert [page.same for page in facing(old, old)] == [True, True]
    assert (first_difference(old, new), first_difference(old, old)) == (2, None)


def test_a_page_that_only_one_has_differs(tmp_path: Path) -> None:
    old, new = files(tmp_path, pdf("", ""), pdf(""))
    assert [page.same for page in facing(old, new)] == [True, False]
    assert [page.same for page in facing(None, new)] == [False]
    assert [page.number for page in facing(old, new)] == [1, 2]


def test_a_picture_keeps_the_colours_of_the_page(tmp_path: Path) -> None:
    (path,) = files(tmp_path, pdf(block(0, 0, 300, 842, "0.49 0.227 0.322 rg")))
    (picture,) = pictures(path)
    with Image.open(BytesIO(picture.png)) as drawn:
        assert drawn.size == (picture.width, picture.height) == (1191, 1684)
        assert drawn.convert("RGB").getpixel((100, 800)) == (125, 58, 82)
        assert drawn.convert("RGB").getpixel((900, 800)) == (255, 255, 255)


FIGURE = re.compile(r"<figure>(.*?)<figcaption><b>(.*?)</b>(.*?)<pre>(.*?)</pre>", re.DOTALL)


def choices(page: str, group: str) -> list[tuple[str, bool, str, int]]:
    """Of each its name, whether it is so now, the lines below it, and how many pictures it has."""
    (part,) = re.findall(rf'<div class="choices {group}">(.*?)(?=<h2|</main>)', page, re.DOTALL)
    return [
        (name, ">now<" in badge, lines, len(PAGE.findall(figure)))
        for figure, name, badge, lines in FIGURE.findall(part)
    ]


@dataclass
class Hung:
    """A gallery of a clinic with a style of its own, and what came of making it."""

    root: Path
    page: str
    jobs: list[Job]
    opened: list[str]


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory) -> Hung:
    style = "defaults:\n  handouts:\n    letterhead: side\n    call_box: quiet\n"
    clinic = ROSEWATER + "formats: [standard, mono]\n"
    own: dict[str, str | bytes | None] = {
        f"{R}/_brand.yml": ROSEWATER_BRAND + style,
        f"{R}/clinic.yaml": clinic,
    }
    root = make_library(tmp_path_factory.mktemp("gallery"), own)
    opened: list[str] = []
    with pytest.MonkeyPatch.context() as patch, laid_out() as jobs:
        patch.setenv("DISPLAY", ":0")
        patch.setattr(webbrowser, "open", opened.append)
        assert run("gallery", "rosewater", "-j", 1, "--root", root).exit_code == 0
    page = (root / ".handouts/gallery.html").read_text(encoding="utf-8")
    return Hung(root, page, jobs, opened)


@pytest.fixture
def gallery(hung: Hung) -> str:
    return hung.page


def test_the_gallery_has_every_choice_alone_and_every_combination(gallery: str) -> None:
    values = {
        "letterhead": ["rule", "band", "centred", "side"],
        "sections": ["lines", "bars", "tints"],
        "call_box": ["light", "quiet"],
    }
    for key, wanted in values.items():
        assert [(name, pages) for name, _, _, pages in choices(gallery, key)] == [
            (name, 1) for name in wanted
        ]
    found = [name for name, *_ in choices(gallery, "all")]
    assert found == [", ".join(each) for each in product(*values.values())]
    assert len(found) == 24
    assert [name for name, *_ in choices(gallery, "formats")] == ["mono", "large-print"]


def test_the_lines_below_a_picture_choose_what_it_shows(gallery: str) -> None:
    brand = yaml.safe_load(ROSEWATER_BRAND)
    chosen = []
    for name, _, lines, _ in choices(gallery, "all"):
        style = Brand.model_validate({**brand, **yaml.safe_load(lines)}).defaults.handouts
        assert ", ".join(style.model_dump().values()) == name
        chosen.append(style)
    assert chosen == list(styles())
    (_, _, lines, _) = choices(gallery, "letterhead")[1]
    assert lines == "defaults:\n  handouts:\n    letterhead: band"
    assert choices(gallery, "formats")[0][2] == "formats: [standard, mono]"


def test_what_is_so_now_is_marked(gallery: str) -> None:
    groups = ("letterhead", "sections", "call_box", "all", "formats")
    now = [[name for name, is_now, *_ in choices(gallery, group) if is_now] for group in groups]
    assert now == [["side"], ["lines"], ["quiet"], ["side, lines, quiet"], ["mono"]]


def test_each_plate_of_the_gallery_is_laid_out_once_and_output_is_left_alone(hung: Hung) -> None:
    plates = [layouts.job_key(job) for job in hung.jobs if not job.pieces]
    assert len(plates) == len(set(plates)) == 2
    assert len({layouts.job_key(job) for job in hung.jobs}) == len(hung.jobs)
    assert not (hung.root / "output").exists()


def test_pictures_of_the_gallery_differ_where_the_styles_do(gallery: str) -> None:
    parts = dict(re.findall(r'class="choices (\w+)">(.*?)(?=<h2|</main>)', gallery, re.DOTALL))
    for group, number in (("letterhead", 4), ("sections", 3), ("call_box", 2)):
        assert len({data for data, _ in PAGE.findall(parts[group])}) == number


def test_a_letterhead_that_does_not_fit_is_named_and_the_others_are_shown(library: Make) -> None:
    long = " ".join(["Rosewater Clinic for Dermatology and Laser Medicine"] * 3) + " and Much More"
    root = library({f"{R}/clinic.yaml": ROSEWATER.replace("Rosewater Clinic", long)})
    page, done = look(root, "gallery", "rosewater", code=1)
    counts = [pages for *_, pages in choices(page, "letterhead")]
    assert sorted(set(counts)) == [0, 1]
    assert page.count("Cannot be had: data/clinics/rosewater/clinic.yaml: name") > 1
    assert len(re.findall(r"^data/clinics/rosewater/clinic.yaml: name", done.stderr, re.M)) == 2
    assert "not shown: rule; " in done.stderr


def test_the_page_is_opened_from_where_it_is_written(
    hung: Hung, built: Path, opened: list[str]
) -> None:
    done = run("preview", "rosewater", "-H", "risks", "-j", 1, "--root", built)
    path = built / ".handouts/preview.html"
    assert path.exists()
    assert opened == [path.as_uri()]
    assert done.stdout.rstrip().endswith(str(path))
    assert hung.opened == [(hung.root / ".handouts/gallery.html").as_uri()]


def test_no_browser_is_opened_where_that_is_asked(built: Path, opened: list[str]) -> None:
    look(built, "preview", "harbor")
    assert opened == []


def test_without_a_browser_the_path_is_said_and_that_is_all(
    built: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    done = run("preview", "harbor", "-j", 1, "--root", built)
    assert (done.exit_code, opened) == (0, [])
    assert "preview.html" in done.stdout


def test_the_gallery_needs_a_sheet_that_can_be_made(library: Make) -> None:
    broken = {path: str(text).replace("lead:", "laed:") for path, text in FILES.items()
              if path.startswith(EN) and not path.endswith("_words.yaml")}  # fmt: skip
    done = run("gallery", "--no-open", "-j", 1, "--root", library(broken))
    assert done.exit_code == 1
    assert "none of its sheets can be made" in done.stderr

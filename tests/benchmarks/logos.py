"""Prints real logos through the whole program, and counts those that do not look as their files do.

    python -m tests.benchmarks.logos FOLDER [--sample N] [--viewers N]

Each SVG, PNG or JPEG of the folder becomes the logo of a clinic of its own, whose letterhead, in
turn, is one of the four. Its aftercare sheet is built in colour and in mono. The logo cut out of
each PDF, as pdfium draws it, is compared with the reference; for so many of them also as poppler
and ghostscript draw it.
"""

import argparse
import random
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image

from handouts import logo_check, placing, similarity
from handouts.artwork import LogoPrint
from handouts.build import How, build
from handouts.load import load_with_places
from handouts.plan import Edition, Selection, plan
from tests.small import FILES, H

KINDS = {".svg", ".png", ".jpg", ".jpeg"}
LETTERHEADS = ("rule", "band", "centred", "side")
BRAND = """\
logo: {logo}
color: {{primary: "#0b5d7a"}}
defaults: {{handouts: {{letterhead: {letterhead}}}}}
"""
DAY = date(2026, 11, 1)
DPI = 600
COARSE = 128
"""Pixels at which other viewers' drawings are compared: some do not smooth edges."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, help="only so many, drawn by chance")
    parser.add_argument("--viewers", type=int, default=100, help="how many in other viewers too")
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.suffix.lower() in KINDS)
    if given.sample and given.sample < len(files):
        files = sorted(random.Random(1).sample(files, given.sample))  # noqa: S311  the same each time
    with TemporaryDirectory() as name:
        _report(files, Path(name), given.viewers)


def _report(files: list[Path], root: Path, viewers: int) -> None:
    names = _library(files, root)
    library, documents = load_with_places(root)
    refused = Counter(
        problem.message.split(": ", 1)[-1]
        for problem in library.problems
        if "_brand" in problem.path
    )
    todo = plan(library, Selection(handouts=("aftercare",)), DAY)
    report = build(todo, root, root / "output", How(jobs=2), documents)
    failed = {row.path: row.why for row in report.unmade()}
    editions = [edition for edition in todo.editions if edition.path not in failed]
    shares = {edition.path: _share(root, edition) for edition in editions}
    print(f"{len(files)} files: {len(library.clinics)} accepted, {sum(refused.values())} refused")
    for said, count in refused.most_common(20):
        print(f"  {count:5}  {said[:110]}")
    for path, why in failed.items():
        print(f"  not made: {names[path.split('/')[0]]}: {why[:110]}")
    forms = Counter("paths" if c.livery.logo.paths else "picture" for c in library.clinics.values())
    print("printed as " + ", ".join(f"{kind}: {count}" for kind, count in forms.most_common()))
    _told("pdfium", shares, names)
    some = random.Random(2).sample(editions, min(viewers, len(editions)))  # noqa: S311
    places = {edition.path: _places(root, edition) for edition in some}
    for viewer, draw in (("poppler", _poppler), ("ghostscript", _ghostscript)):
        with ThreadPoolExecutor(2) as threads:
            pictures = threads.map(draw, (root / "output" / edition.path for edition in some))
            found = {
                edition.path: _seen(picture, *places[edition.path], _print(edition))
                for edition, picture in zip(some, pictures, strict=True)
            }
        _told(viewer, found, names)


def _told(viewer: str, shares: dict[str, float | None], names: dict[str, str]) -> None:
    bad = {path: share for path, share in shares.items() if not _is_like(share)}
    like = 1 - len(bad) / max(1, len(shares))
    print(f"{viewer}: {len(shares) - len(bad)} of {len(shares)} logos as their files ({like:.2%})")
    for path, share in sorted(bad.items(), key=lambda item: -(item[1] or 9))[:20]:
        print(f"  {path}: {names[path.split('/')[0]]}: {share}")


def _is_like(share: float | None) -> bool:
    return share is not None and share <= similarity.MOST_ON_PAGE


def _library(files: list[Path], root: Path) -> dict[str, str]:
    """A library with a clinic for each file; its files by the clinics' names."""
    for name, content in FILES.items():
        if not name.startswith("data/clinics/"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    names = {}
    for number, (file, letterhead) in enumerate(zip(files, cycle(LETTERHEADS), strict=False)):
        clinic = f"clinic-{number}"
        folder = root / "data/clinics" / clinic
        folder.mkdir(parents=True)
        logo = f"logo{file.suffix.lower()}"
        (folder / logo).write_bytes(file.read_bytes())
        contact = str(FILES[f"{H}/clinic.yaml"]) + "formats: [standard, mono]\n"
        (folder / "clinic.yaml").write_text(contact, "utf-8")
        (folder / "_brand.yml").write_text(BRAND.format(logo=logo, letterhead=letterhead), "utf-8")
        names[clinic] = file.name
    return names


def _print(edition: Edition) -> LogoPrint:
    return placing.place(edition.clinic.livery, mono=edition.mono).logo


def _share(root: Path, edition: Edition) -> float | None:
    return logo_check.differing((root / "output" / edition.path).read_bytes(), _print(edition))


def _places(root: Path, edition: Edition) -> tuple[list[logo_check.Box], float]:
    """Where the logo may stand on the first page, and how high that is, in pt."""
    document = pypdfium2.PdfDocument(root / "output" / edition.path)
    try:
        page = document[0]
        return list(logo_check.boxes(page, _print(edition))), page.get_height()
    finally:
        document.close()


def _seen(
    picture: Image.Image, boxes: list[logo_check.Box], height: float, logo: LogoPrint
) -> float | None:
    """The share that differs as another viewer has drawn the page."""
    wanted = logo_check.reference(logo, COARSE)
    scale, shares = picture.height / height, []
    for left, bottom, right, top in boxes:
        edges = left * scale, (height - top) * scale, right * scale, (height - bottom) * scale
        cut = picture.resize(wanted.size, Image.Resampling.BOX, box=edges)
        shares.append(similarity.differing(wanted, cut))
    return min(shares, default=None)


def _poppler(path: Path) -> Image.Image:
    return _opened(["pdftoppm", "-r", str(DPI), "-f", "1", "-l", "1", "-png", path])


def _ghostscript(path: Path) -> Image.Image:
    how = ["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=png16m", "-dFirstPage=1", "-dLastPage=1"]
    smooth = [f"-r{DPI}", "-dGraphicsAlphaBits=4", "-sOutputFile=-"]
    return _opened(["gs", *how, *smooth, path])


def _opened(command: list[object]) -> Image.Image:
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout)).convert("RGB")


if __name__ == "__main__":
    main()

"""Whatever is edited in whatever order, a build leaves just what a clean one would have left.

`HANDOUTS_SEQUENCES=500` tries that many sequences of edits, other ones each time.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.program import run
from tests.small import EN, FILES, SVG, H, R, T, make_library
from tests.test_resolve import OWN
from tests.test_standing import ES

SEQUENCES = int(os.environ.get("HANDOUTS_SEQUENCES", "0"))
FEW = 6
MANIFEST = "manifest.json"
STRANGER = "mine.txt"
BROKEN = "\nzzz: [1\n"
DAYS = (1795219200, 1831161600)
"""2026-11-21, and 2028-01-11, by which every sheet is past its day."""

Tree = dict[str, bytes]
Rows = dict[str, str]
"""Outcomes by path."""

OPEN = "  - id: drink\n    sources: []\n    open: true\n    bullets"
BEFORE = """\
title: Before your tiny treatment
lead: What to do the day before.
version: 1.0
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:  # allow no-call-box: only one sheet has it
  - bullets: [Come without make-up.]
    sources: []
"""
LIBRARY: dict[str, str | bytes | None] = {
    **ES,
    f"{EN}/aftercare.yaml": str(FILES[f"{EN}/aftercare.yaml"]).replace(
        "  - sources: []\n    bullets", OPEN
    ),
    f"{EN}/before.yaml": BEFORE,
}
SHIPPED = Path(__file__).parents[1] / "templates"


def tree(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def items(manifest: bytes | None) -> dict[str, dict[str, Any]]:
    """What a manifest tells by path; one that is damaged or not there tells nothing."""
    try:
        return {item["path"]: item for item in json.loads(manifest or b"")["editions"]}
    except (ValueError, TypeError):
        return {}


def outcomes(report: dict[str, Any]) -> Rows:
    return {row["path"]: row["outcome"] for row in report["editions"]}


@dataclass
class House:
    """A library with its outputs, and what has been done to them that no build can mend.

    `lost`: the manifest was damaged, so PDFs of editions that are gone may stay, as strangers.
    `altered`: a PDF was, so it may stay if its edition goes, for somebody may have signed it.
    `unsure`: pages have to be laid out again before anyone can tell whether they are the same.
    """

    root: Path
    day: int = DAYS[0]
    lost: bool = False
    altered: bool = False
    unsure: bool = False
    older: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        return self.root / "output"

    def pdf(self, number: int) -> Path | None:
        found = sorted(self.output.rglob("*.pdf"))
        return found[number % len(found)] if found else None

    def run(self, *arguments: object) -> tuple[int, dict[str, Any]]:
        result = run(*arguments, "--json", "--root", self.root)
        assert result.exit_code in (0, 1), result.output
        assert "Traceback" not in result.output
        return result.exit_code, json.loads(result.stdout)


Edit = Callable[[House, int], object]


def vary(path: str, texts: tuple[str, ...], house: House, number: int) -> None:
    """Put one of these texts where another of them stands."""
    file = house.root / path
    if file.is_file():
        old = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
        text = file.read_text(encoding="utf-8")
        new = re.sub(old, lambda _: texts[number % len(texts)], text)
        file.write_text(new, encoding="utf-8")


def varied(path: str, *texts: str) -> Edit:
    return partial(vary, path, texts)


def restored(path: str, house: House, number: int) -> None:
    """Take a file away, or put it back as it was."""
    files = {**FILES, **LIBRARY}
    (house.root / path).unlink(missing_ok=True)
    if number % 2:
        (house.root / path).write_text(str(files[path]), encoding="utf-8")


def comment(house: House, number: int) -> None:
    paths = sorted((house.root / "data").rglob("*.y*ml"))
    with paths[number % len(paths)].open("a", encoding="utf-8") as file:
        file.write(f"# {number}\n")


def own_words(house: House, number: int) -> None:
    wording = house.root / f"{R}/wording.yaml"
    wording.unlink(missing_ok=True)
    if number % 3:
        blocks = [{"text": f"Drink our water {number % 3} times.", "sources": []}]
        wording.write_text(json.dumps([{**OWN, "replace": blocks}]), encoding="utf-8")


def own_template(house: House, number: int) -> None:
    """`templates/` beside the library's `data/`, of one template or two, or none."""
    own = house.root / "templates"
    shutil.rmtree(own, ignore_errors=True)
    choice = number % 5
    changed = {1: ["blocks/timeline.html"], 2: ["blocks/timeline.html"], 3: ["sheet.css"]}
    for name in changed.get(choice, ["blocks/bullets.html", "sheet.css"] if choice else []):
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        more = f"\nli {{ color: black; margin-left: {choice}pt }}\n" if "css" in name else "<p>Ours"
        text = (SHIPPED / name).read_text(encoding="utf-8") + more + f"{'!' * choice}\n"
        path.write_text(text.replace("}\n!!!!", "}\n").replace("}\n!!!", "}\n"), encoding="utf-8")


def add_clinic(house: House, number: int) -> None:
    clinics = house.root / "data/clinics"
    source = [clinics / "rosewater", clinics / "harbor"][number % 2]
    if source.is_dir() and not (clinics / "copy").exists():
        shutil.copytree(source, clinics / "copy")


def remove_clinic(house: House, number: int) -> None:
    shutil.rmtree(house.root / "data/clinics" / ["copy", "harbor"][number % 2], ignore_errors=True)


def restore_clinic(house: House, _: int) -> None:
    for path in FILES:
        if path.startswith(H):
            make_library(house.root, {**dict.fromkeys(FILES, None), path: FILES[path]})


def approve(house: House, number: int) -> None:
    sheet = ["aftercare", "risks", "consent", "before"][number % 4]
    only = ["-c", "rosewater"] if number % 3 == 1 else []
    who = ("--by", "A. Reader", "--role", "Director")
    run("approve", f"tiny/{sheet}", *only, *who, "--root", house.root)


def withdraw(house: House, _: int) -> None:
    (house.root / "data/approvals.yaml").unlink(missing_ok=True)


def break_a_file(house: House, number: int) -> None:
    paths = sorted((house.root / "data").rglob("*.y*ml"))
    path = paths[number % len(paths)]
    path.write_text(path.read_text(encoding="utf-8") + BROKEN, encoding="utf-8")


def mend(house: House, _: int) -> None:
    for path in (house.root / "data").rglob("*.y*ml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(BROKEN, ""), encoding="utf-8")


def delete_pdf(house: House, number: int) -> None:
    if path := house.pdf(number):
        path.unlink()


def spoil_pdf(house: House, number: int) -> None:
    """Cut one short, or change a byte of it, with the clock set back or not."""
    if path := house.pdf(number):
        house.altered = True
        status, data = path.stat(), path.read_bytes()
        path.write_bytes(data[:100] if number % 3 == 0 else data[:-1] + b" ")
        if number % 3 == 1:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def swap_pdfs(house: House, number: int) -> None:
    one, other = house.pdf(number), house.pdf(number + 1)
    if one and other and one != other:
        house.altered = True
        aside = one.with_suffix(".aside")
        one.rename(aside)
        other.rename(one)
        aside.rename(other)


def touch_pdf(house: House, number: int) -> None:
    """The same bytes, as if just written."""
    if path := house.pdf(number):
        path.write_bytes(path.read_bytes())


def put_back_older_pdfs(house: House, number: int) -> None:
    """PDFs as they were some builds ago come back from a backup, with their times."""
    for name in sorted(house.older)[number % 2 :: 2]:
        data, time = house.older[name]
        path = house.output / name
        if path.is_file():
            house.altered = house.altered or path.read_bytes() != data
            path.write_bytes(data)
            os.utime(path, ns=(time, time))


def back_up(house: House, _: int) -> None:
    for path in house.output.rglob("*.pdf"):
        name = path.relative_to(house.output).as_posix()
        house.older[name] = path.read_bytes(), path.stat().st_mtime_ns


def spoil_manifest(house: House, number: int) -> None:
    path = house.output / MANIFEST
    if not path.is_file():
        return
    house.lost = True
    text = path.read_text(encoding="utf-8")
    choices = ["", "{", text[: len(text) // 2], '{"editions": []}', text.replace("true", "false")]
    choices += [re.sub(r'"sha256": "..', '"sha256": "00', text, count=1), "null"]
    path.write_text(choices[number % len(choices)], encoding="utf-8")


def lose_manifest(house: House, _: int) -> None:
    house.lost = True
    (house.output / MANIFEST).unlink(missing_ok=True)


def spoil_store(house: House, number: int) -> None:
    house.unsure = True
    paths = [path for path in sorted((house.root / ".handouts").rglob("*")) if path.is_file()]
    if paths:
        path = paths[number * 7 % len(paths)]
        data = path.read_bytes()
        middle = len(data) // 2
        bad = [b"", data[:middle], data[:middle] + b"\0" + data[middle + 1 :]]
        path.write_bytes(bad[number % 3])


def lose_store(house: House, number: int) -> None:
    """A part of it, a record, or all of it."""
    house.unsure = True
    folders = sorted((house.root / ".handouts").glob("*/")) or [house.root / ".handouts"]
    choices = [*folders, *sorted((house.root / ".handouts").glob("*/*/*"))]
    path = choices[number % len(choices)]
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def lose_output(house: House, _: int) -> None:
    house.lost = True
    shutil.rmtree(house.output, ignore_errors=True)


def clean(house: House, number: int) -> None:
    house.unsure = True
    run("clean", *(["--all"] if number % 2 else []), "--root", house.root)


def stranger(house: House, number: int) -> None:
    house.output.mkdir(exist_ok=True)
    (house.output / STRANGER).unlink(missing_ok=True)
    if number % 2:
        (house.output / STRANGER).write_bytes(b"mine")


def another_day(house: House, number: int) -> None:
    house.day = DAYS[number % len(DAYS)]


EDITS: dict[str, Edit] = {
    "a word": varied(f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.", "Drink milk."),
    "a word of Spanish": varied(f"{T}/es/_words.yaml", "Like mild sunburn", "Como el sol"),
    "a word that sheets share": varied(f"{EN}/_words.yaml", "Call us at once", "Call now"),
    "a title": varied(f"{EN}/risks.yaml", "Risks of", "Dangers of"),
    "a version": varied(f"{EN}/before.yaml", "version: 1.0", "version: 1.1"),
    "a word of the templates": varied("data/wording/en.yaml", "Signature", "Signed"),
    "a comment": comment,
    "spacing": varied(f"{EN}/risks.yaml", "owner: ", "owner:   "),
    "a figure": varied(f"{T}/facts.yaml", "value: 24", "value: 36", "value: 48"),
    "a risk": varied(f"{T}/facts.yaml", "events: 3", "events: 9"),
    "a phone": varied(f"{R}/clinic.yaml", "7946 0000", "7946 0001", "7946 0002"),
    "a name": varied(f"{R}/clinic.yaml", "name: Rosewater Clinic", "name: Rosewater House"),
    "a colour": varied(f"{R}/_brand.yml", "#A1004B", "#004BA1", "#00A14B"),
    "a logo": lambda house, number: (house.root / R / "logo.svg").write_text(
        SVG.replace("40", ["40", "30"][number % 2])
    ),
    "languages": varied(f"{R}/clinic.yaml", "languages: [en]", "languages: [en, es]"),
    "paper": varied(f"{R}/clinic.yaml", "paper: a4", "paper: letter"),
    "a setting": varied(f"{H}/clinic.yaml", "sessions: 4", "sessions: 5", "sessions: 6"),
    "a price": varied(f"{H}/clinic.yaml", "$150", "$160"),
    "own words": own_words,
    "an own template": own_template,
    "a clinic more": add_clinic,
    "a clinic less": remove_clinic,
    "a clinic back": restore_clinic,
    "a handout": partial(restored, f"{EN}/before.yaml"),
    "a handout that another names": partial(restored, f"{EN}/aftercare.yaml"),
    "a translation": partial(restored, f"{T}/es/risks.yaml"),
    "an approval": approve,
    "approvals withdrawn": withdraw,
    "a file broken": break_a_file,
    "files mended": mend,
    "a PDF deleted": delete_pdf,
    "a PDF spoilt": spoil_pdf,
    "two PDFs swapped": swap_pdfs,
    "a PDF touched": touch_pdf,
    "older PDFs put back": put_back_older_pdfs,
    "PDFs backed up": back_up,
    "the manifest spoilt": spoil_manifest,
    "the manifest lost": lose_manifest,
    "a record spoilt": spoil_store,
    "records lost": lose_store,
    "the output lost": lose_output,
    "clean": clean,
    "a stranger": stranger,
    "another day": another_day,
}

BUILDS: tuple[tuple[str, ...], ...] = (
    *[()] * 5, ("rosewater",), ("-H", "risks"), ("-l", "en"), ("-f",), ("--final",),
)  # fmt: skip

STEPS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 30)), max_size=3),
        st.sampled_from(BUILDS),
    ),
    min_size=1,
    max_size=8,
)
Steps = list[tuple[list[tuple[str, int]], tuple[str, ...]]]


@dataclass(frozen=True)
class Outcome:
    exit_code: int
    made: Tree
    items: dict[str, dict[str, Any]]


class Reference:
    """Builds each library anew, into an empty folder that no build has ever worked on."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, Outcome] = {}

    def outcome(self, house: House, options: tuple[str, ...]) -> Outcome:
        key = self._take_over(house, options)
        if key not in self._known:
            self._known[key] = self._build(options, key)
        return self._known[key]

    def anew(self, house: House) -> Outcome:
        """The outcome of a build that lays everything out again."""
        return self._build(("-f",), self._take_over(house, ()))

    def _take_over(self, house: House, options: tuple[str, ...]) -> str:
        """Copy the library; a digest of it and of all else that decides on the outcome."""
        for name in ("data", "templates"):
            shutil.rmtree(self._root / name, ignore_errors=True)
            if (house.root / name).is_dir():
                shutil.copytree(house.root / name, self._root / name)
        inputs = [tree(self._root / name) for name in ("data", "templates")]
        return sha256(repr((inputs, house.day, options)).encode()).hexdigest()

    def _build(self, options: tuple[str, ...], key: str) -> Outcome:
        output = self._root / "outputs" / key
        result = run("build", "-j", 1, *options, "-q", "-o", output, "--root", self._root)
        assert result.exit_code in (0, 1), result.output
        found = tree(output)
        listed = items(found.pop(MANIFEST)) if MANIFEST in found else {}
        assert listed.keys() == found.keys()
        shutil.rmtree(output, ignore_errors=True)
        return Outcome(result.exit_code, found, listed)


class Checker:
    """Takes the steps, and after each holds what stands there against a clean build."""

    def __init__(self, house: House, reference: Reference) -> None:
        self._house, self._reference = house, reference

    def take(self, edits: list[tuple[str, int]], options: tuple[str, ...]) -> None:
        house = self._house
        for name, number in edits:
            EDITS[name](house, number)
        os.environ["SOURCE_DATE_EPOCH"] = str(house.day)
        clean = self._reference.outcome(house, tuple(each for each in options if each != "-f"))
        whole = self._reference.outcome(house, ())
        before = tree(house.output)
        foreseen = self._dry_run(options)
        exit_code, report = house.run("build", "-j", 1, *options)
        after = tree(house.output)
        rows = outcomes(report)
        self._assert_made(clean, after, exit_code)
        self._assert_left(clean, whole, before, after, report)
        self._assert_told(after, rows)
        assert foreseen[0] == exit_code
        assert self._as_foreseen(foreseen[1], rows, options) == rows
        if clean is whole and not exit_code:
            self._assert_settled(after)
            house.unsure = house.unsure and "-f" not in options

    def _as_foreseen(self, foreseen: Rows, rows: Rows, options: tuple[str, ...]) -> Rows:
        """What a dry run has told; where it cannot know, it may say that more is made than is."""
        if not self._house.unsure and "-f" not in options:
            return foreseen
        same = {path for path, outcome in rows.items() if outcome == "same"}
        return {
            path: "same" if outcome == "made" and path in same else outcome
            for path, outcome in foreseen.items()
        }

    def _dry_run(self, options: tuple[str, ...]) -> tuple[int, Rows]:
        before = tree(self._house.root)
        exit_code, report = self._house.run("build", "-n", *options)
        assert tree(self._house.root) == before, "a dry run has changed something"
        return exit_code, outcomes(report)

    def _assert_made(self, clean: Outcome, after: Tree, exit_code: int) -> None:
        """All that a clean build makes is there, byte for byte, and told in the manifest."""
        wrong = [path for path, data in clean.made.items() if after.get(path) != data]
        assert wrong == []
        listed = items(after.get(MANIFEST))
        assert {path: listed.get(path) for path in clean.items} == clean.items
        assert exit_code >= clean.exit_code

    def _assert_left(
        self, clean: Outcome, whole: Outcome, before: Tree, after: Tree, report: dict[str, Any]
    ) -> None:
        """What a clean build does not make is as it was, or is gone with its edition."""
        rows, strangers = outcomes(report), report["strangers"]
        for path in (before.keys() | after.keys()) - clean.made.keys() - {MANIFEST, STRANGER}:
            if path not in after:
                assert rows.get(path) == "removed", path
                assert path not in whole.made
                continue
            assert after[path] == before.get(path), path
            if clean is whole and not clean.exit_code:
                left = self._house.altered and rows.get(path) == "failed"
                assert left or (self._house.lost and path in strangers), path
        assert after.get(STRANGER) == before.get(STRANGER)
        assert (STRANGER in strangers) == (STRANGER in after)

    def _assert_told(self, after: Tree, rows: Rows) -> None:
        """The manifest says of each PDF whether the last build stands for it."""
        for path, item in items(after.get(MANIFEST)).items():
            assert path in after
            if rows.get(path) in ("made", "same", "refused"):
                assert item["current"] == (rows[path] != "refused"), path

    def assert_laid_out_anew(self) -> None:
        """The clean builds share a store; without one, they would have made the same."""
        house = self._house
        assert self._reference.outcome(house, ()) == self._reference.anew(house)

    def _assert_settled(self, after: Tree) -> None:
        for options in (["-n"], []):
            exit_code, report = self._house.run("build", *options)
            assert exit_code == 0
            assert {row["outcome"] for row in report["editions"]} == {"same"}
            assert tree(self._house.output) == after


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library with its outputs as they were built at `work/`, beside it."""
    place = tmp_path_factory.mktemp("edits")
    make_library(place / "work", LIBRARY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(DAYS[0]))
        result = run("build", "-j", 1, "--root", place / "work")
    assert result.exit_code == 0, result.output
    return Path(shutil.copytree(place / "work", place / "pristine"))


@pytest.fixture(scope="module")
def reference(pristine: Path) -> Reference:
    root = pristine.with_name("reference")
    for kind in ("plate", "stationery"):
        shutil.copytree(pristine / ".handouts" / kind, root / ".handouts" / kind)
    return Reference(root)


@pytest.fixture
def checker(
    pristine: Path, reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Checker]:
    """Gives one with the library as it was in the beginning, built and settled."""
    work = pristine.with_name("work")

    def make() -> Checker:
        shutil.rmtree(work)
        shutil.copytree(pristine, work)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAYS[0]))
        assert run("build", "-j", 1, "--root", work).exit_code == 0
        return Checker(House(work), reference)

    return make


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_by_itself_leaves_what_a_clean_build_leaves(
    name: str, checker: Callable[[], Checker]
) -> None:
    check = checker()
    for number in (1, 2):
        check.take([(name, number)], ())
    check.take([("files mended", 0)], ())


def test_any_edits_leave_what_a_clean_build_leaves(checker: Callable[[], Checker]) -> None:
    @settings(
        max_examples=SEQUENCES or FEW,
        derandomize=not SEQUENCES,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS)
    def holds(steps: Steps) -> None:
        check = checker()
        for edits, options in steps:
            check.take(edits, options)
        check.take([("files mended", 0)], ())
        if SEQUENCES:
            check.assert_laid_out_anew()

    holds()

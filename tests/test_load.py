"""A library is read whole; what is wrong with it is said with its place, all at once."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.load import find_root, load
from handouts.model import KINDS, Asset, Inks, Library, Local, Typeface, Wording
from tests.small import EN, FILES, PNG, SVG, H, R, T, make_library

Make = Callable[..., Path]
Files = dict[str, str | bytes | None]

CLINIC = f"{R}/clinic.yaml"
BRAND = f"{R}/_brand.yml"
LOGO = f"{R}/logo.svg"
FACTS = f"{T}/facts.yaml"
WORDS = f"{EN}/_words.yaml"
RISKS = f"{EN}/risks.yaml"
CONSENT = f"{EN}/consent.yaml"
AFTERCARE = f"{EN}/aftercare.yaml"
SOURCES = "data/sources.yaml"
WORDING = "data/wording/en.yaml"


def text_of(path: str) -> str:
    text = FILES[path]
    assert isinstance(text, str)
    return text


def changed(path: str, old: str, new: str) -> Files:
    assert text_of(path).count(old) == 1
    return {path: text_of(path).replace(old, new)}


def said(library: Library) -> list[str]:
    return [str(problem) for problem in library.problems]


def test_a_whole_library_has_no_problems(library: Make) -> None:
    loaded = load(library())
    assert said(loaded) == []
    assert set(loaded.clinics) == {"rosewater", "harbor"}
    assert set(loaded.sources) == {"tiny-trial", "tiny-review"}
    assert set(loaded.wording) == {"en"}
    assert isinstance(loaded.wording["en"], Wording)


def test_a_treatment_is_its_facts_words_and_handouts(library: Make) -> None:
    tiny = load(library()).treatments["tiny"]
    assert tiny.facts.figures["wash_hours"].value == 24
    assert tiny.facts.settings["sessions"].default == (3, 6)
    assert tiny.facts.settings["price"].default is None
    assert [risk.group for risk in tiny.facts.risks] == ["expected", "some", "serious"]
    assert tiny.words["en"].risks["redness"].do == "Wait {wash_hours} hours."
    assert set(tiny.handouts) == {("en", "risks"), ("en", "consent"), ("en", "aftercare")}
    assert tiny.handouts["en", "risks"].version == "1.0"
    assert tiny.handouts["en", "risks"].reviewed == date(2026, 1, 10)


def test_the_small_library_uses_every_kind_of_block(library: Make) -> None:
    handouts = load(library()).treatments["tiny"].handouts.values()
    assert {block.kind for handout in handouts for block in handout.blocks} == set(KINDS)


def test_a_clinic_is_its_contact_logo_inks_and_typeface(library: Make) -> None:
    clinics = load(library()).clinics
    rosewater, harbor = clinics["rosewater"], clinics["harbor"]
    assert rosewater.contact.treatments == {"tiny": {"price": Local("£120")}}
    assert rosewater.contact.emergency == "999"
    assert rosewater.logo == Asset("logo.svg", SVG.encode())
    assert rosewater.inks == Inks("#a1004b", "#006633")
    assert rosewater.typeface == Typeface("Atkinson Hyperlegible")
    assert harbor.contact.paper == "letter"
    assert harbor.logo == Asset("logo.png", PNG)
    assert harbor.inks == Inks("#0a3d62", "#0a3d62")


def test_a_clinic_brings_its_own_fonts(library: Make) -> None:
    fonts = (
        "typography:\n  base: Own\n  fonts:\n    - family: Own\n      files: [path: fonts/o.ttf]\n"
    )
    brand = str(FILES[BRAND]) + fonts
    root = library({BRAND: brand, f"{R}/fonts/o.ttf": b"\x00\x01\x00\x00rest"})
    typeface = load(root).clinics["rosewater"].typeface
    assert typeface == Typeface("Own", (Asset("o.ttf", b"\x00\x01\x00\x00rest"),))


@pytest.mark.parametrize(
    "typography",
    [
        "{base: {size: 12pt}}",
        "{base: Atkinson Hyperlegible, fonts: [{family: Own, files: [path: a.ttf]}]}",
        "{fonts: [{family: Atkinson Hyperlegible, source: system, files: [path: a.ttf]}]}",
    ],
)
def test_fonts_that_are_not_asked_for_are_not_read(typography: str, library: Make) -> None:
    loaded = load(library({BRAND: f"{text_of(BRAND)}typography: {typography}\n"}))
    assert said(loaded) == []
    assert loaded.clinics["rosewater"].typeface == Typeface("Atkinson Hyperlegible")


def test_all_risks_can_be_listed_at_once(library: Make) -> None:
    one_by_one = "  - risk_list: expected\n  - risk_list: some\n  - risk_list: serious\n"
    root = library(changed(CONSENT, one_by_one, "  - risk_list: all\n"))
    assert said(load(root)) == []


@dataclass(frozen=True)
class Change:
    """One entry of broken_libraries.txt."""

    path: str
    old: str
    new: str
    problems: list[str]

    @property
    def files(self) -> Files:
        text = f"\n{text_of(self.path)}"
        assert text.count(self.old) == 1, f"{self.old!r} must stand once in {self.path}"
        return {self.path: text.replace(self.old, self.new)[1:]}


def changes() -> Iterator[Change]:
    text = (Path(__file__).parent / "broken_libraries.txt").read_text(encoding="utf-8")
    for entry in re.split(r"\n\n+", text.strip()):
        path, *lines = entry.split("\n")
        if path.startswith("data/"):
            old, new, found = (
                [line[2:] for line in lines if line.startswith(sign)] for sign in ("- ", "+ ", "> ")
            )
            problems = [at if at.startswith("data/") else f"{path}:{at}" for at in found]
            assert len(old) + len(new) + len(found) == len(lines)
            yield Change(path, "\n" + "\n".join(old) + "\n", "\n".join(["", *new, ""]), problems)


@pytest.mark.parametrize("change", list(changes()), ids=lambda change: change.problems[0])
def test_one_change_is_named_at_its_place(change: Change, library: Make) -> None:
    assert said(load(library(change.files))) == change.problems


def test_there_are_many_broken_libraries() -> None:
    assert len(list(changes())) > 80


ANOTHER_LANGUAGE: Files = {
    "data/wording/es.yaml": text_of(WORDING),
    f"{T}/es/_words.yaml": text_of(WORDS),
    f"{T}/es/consent.yaml": text_of(CONSENT).replace("[risks, aftercare]", "[consent]"),
}

SEVERAL_FILES: dict[str, tuple[Files, list[str]]] = {
    "a file under a wrong name": (
        {CLINIC: None, f"{R}/clinc.yaml": text_of(CLINIC)},
        [
            f"{R}/clinc.yaml:1:1: nothing here is called 'clinc.yaml': did you mean clinic.yaml?",
            f"{CLINIC}:1:1: is missing",
        ],
    ),
    "no brand": ({BRAND: None}, [f"{BRAND}:1:1: is missing"]),
    "no facts": ({FACTS: None}, [f"{FACTS}:1:1: is missing"]),
    "no words": ({WORDS: None}, [f"{WORDS}:1:1: is missing"]),
    "no sources": ({SOURCES: None}, [f"{SOURCES}:1:1: is missing"]),
    "no wording": ({WORDING: None}, [f"{WORDING}:1:1: is missing: there are handouts in en"]),
    "no logo": ({LOGO: None}, [f"{BRAND}:3:7: logo: logo.svg is missing"]),
    "no clinics": (
        dict.fromkeys(name for name in FILES if "/clinics/" in name),
        ["data/clinics:1:1: holds no clinic: add a folder for each, with its clinic.yaml"],
    ),
    "no treatments": (
        {
            **dict.fromkeys(name for name in FILES if "/treatments/" in name),
            CLINIC: re.sub("(?s)treatments:.*", "treatments: {a: {}}", text_of(CLINIC)),
            f"{H}/clinic.yaml": None,
            f"{H}/_brand.yml": None,
            f"{H}/logo.png": None,
        },
        [
            "data/clinics/rosewater/clinic.yaml:15:14: "
            "there is no treatment 'a': add data/treatments/a/",
            "data/treatments:1:1: holds no treatment: add a folder for each, with its facts.yaml",
        ],
    ),
    "a treatment without handouts": (
        {"data/treatments/bare/facts.yaml": text_of(FACTS)},
        ["data/treatments/bare:1:1: has no handouts: add a folder for each language, such as `en`"],
    ),
    "a clinic's folder with a capital": (
        {"data/clinics/Rose/clinic.yaml": ""},
        [
            "data/clinics/Rose:1:1: not a folder's name: "
            "must be small letters, digits and hyphens, such as `cold-sores`"
        ],
    ),
    "a language's folder with a long name": (
        {f"{T}/english/risks.yaml": ""},
        [
            f"{T}/english:1:1: not a folder's name: "
            "must be a language in two small letters, such as `en`"
        ],
    ),
    "a handout with a capital": (
        {f"{EN}/Risks.yaml": ""},
        [
            f"{EN}/Risks.yaml:1:1: not a file's name: "
            "must be small letters, digits and hyphens, such as `cold-sores`"
        ],
    ),
    "a handout with another ending": (
        {f"{EN}/photos.yml": ""},
        [f"{EN}/photos.yml:1:1: nothing here is called 'photos.yml': did you mean photos.yaml?"],
    ),
    "another file with an underscore": (
        {f"{EN}/_word.yaml": ""},
        [f"{EN}/_word.yaml:1:1: nothing here is called '_word.yaml': did you mean _words.yaml?"],
    ),
    "a misspelt folder": (
        {"data/clincs/rosewater/clinic.yaml": ""},
        ["data/clincs:1:1: nothing here is called 'clincs': did you mean clinics?"],
    ),
    "something else": (
        {f"{T}/notes.doc": ""},
        [f"{T}/notes.doc:1:1: nothing here is called 'notes.doc': remove it"],
    ),
    "a file where a folder should be": (
        {**dict.fromkeys(name for name in FILES if "/wording/" in name), "data/wording": "x"},
        [
            "data/wording:1:1: is a file, must be a folder",
            f"{WORDING}:1:1: is missing: there are handouts in en",
        ],
    ),
    "a folder where a file should be": (
        {SOURCES: None, f"{SOURCES}/x": ""},
        [f"{SOURCES}:1:1: is a folder, must be a file"],
    ),
    "a file that is too large": (
        {CLINIC: "#" * (1024 * 1024 + 1)},
        [f"{CLINIC}:1:1: is larger than 1 MiB: make it smaller"],
    ),
    "a logo that is too large": (
        {LOGO: SVG + " " * 1024 * 1024},
        [f"{BRAND}:3:7: logo: logo.svg is larger than 1 MiB: make it smaller"],
    ),
    "a clinic in a language that nobody wrote": (
        changed(CLINIC, "[en]", "[en, es]"),
        [
            f"{CLINIC}:6:8: hours has no words in en, es: write `en: ...`, `es: ...` under it",
            f"{CLINIC}:9:9: out_of_hours.when has no words in en, es: "
            "write `en: ...`, `es: ...` under it",
            f"{CLINIC}:13:17: there is no data/wording/es.yaml: add it, or remove es",
            f"{CLINIC}:13:17: tiny has no handouts in es: add data/treatments/tiny/es/",
            f"{CLINIC}:17:12: treatments.tiny.price has no words in en, es: "
            "write `en: ...`, `es: ...` under it",
        ],
    ),
    "words for one of two languages": (
        {
            **ANOTHER_LANGUAGE,
            f"{H}/clinic.yaml": text_of(f"{H}/clinic.yaml")
            .replace("[en]", "[en, es]")
            .replace("label: Front desk", "label: {en: Desk, es: Mesa}")
            .replace("hours: Weekdays 8 to 4", "hours: {en: Weekdays, es: Laborables}")
            .replace("when: Other times", "when: {en: Other, es: Otras}")
            .replace("price: $150", "price: 150")
            .replace("record_number: MRN", "record_number: {en: MRN}"),
        },
        [f"{H}/clinic.yaml:16:16: record_number has no words in es: write `es: ...` under it"],
    ),
    "a default for one of two languages": (
        {**ANOTHER_LANGUAGE, **changed(FACTS, "value: 24", "value: {en: a day}")},
        [f"{FACTS}:4:12: figures.wash_hours.value has no words in es: write `es: ...` under it"],
    ),
    "a treatment in a language without wording": (
        {**ANOTHER_LANGUAGE, "data/wording/es.yaml": None},
        ["data/wording/es.yaml:1:1: is missing: there are handouts in es"],
    ),
    "a font that is no font": (
        {
            BRAND: text_of(BRAND)
            + "typography:\n  base: Own\n  fonts:\n    - family: Own\n      files:\n"
            + "        - path: a.ttf\n        - path: b.ttf\n        - path: c.woff\n",
            f"{R}/a.ttf": b"wOFF",
        },
        [
            f"{BRAND}:15:17: font: a.ttf is not a font, whatever its name says",
            f"{BRAND}:16:17: font: b.ttf is missing",
            f"{BRAND}:17:17: font: c.woff must be a .ttf or .otf file",
        ],
    ),
    "faults in several files": (
        {
            **changed(CLINIC, '"999"', "999"),
            **changed(FACTS, "code: TT", "code: tt"),
            **changed(CONSENT, "prompt:", "promt:"),
            **changed(SOURCES, "https:", "http:"),
            f"{H}/_brand.yml": "logo: [",
        },
        [
            f"{H}/_brand.yml:1:8: [ ] or {{ }} is not closed: "
            "put text that begins with [ or { in quotes",
            f'{CLINIC}:10:12: emergency: must be text, found 999: put it in quotes ("999")',
            "data/sources.yaml:3:8: tiny-trial.url: must be a link that starts with https://, "
            "such as `https://doi.org/10.1000/182`, found 'http://doi.org/10.1000/tiny'",
            f"{CONSENT}:19:5: unknown key 'promt' in lines: did you mean 'prompt'?",
            f"{FACTS}:1:7: code: must be two to six capital letters, such as `MN`, found 'tt'",
        ],
    ),
}


@pytest.mark.parametrize(("files", "problems"), SEVERAL_FILES.values(), ids=SEVERAL_FILES.keys())
def test_what_is_missing_or_astray_is_named(
    files: Files, problems: list[str], library: Make
) -> None:
    assert said(load(library(files))) == problems


@pytest.mark.parametrize(
    ("svg", "fault"),
    [
        ("<svg><script/></svg>", "has a script: export it as plain SVG"),
        ("<!DOCTYPE svg><svg/>", "has a DOCTYPE: export it as plain SVG"),
        (
            '<svg><image href="https://a.example/b.png"/></svg>',
            "draws on another file (https://a.example/b.png): export it with everything embedded",
        ),
        (
            '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><use xlink:href="b.svg#c"/></svg>',
            "draws on another file (b.svg#c): export it with everything embedded",
        ),
        (
            '<svg><rect style="fill: url( file:///etc/x )"/></svg>',
            "draws on another file (fill: url( file:///etc/x )): "
            "export it with everything embedded",
        ),
        (
            "<svg><style>@import 'a.css';</style></svg>",
            "draws on another file: export it with everything embedded",
        ),
        ("<html/>", "is not an SVG picture: its first element is not <svg>"),
        ("<svg>", "is not an SVG picture, whatever its name says: export it again"),
        (PNG, "is not an SVG picture, whatever its name says: export it again"),
    ],
)
def test_a_logo_must_be_a_picture_whole_in_itself(
    svg: str | bytes, fault: str, library: Make
) -> None:
    root = library({LOGO: svg})
    assert said(load(root)) == [f"{BRAND}:3:7: logo: logo.svg {fault}"]


def test_a_logo_may_refer_to_itself(library: Make) -> None:
    svg = '<svg><a id="b"/><use href="#b"/><rect fill="url(#b)"/><image href="data:,x"/></svg>'
    assert said(load(library({LOGO: svg}))) == []


@pytest.mark.parametrize(("name", "kind"), [("logo.png", "png"), ("logo.jpeg", "jpeg")])
def test_a_picture_must_be_what_its_name_says(name: str, kind: str, library: Make) -> None:
    root = library({**changed(BRAND, "logo.svg", name), f"{R}/{name}": b"GIF89a"})
    fault = f"is not a {kind} picture, whatever its name says: export it again"
    assert said(load(root)) == [f"{BRAND}:3:7: logo: {name} {fault}"]


def test_clutter_is_passed_over(library: Make) -> None:
    clutter = (".DS_Store", "clinic.yaml~", "README", "README.md", "notes.md", "#clinic.yaml#")
    folders = ("data", "data/clinics", R, T, EN, "data/wording", "data/treatments")
    files = {f"{folder}/{name}": ":" for folder in folders for name in clutter}
    assert said(load(library(files))) == []


def test_pictures_and_folders_beside_a_brand_file_are_its_own_affair(library: Make) -> None:
    files = {f"{R}/old-logo.jpg": b"", f"{R}/fonts/OFL.txt": "", "data/approvals.yaml": "{}"}
    assert said(load(library(files))) == []


@pytest.mark.parametrize("name", [CLINIC, "data/wording", R, LOGO])
def test_a_link_that_leads_out_is_refused(
    name: str, library: Make, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = library()
    outside = tmp_path_factory.mktemp("outside") / "moved"
    (root / name).rename(outside)
    (root / name).symlink_to(outside)
    loaded = load(root)
    assert any("leads out of the " in problem.message for problem in loaded.problems)
    assert "rosewater" not in loaded.clinics or "en" not in loaded.wording


def test_a_link_within_the_library_is_followed(library: Make) -> None:
    root = library()
    (root / LOGO).rename(root / R / "other.svg")
    (root / LOGO).symlink_to("other.svg")
    assert said(load(root)) == []


@pytest.mark.parametrize("name", [CLINIC, "data/wording", R, LOGO, "data/clinics"])
def test_a_link_in_a_circle_is_refused(name: str, library: Make) -> None:
    root = library()
    (root / name).rename(root / "moved")
    (root / name).symlink_to(root / name)
    assert load(root).problems != ()


def test_a_pipe_is_not_waited_for(library: Make) -> None:
    root = library({CLINIC: None})
    os.mkfifo(root / CLINIC)
    assert said(load(root)) == [f"{CLINIC}:1:1: is a device, must be a file"]


def test_a_name_that_is_not_text_can_be_printed(library: Make) -> None:
    root = library()
    Path(os.fsdecode(os.fsencode(root / EN) + b"/\xff.yaml")).write_bytes(b"")
    (problem,) = load(root).problems
    assert str(problem).encode("utf-8").startswith(f"{EN}/".encode())


def test_a_folder_without_a_library_is_a_problem(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert said(loaded) == ["data:1:1: is missing: put the clinics' and treatments' files there"]
    (tmp_path / "data").mkdir()
    assert [problem.path for problem in load(tmp_path).problems] == [
        "data/clinics",
        "data/sources.yaml",
        "data/treatments",
    ]


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        (CLINIC, {"rosewater"}),
        (BRAND, {"rosewater"}),
        (FACTS, {"tiny", "words", "risks", "consent", "aftercare"}),
        (WORDS, {"words"}),
        (RISKS, {"risks"}),
        (SOURCES, {"tiny-trial", "tiny-review"}),
        (WORDING, {"wording"}),
    ],
)
def test_what_has_a_problem_is_left_out_and_nothing_else(
    path: str, left_out: set[str], library: Make
) -> None:
    whole = load(library())
    loaded = load(library({path: f"{text_of(path)}\nzzz: 1\n"}))
    assert {problem.path for problem in loaded.problems} == {path}
    assert names(whole) - names(loaded) == left_out


def names(library: Library) -> set[str]:
    """A name for each thing that the library holds."""
    tiny = library.treatments.get("tiny")
    handouts = [handout for _, handout in tiny.handouts] if tiny else []
    words = ["words"] if tiny and tiny.words else []
    wording = ["wording"] if library.wording else []
    return {*library.clinics, *library.treatments, *library.sources, *handouts, *words, *wording}


@pytest.mark.parametrize("path", [CLINIC, BRAND, SOURCES, WORDING, FACTS, WORDS, RISKS])
def test_a_repeated_key_keeps_its_file_out(path: str, library: Make) -> None:
    whole = load(library())
    (key, *_) = re.findall("(?m)^[a-z-]+(?=:)", text_of(path))
    loaded = load(library({path: f"{text_of(path)}\n{key}: again\n"}))
    (problem,) = loaded.problems
    assert problem.path == path
    assert problem.message.startswith(f"`{key}` stands twice, first on line ")
    assert names(loaded) < names(whole)


def test_a_broken_handout_is_not_missing_too(library: Make) -> None:
    root = library({RISKS: "title: ["})
    assert {problem.path for problem in load(root).problems} == {RISKS}


def test_a_broken_treatment_is_not_missing_too(library: Make) -> None:
    root = library({FACTS: "code: [", WORDS: "name: ["})
    assert {problem.path for problem in load(root).problems} == {FACTS, WORDS}


def test_the_place_in_a_long_text_is_the_name_itself(library: Make) -> None:
    text = "      Über {sessions} or so.\n\n      And then {sesions}.\n"
    root = library(changed(RISKS, "      You will have {sessions} sessions.\n", text))
    (problem,) = load(root).problems
    line = (root / RISKS).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :] == "{sesions}."


def test_problems_come_in_order(library: Make) -> None:
    root = library(dict.fromkeys(FILES, "- x"))
    problems = load(root).problems
    assert len({problem.path for problem in problems}) > 5
    assert list(problems) == sorted(set(problems))


@pytest.mark.parametrize("name", FILES)
def test_random_bytes_never_raise(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = make_library(tmp_path_factory.mktemp("library"))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=80).filter(lambda data: not data.startswith(PNG[:8])))
    def holds(data: bytes) -> None:
        (root / name).write_bytes(data)
        assert said(load(root)) != []

    holds()


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("png")])
def test_one_wrong_character_never_raises_and_is_placed(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = make_library(tmp_path_factory.mktemp("library"))
    text = text_of(name)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(text)), st.sampled_from(list("\"'#:-[]{}|>*&!%@`?,\t\n \0é0~<")))
    def holds(index: int, character: str) -> None:
        broken = text[:index] + character + text[index:]
        (root / name).write_text(broken, encoding="utf-8", newline="")
        for problem in load(root).problems:
            if problem.path == name:
                lines = [*broken.split("\n"), ""]
                assert 1 <= problem.line <= len(lines)
                assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1

    holds()


def test_loading_needs_no_layout_no_templates_and_no_locale_data(library: Make) -> None:
    code = (
        "import sys; from pathlib import Path; from handouts.load import load; "
        "load(Path(sys.argv[1])); "
        "heavy = {'handouts', 'weasyprint', 'jinja2', 'babel', 'pikepdf'}; "
        "print(*heavy & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, library()], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["handouts"]


def test_the_root_is_the_nearest_folder_with_data(library: Make, tmp_path: Path) -> None:
    root = library()
    assert find_root(root) == root
    assert find_root(root / EN) == root
    (tmp_path / "other").mkdir()
    assert find_root(tmp_path / "other") == root
    assert find_root(Path("/proc")) is None

"""A library is read whole; what is wrong with it is said with its place, all at once."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from handouts import compose, fonts
from handouts.disk import find_root
from handouts.load import load
from handouts.model import KINDS, Asset, Library, Local, Typeface, Wording
from handouts.plan import plan
from tests.small import EN, FILES, PNG, SVG, H, R, T, make_library, png
from tests.test_explain import KINDS as KIND_OF
from tests.test_explain import problems as problems_of
from tests.test_explain import value_of

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
    return rewritten(path, {old: new})


def rewritten(path: str, changes: dict[str, str]) -> Files:
    text = text_of(path)
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return {path: text}


def with_kind(kind: str, price: str, default: str = "") -> Files:
    setting = f"price: {{kind: {kind}{default}}}"
    return {
        **changed(FACTS, "price: {}", setting),
        **changed(CLINIC, "price: £120", f"price: {price}"),
        **changed(f"{H}/clinic.yaml", "    price: $150\n", f"    price: {price}\n"),
    }


FONT_FAMILY = "IBM Plex Sans Arabic"


def font_file() -> bytes:
    folder = fonts.folder(FONT_FAMILY)
    assert folder
    return (folder / "IBMPlexSansArabic-Regular.ttf").read_bytes()


FONT = font_file()


def unnamed(font: bytes) -> bytes:
    """The font with every name taken out of it."""
    opened = TTFont(BytesIO(font))
    opened["name"].names = []
    saved = BytesIO()
    opened.save(saved)
    return saved.getvalue()


def with_font(family: str, font: bytes) -> Files:
    typography = (
        f"typography:\n  base: {family}\n  fonts:\n    - family: {family}\n"
        "      files: [path: fonts/o.ttf]\n"
    )
    return {BRAND: text_of(BRAND) + typography, f"{R}/fonts/o.ttf": font}


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
    assert tiny.handouts["en", "risks"].written == date(2026, 1, 10)


def test_the_small_library_uses_every_kind_of_block(library: Make) -> None:
    handouts = load(library()).treatments["tiny"].handouts.values()
    assert {block.kind for handout in handouts for block in handout.blocks} == set(KINDS)


def test_a_clinic_is_its_contact_logo_inks_and_typeface(library: Make) -> None:
    clinics = load(library()).clinics
    rosewater, harbor = clinics["rosewater"], clinics["harbor"]
    assert rosewater.contact.treatments == {"tiny": {"price": Local("£120")}}
    assert rosewater.contact.emergency == "999"
    assert rosewater.livery.logo.digest == sha256(SVG.encode()).hexdigest()
    assert (rosewater.livery.primary, rosewater.livery.accent) == ("#a1004b", "#006633")
    assert rosewater.livery.typeface == Typeface("Atkinson Hyperlegible")
    assert harbor.contact.paper == "letter"
    assert (harbor.livery.logo.name, harbor.livery.logo.pixels) == ("logo.png", (400, 200))
    assert (harbor.livery.primary, harbor.livery.accent) == ("#0a3d62", "#0a3d62")


def test_a_clinic_brings_its_own_fonts(library: Make) -> None:
    root = library(with_font(FONT_FAMILY, FONT))
    typeface = load(root).clinics["rosewater"].livery.typeface
    assert typeface == Typeface(FONT_FAMILY, (Asset("o.ttf", FONT),))


@pytest.mark.parametrize(
    "font",
    [b"true" + b"junk" * 100, b"OTTO", FONT[:1000], FONT[:-1], b"wOFF", unnamed(FONT)],
    ids=["junk", "start", "names", "tail", "other", "unnamed"],
)
def test_a_font_that_is_none_or_not_whole_is_refused(font: bytes, library: Make) -> None:
    said_of_it = f"{BRAND}:14:21: font: fonts/o.ttf is not a font, whatever its name says"
    assert said(load(library(with_font(FONT_FAMILY, font)))) == [said_of_it]


def test_what_the_font_reader_remarks_is_not_shown(library: Make) -> None:
    at = TTFont(BytesIO(FONT)).reader.tables["name"].offset + len("VVCC")
    root = library(with_font(FONT_FAMILY, FONT[:at] + b"\0\7" + FONT[at + 2 :]))
    command = [
        sys.executable,
        "-c",
        "from handouts.cli import main; main()",
        "check",
        "--root",
        root,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "fonts/o.ttf" in run.stdout + run.stderr
    assert "stringOffset" not in run.stderr


def test_a_font_must_be_of_the_family_that_it_is_named_for(library: Make) -> None:
    assert said(load(library(with_font("Own", FONT)))) == [
        f"{BRAND}:14:21: font: fonts/o.ttf calls itself 'IBM Plex Sans Arabic': "
        "write that for the family, wherever it is named"
    ]


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
    assert loaded.clinics["rosewater"].livery.typeface == Typeface("Atkinson Hyperlegible")


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
    f"{T}/es/consent.yaml": text_of(CONSENT).replace("1.1\n", "1.1\nfollows: 1.1\n"),
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
            CLINIC: re.sub(
                "(?s)treatments:.*", "treatments: {a: {}}\ncountry: GB\n", text_of(CLINIC)
            ),
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
        {"data/treatments/bare/facts.yaml": text_of(FACTS).replace("TT", "BB")},
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
            "must be the code of a language, such as `en`, `pt-BR` or `zh-Hant`"
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
    "a file that nothing reads": (
        {"data/aprovals.yaml": "{}"},
        [
            "data/aprovals.yaml:1:1: nothing here is called 'aprovals.yaml': "
            "did you mean approvals.yaml?"
        ],
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
            f"{BRAND}:16:17: font: b.ttf is missing: did you mean 'a.ttf'?",
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


ALL_AT_ONCE: dict[str, tuple[Files, list[str]]] = {
    "a clinic": (
        rewritten(
            CLINIC,
            {
                "phone: 020 7946 0000": "phone: [{number: ring us, label: {es: Mesa}}]",
                "paper: a4\n": "",
                "[en]": "[en, es, EN]",
                "  when: Nights and weekends": "  when: {en: Nights}",
                "treatments:\n": "treatments:\n  tinny: {}\n  Tiny: {zzz: 1}\n",
                "price: £120": "pirce: £120\n    sessions: [6, 3]",
            },
        ),
        [
            f"{CLINIC}:1:1: paper is missing: add `paper: ...`",
            f"{CLINIC}:5:18: phone.number: must be a phone number, "
            "such as `+44 20 7946 0000` or `020 7946 0000 ext. 4`, found 'ring us'",
            f"{CLINIC}:5:34: phone.label has no words in en: write `en: ...` under it",
            f"{CLINIC}:6:8: hours has no words in en, es: write `en: ...`, `es: ...` under it",
            f"{CLINIC}:9:9: out_of_hours.when has no words in es: write `es: ...` under it",
            f"{CLINIC}:13:17: there is no data/wording/es.yaml: add it, or remove es",
            f"{CLINIC}:13:17: tiny has no handouts in es: add data/treatments/tiny/es/",
            f"{CLINIC}:13:21: languages: must be the code of a language, "
            "such as `en`, `pt-BR` or `zh-Hant`, found 'EN'",
            f"{CLINIC}:15:3: there is no treatment 'tinny': did you mean 'tiny'?",
            f"{CLINIC}:16:3: treatments: the key must be small letters, digits and hyphens, "
            "such as `cold-sores`, found 'Tiny'",
            f"{CLINIC}:18:5: tiny has no setting 'pirce': did you mean 'price'?",
            f"{CLINIC}:18:12: treatments.tiny.pirce has no words in en, es: "
            "write `en: ...`, `es: ...` under it",
            f"{CLINIC}:19:15: treatments.tiny.sessions: a range goes from low to high",
        ],
    ),
    "a brand": (
        {
            BRAND: "logo: {medium: {light: none.svg, drak: x}}\nmeta: 5\n"
            "color: {primary: 5, secondary: rot, palette: {a: b, b: a, c: 5, d: e}}\n"
            "typography: {fonts: [5], base: {family: Own, weight: {}}}\n"
        },
        [
            f"{BRAND}:1:24: logo: none.svg is missing: did you mean 'logo.svg'?",
            f"{BRAND}:1:34: unknown key 'drak' in logo.medium: did you mean 'dark'?",
            f"{BRAND}:2:7: meta: must be `key: value` lines, found 5",
            f'{BRAND}:3:18: color.primary: must be text, found 5: put it in quotes ("5")',
            f"{BRAND}:3:32: color.secondary: must be a colour such as `#a1004b` "
            "or a name in the palette, found 'rot'",
            f"{BRAND}:3:50: color.palette.a: leads back to itself",
            f'{BRAND}:3:62: color.palette.c: must be text, found 5: put it in quotes ("5")',
            f"{BRAND}:3:68: color.palette.d: must be a colour such as `#a1004b` "
            "or a name in the palette, found 'e'",
            f"{BRAND}:4:22: typography.fonts: must be `key: value` lines, found 5",
            f"{BRAND}:4:54: typography.base.weight: must be text or a number, "
            "found `key: value` lines",
        ],
    ),
    "facts": (
        rewritten(
            FACTS,
            {
                "code: TT\n": "",
                "price: {}": "price: {default: {es: x}, sources: [tiny-rev]}\n  wash_hours: 5",
                "at_least: 9": "at_least: 11",
                "id: infection": "id: redness",
                "source: tiny-trial": "source: tiny-trail",
                "total: 40": "total: 2",
            },
        ),
        [
            f"{WORDS}:11:3: risk 'infection' is not in facts.yaml: remove it or add it there",
            f"{FACTS}:1:1: code is missing: add `code: ...`",
            f"{FACTS}:9:20: settings.price.default has no words in en: write `en: ...` under it",
            f"{FACTS}:9:39: source 'tiny-rev' is not in data/sources.yaml: "
            "did you mean 'tiny-review'?",
            f"{FACTS}:10:3: wash_hours is a figure too: rename one of them",
            f"{FACTS}:10:15: settings.wash_hours: must be `key: value` lines, found 5",
            f"{FACTS}:15:15: risks.at_least: must be 10 or less, found 11",
            f"{FACTS}:20:9: risks.studies: more events than people: swap `events` and `total`?",
            f"{FACTS}:22:17: source 'tiny-trail' is not in data/sources.yaml: "
            "did you mean 'tiny-trial'?",
            f"{FACTS}:24:9: 'redness' stands twice, first on line 12: rename or remove one",
        ],
    ),
    "words": (
        rewritten(
            WORDS,
            {
                "name: Tiny treatment\n": "",
                "like: Like mild sunburn.": "like: 5",
                "{wash_hours}": "{wash_huors}",
                "do: Call us.": "do: '# Call us'",
                "  infection:": "  infecton:",
            },
        ),
        [
            f"{WORDS}:1:1: name is missing: add `name: ...`",
            f"{WORDS}:1:1: risk 'infection' has no words: add `infection:` with name, like and do",
            f'{WORDS}:4:11: risks.redness.like: must be text, found 5: put it in quotes ("5")',
            f"{WORDS}:5:14: `{{wash_huors}}` is not a figure or setting of tiny: "
            "did you mean {wash_hours}?",
            f"{WORDS}:9:9: risks.cold-sores.do: a heading (#) cannot be used here: "
            "use a `heading` block",
            f"{WORDS}:10:3: risk 'infecton' is not in facts.yaml: did you mean 'infection'?",
        ],
    ),
    "a handout": (
        rewritten(
            CONSENT,
            {
                "title: Consent to tiny treatment\n": "",
                "lead: Please read": "lead: <b>Please</b> read",
                "review_by: 2028-01-10": "review_by: 2025-01-10",
                "  - risk_list: serious\n": "",
                "[risks, aftercare]": "[risks, aftercar, Risks]",
                "- lines: 3": "- id: agree\n    lines: 30",
                "prompt: My questions": "prompt: At {pirce}\n    sources: [tiny-rev, TINY]",
                "who: patient": "who: pateint",
                "I agree.": "'# I agree.'",
            },
        ),
        [
            f"{CONSENT}:1:1: title is missing: add `title: ...`",
            f"{CONSENT}:1:7: lead: raw HTML cannot be used here",
            f"{CONSENT}:4:12: review_by: must be later than `written`",
            f"{CONSENT}:9:16: the serious risks are not shown: add `- risk_list: serious`",
            f"{CONSENT}:10:23: there is no handout 'aftercar': did you mean 'aftercare'?",
            f"{CONSENT}:10:33: blocks.leaflets: must be small letters, digits and hyphens, "
            "such as `cold-sores`, found 'Risks'",
            f"{CONSENT}:16:9: 'agree' stands twice, first on line 13: rename or remove one",
            f"{CONSENT}:17:12: blocks.lines: must be 20 or less, found 30",
            f"{CONSENT}:18:16: `{{pirce}}` is not a figure or setting of tiny: "
            "did you mean {price}?",
            f"{CONSENT}:19:15: source 'tiny-rev' is not in data/sources.yaml: "
            "did you mean 'tiny-review'?",
            f"{CONSENT}:19:25: blocks.sources: must be small letters, digits and hyphens, "
            "such as `cold-sores`, found 'TINY'",
            f"{CONSENT}:21:14: blocks.signatures.who: must be patient, representative, "
            "clinician, witness or interpreter, found 'pateint': did you mean 'patient'?",
            f"{CONSENT}:22:20: blocks.signatures.statement: a heading (#) cannot be used here: "
            "use a `heading` block",
        ],
    ),
    "sources": (
        {
            **changed(SOURCES, "https:", "http:"),
            **changed(RISKS, "[tiny-review]", "[tiny-trial, tiny-rev]"),
        },
        [
            f"{SOURCES}:3:8: tiny-trial.url: must be a link that starts with https://, "
            "such as `https://doi.org/10.1000/182`, found 'http://doi.org/10.1000/tiny'",
            f"{RISKS}:14:27: source 'tiny-rev' is not in data/sources.yaml: "
            "did you mean 'tiny-review'?",
        ],
    ),
}


@pytest.mark.parametrize(("files", "problems"), ALL_AT_ONCE.values(), ids=ALL_AT_ONCE.keys())
def test_one_fault_hides_no_other_in_its_file(
    files: Files, problems: list[str], library: Make
) -> None:
    assert said(load(library(files))) == problems


ONLY_ITSELF: dict[str, tuple[Files, str]] = {
    "a setting of an unknown kind": (
        with_kind("txt", "5", ", default: free"),
        f"{FACTS}:10:17: settings.price.kind: must be number or text, found 'txt': "
        "did you mean 'text'?",
    ),
    "a setting whose kind is misspelt": (
        {**with_kind("text", "5"), **changed(FACTS, "price: {}", "price: {knid: text}")},
        f"{FACTS}:10:11: unknown key 'knid' in settings.price: did you mean 'kind'?",
    ),
    "a default that is none": (
        changed(FACTS, "default: [3, 6]", "default: true"),
        f"{FACTS}:8:14: settings.sessions.default: "
        "must be a whole number, a range [low, high] or text, found true",
    ),
    "a setting that is none, given": (
        {**with_kind("text", "5"), **changed(FACTS, "price: {}", "price: text")},
        f"{FACTS}:10:10: settings.price: must be `key: value` lines, found 'text'",
    ),
    "the only risk table": (
        {
            RISKS: re.sub(r"(?s)  - risk_table: some.*serious\n", "", text_of(RISKS)).replace(
                "risk_table: expected", "risk_tabel: expected"
            )
        },
        f"{RISKS}:15:5: unknown block 'risk_tabel': did you mean 'risk_table'?",
    ),
    "a risks handout without blocks": (
        {RISKS: re.sub(r"(?s)blocks:.*", "blocks: []\n", text_of(RISKS))},
        f"{RISKS}:7:9: blocks: must hold at least 1, found none",
    ),
    "a palette that is none": (
        {BRAND: re.sub(r"(?s)palette:.*?  primary", "palette: 5\n  primary", text_of(BRAND))},
        f"{BRAND}:5:12: color.palette: must be `key: value` lines, found 5",
    ),
    "a block of an unknown kind": (
        changed(RISKS, "risk_table: some", "risk_tabel: some"),
        f"{RISKS}:16:5: unknown block 'risk_tabel': did you mean 'risk_table'?",
    ),
    "two blocks of a kind in one": (
        changed(RISKS, "  - risk_table: some", "    risk_table: some"),
        f"{RISKS}:16:5: `risk_table` stands twice, first on line 15: keep one",
    ),
    "two blocks in one": (
        changed(
            RISKS,
            "  - heading: What to expect\n  - text: |",
            "  - risk_table: serious\n    text: |",
        ),
        f'{RISKS}:9:5: a block has one kind, found risk_table and text: start a new line with "- "',
    ),
    "a key that is a number": (
        changed(FACTS, "price: {}", "12: {}"),
        f"{FACTS}:10:3: a key must be text, found 12: put it in quotes",
    ),
    "a risk that is none": (
        changed(FACTS, "  - id: infection\n    group: serious\n    cases: 2\n    sources:", "  -"),
        f"{FACTS}:24:5: risks: must be `key: value` lines, found a list",
    ),
    "a risk with a wrong id": (
        changed(FACTS, "id: cold-sores", "id: cold_sores"),
        f"{FACTS}:17:9: risks.id: must be small letters, digits and hyphens, "
        "such as `cold-sores`, found 'cold_sores'",
    ),
    "a risk in a wrong group": (
        changed(FACTS, "group: some", "group: sum"),
        f"{FACTS}:18:12: risks.group: must be expected, some or serious, found 'sum'",
    ),
    "no risks": (
        {FACTS: re.sub("(?s)risks:.*", "risks: []\n", text_of(FACTS))},
        f"{FACTS}:11:8: risks: must hold at least 1, found none",
    ),
    "a setting that is none": (
        changed(FACTS, "price: {}", "price: 5"),
        f"{FACTS}:10:10: settings.price: must be `key: value` lines, found 5",
    ),
    "a setting under a wrong key": (
        changed(FACTS, "price: {}", "the-price: {}"),
        f"{FACTS}:10:3: settings: the key must be small letters, digits and _, "
        "such as `session_count`, found 'the-price'",
    ),
    "a default that points elsewhere": (
        changed(FACTS, "default: [3, 6]", "default: *sessions"),
        f"{FACTS}:8:14: `*sessions` points to another place: write it out here, "
        "or put text that begins with * in quotes",
    ),
    "settings under a slip of the key": (
        changed(FACTS, "settings:", "setings:"),
        f"{FACTS}:6:1: unknown key 'setings': did you mean 'settings'?",
    ),
    "a setting's value": (
        changed(CLINIC, "price: £120", "price: false"),
        f"{CLINIC}:17:12: treatments.tiny.price: "
        "must be a whole number, a range [low, high] or text, found false",
    ),
    "a setting's key": (
        changed(CLINIC, "price: £120", "Price: £120"),
        f"{CLINIC}:17:5: treatments.tiny: the key must be small letters, digits and _, "
        "such as `session_count`, found 'Price'",
    ),
    "a clinic's language": (
        changed(CLINIC, "[en]", "[en, EN]"),
        f"{CLINIC}:13:17: languages: must be the code of a language, "
        "such as `en`, `pt-BR` or `zh-Hant`, found 'EN'",
    ),
    "words under a wrong key": (
        changed(WORDS, "cold-sores:", "cold_sores:"),
        f"{WORDS}:7:3: risks: the key must be small letters, digits and hyphens, "
        "such as `cold-sores`, found 'cold_sores'",
    ),
    "words that are none": (
        changed(WORDS, "  cold-sores:\n    name: Cold sores", "  cold-sores:\n    nmae: Sores"),
        f"{WORDS}:8:5: unknown key 'nmae' in risks.cold-sores: did you mean 'name'?",
    ),
    "a source under a wrong key": (
        changed(SOURCES, "tiny-review:", "tiny_review:"),
        f"{SOURCES}:6:1: the key must be small letters, digits and hyphens, "
        "such as `cold-sores`, found 'tiny_review'",
    ),
    "a colour": (
        changed(BRAND, '"#A1004B"', "5"),
        f'{BRAND}:6:11: color.palette.rose: must be text, found 5: put it in quotes ("5")',
    ),
    "a logo": (
        changed(BRAND, "logo: logo.svg", "logo: 5"),
        f'{BRAND}:3:7: logo: must be text, found 5: put it in quotes ("5")',
    ),
    "a font's path": (
        {
            BRAND: f"{text_of(BRAND)}typography: "
            "{base: Own, fonts: [{family: Own, files: [5]}]}\n"
        },
        f'{BRAND}:10:55: typography.fonts.files: must be text, found 5: put it in quotes ("5")',
    ),
    "a font's source": (
        {
            BRAND: f"{text_of(BRAND)}typography: {{base: Own, "
            "fonts: [{family: Own, source: fiel, files: [path: a.ttf]}]}\n"
        },
        f"{BRAND}:10:55: typography.fonts.source: must be file, google, bunny or system, "
        "found 'fiel': did you mean 'file'?",
    ),
}


@pytest.mark.parametrize(("files", "problem"), ONLY_ITSELF.values(), ids=ONLY_ITSELF.keys())
def test_one_fault_brings_no_other_with_it(files: Files, problem: str, library: Make) -> None:
    assert said(load(library(files))) == [problem]


def test_things_without_a_sound_name_are_not_the_same_thing(library: Make) -> None:
    ids = {"id: redness": "id: Redness", "id: infection": "id: Infection"}
    found = load(library(rewritten(FACTS, ids))).problems
    assert [problem.message.split(",")[0] for problem in found] == [
        "risks.id: must be small letters"
    ] * 2


def one_thing_wrong(value: object) -> Iterator[object]:
    """The value with one part of it replaced, or one key of it written otherwise."""
    yield True
    if isinstance(value, dict):
        for key, inner in value.items():
            for wrong in one_thing_wrong(inner):
                yield {**value, key: wrong}
            for other in ("zz", "Zz?"):
                yield {other if name == key else name: item for name, item in value.items()}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for wrong in one_thing_wrong(inner):
                yield [*value[:index], wrong, *value[index + 1 :]]


@pytest.mark.parametrize("path", KIND_OF)
def test_whatever_does_not_fit_is_named_alone(path: str, library: Make) -> None:
    root = library()
    tried = 0
    for value in one_thing_wrong(value_of(path)):
        if expected := problems_of(value, KIND_OF[path]):
            (root / path).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
            found = load(root).problems
            assert [*found] == sorted(replace(problem, path=path) for problem in expected)
            tried += 1
    assert tried > 10


def test_nothing_with_a_hole_is_in_the_library(library: Make) -> None:
    for files, _ in ALL_AT_ONCE.values():
        loaded = load(library({**dict.fromkeys(FILES), **FILES, **files}))
        found = [loaded.clinics, loaded.treatments, loaded.sources, loaded.wording]
        assert "Hole" not in repr(found)
        assert {f"data/clinics/{name}/clinic.yaml" for name in loaded.clinics}.isdisjoint(files)
        assert {f"data/clinics/{name}/_brand.yml" for name in loaded.clinics}.isdisjoint(files)


def test_a_setting_and_a_clinics_settings_may_be_left_empty(library: Make) -> None:
    bare = changed(FACTS, "price: {}", "price:")
    assert said(load(library(bare))) == []
    given = changed(FACTS, "price: {}", "price: {default: free}")
    loaded = load(library({**given, **changed(CLINIC, "    price: £120\n", "")}))
    assert said(loaded) == []
    assert loaded.clinics["rosewater"].contact.treatments == {"tiny": {}}


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
    drawn = '<a id="b"/><use href="#b"/><rect width="1" height="1"/><use href=" #c "/>'
    assert said(load(library({LOGO: f'<svg viewBox="0 0 1 1">{drawn}</svg>'}))) == []


NO_SIZE = "has no size: give <svg> a viewBox with a width and a height above 0"


@pytest.mark.parametrize(
    ("attributes", "fault"),
    [
        ('viewBox="0 0 120 40"', None),
        ('viewBox=" -1.5,-.5 , 1e3 4e2 "', None),
        ('viewBox="0 0 1 1" width="100%" height="auto"', None),
        ('width="12.5mm" height="+4"', None),
        ('width=".5in" height="4e1px"', None),
        ("", NO_SIZE),
        ('width="120"', NO_SIZE),
        ('width="100%" height="100%"', NO_SIZE),
        ('width="120" height="0"', NO_SIZE),
        ('width="120" height="-4"', NO_SIZE),
        ('viewBox="0 0 120 40" width="0"', NO_SIZE),
        ('viewBox="0 0 120 0.0"', NO_SIZE),
        ('viewBox="0 0 -120 40"', NO_SIZE),
        ('viewBox="0 0 120"', NO_SIZE),
        ('viewBox="0 0 x 40" width="120" height="40"', NO_SIZE),
    ],
)
def test_a_drawing_must_have_a_size(attributes: str, fault: str | None, library: Make) -> None:
    root = library({LOGO: f"<svg {attributes}><rect width='9' height='9'/></svg>"})
    assert said(load(root)) == ([f"{BRAND}:3:7: logo: logo.svg {fault}"] if fault else [])


LETTERS = "has <text>, and fonts differ: turn the letters into shapes"
NOTHING = "draws nothing: export it again"


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("", NOTHING),
        ("<title>path</title><g/>", NOTHING),
        ("<defs><path/></defs>", NOTHING),
        ("<g><symbol><g><rect/></g></symbol></g>", NOTHING),
        ('<other:path xmlns:other="x:y"/>', NOTHING),
        ('<defs><g/></defs><g><path d="M0 0h1v1z"/></g>', None),
        ("<rect/><text>Rosewater</text>", LETTERS),
        ("<rect/><g><text/></g>", LETTERS),
        ('<rect width="1" height="1"/><other:text xmlns:other="x:y"/>', None),
    ],
)
@pytest.mark.parametrize("namespace", ["", ' xmlns="http://www.w3.org/2000/svg"'])
def test_a_drawing_must_draw_and_its_letters_must_be_shapes(
    inside: str, fault: str | None, namespace: str, library: Make
) -> None:
    root = library({LOGO: f'<svg viewBox="0 0 1 1"{namespace}>{inside}</svg>'})
    assert said(load(root)) == ([f"{BRAND}:3:7: logo: logo.svg {fault}"] if fault else [])


def jpeg(width: int, height: int) -> bytes:
    saved = BytesIO()
    Image.new("CMYK", (width, height), (255, 255, 0, 0)).save(saved, "JPEG")
    return saved.getvalue()


def tall(picture: bytes) -> bytes:
    """The JPEG with another height written in its frame header: no pixel more is in it."""
    at = picture.index(b"\xff\xc0") + 5
    return picture[:at] + b"\xff\xff" + picture[at + 2 :]


DAMAGED = "is damaged: export it again"
LARGE = "has {} pixels, can have 40 million at most: make it smaller"
BLURRED = "would print blurred: needs at least 40 px on its longer side, has {}"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("name", "picture", "fault"),
    [
        ("a.png", png(40, 4), None),
        ("a.png", png(5, 40), None),
        ("a.png", png(39, 39), BLURRED.format("39 × 39")),
        ("a.png", png(8000, 5000), None),
        ("a.png", png(8000, 5001), LARGE.format("8000 × 5001")),
        ("a.png", png(20_000, 20_000), LARGE.format("20000 × 20000")),
        ("a.png", PNG[:-20], DAMAGED),
        ("a.png", PNG[:40], DAMAGED),
        ("a.png", PNG[:8], DAMAGED),
        ("a.png", PNG[:50] + b"?" + PNG[51:], DAMAGED),
        ("a.jpg", jpeg(400, 200), None),
        ("a.JPEG", jpeg(30, 12), BLURRED.format("30 × 12")),
        ("a.jpg", tall(jpeg(4000, 20)), LARGE.format("4000 × 65535")),
        ("a.jpg", tall(jpeg(300, 20)), DAMAGED),
        ("a.jpg", jpeg(400, 200)[:-200], DAMAGED),
        ("a.jpg", jpeg(400, 200)[:20], DAMAGED),
    ],
    ids=range(16),
)
def test_a_picture_must_be_whole_and_neither_tiny_nor_huge(
    name: str, picture: bytes, fault: str | None, library: Make
) -> None:
    root = library({**changed(BRAND, "logo.svg", name), f"{R}/{name}": picture})
    assert said(load(root)) == ([f"{BRAND}:3:7: logo: {name} {fault}"] if fault else [])


@pytest.mark.parametrize(("name", "picture"), [("a.png", PNG), ("a.jpg", jpeg(400, 200))])
def test_a_half_picture_is_refused_though_the_layout_would_print_it(
    name: str, picture: bytes, library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    half = picture[: -len(picture) // 2]
    root = library({**changed(BRAND, "logo.svg", name), f"{R}/{name}": half})
    assert said(load(root)) == [f"{BRAND}:3:7: logo: {name} {DAMAGED}"]
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


@pytest.mark.parametrize("color", ["#fff", "#C98A9B", "#000"])
def test_any_colour_can_be_a_brands(color: str, library: Make) -> None:
    """What cannot be read in it is printed in a darker shade: see `inks` and the rule contrast."""
    assert said(load(library(changed(BRAND, "primary: main", f'primary: "{color}"')))) == []


TWO_SPLITS: Files = {
    f"data/treatments/{treatment}/{path.removeprefix(f'{T}/')}": FILES[path]
    for treatment, path in product(("a", "a-b"), (FACTS, WORDS))
} | {
    "data/treatments/a/facts.yaml": text_of(FACTS).replace("TT", "AA"),
    "data/treatments/a-b/facts.yaml": text_of(FACTS).replace("TT", "AB"),
    "data/treatments/a/en/b-c.yaml": text_of(AFTERCARE),
    "data/treatments/a-b/en/d.yaml": text_of(AFTERCARE),
}


@pytest.mark.parametrize("content", [text_of(AFTERCARE), "title: ["], ids=["whole", "broken"])
def test_no_two_handouts_have_one_pdf(content: str, library: Make) -> None:
    assert said(load(library(TWO_SPLITS))) == []
    problems = load(library({"data/treatments/a-b/en/c.yaml": content})).problems
    assert [str(problem) for problem in problems if "would become" in problem.message] == [
        "data/treatments/a-b/en/c.yaml:1:1: would become a-b-c.pdf, "
        "as would data/treatments/a/en/b-c.yaml: rename one of them"
    ]


@pytest.mark.parametrize("form", ["mono", "large-print", "booklet-mono"])
def test_no_handout_has_the_pdf_of_another_in_one_of_its_formats(form: str, library: Make) -> None:
    name = f"aftercare-{form}"
    problems = said(load(library({f"{EN}/{name}.yaml": text_of(AFTERCARE)})))
    assert problems[0] == (
        f"{EN}/aftercare.yaml:1:1: would become tiny-{name}.pdf in the format {form}, "
        f"as would {EN}/{name}.yaml: rename one of them"
    )
    assert len(problems) == 1


def test_no_two_treatments_have_one_code(library: Make) -> None:
    same = {**TWO_SPLITS, "data/treatments/a-b/facts.yaml": text_of(FACTS)}
    assert said(load(library(same))) == [
        "data/treatments/tiny/facts.yaml:1:7: code: TT is the code of "
        "data/treatments/a-b/facts.yaml too: give one of them another"
    ]


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("paper: a4", "paper: a4\u00a0", "paper", "a4"),
        ("phone: 020 7946 0000", "phone: 020\u00a07946\u202f0000", "phone", "020 7946 0000"),
        ("phone: 020 7946 0000", "phone: 020\u20117946\u20110000", "phone", "020-7946-0000"),
        ('emergency: "999"', "emergency: ９９９", "emergency", "999"),
        ("languages: [en]", "languages: [en\u00a0]", "languages", ("en",)),
        ("country: GB", "country: \u00a0ＧＢ", "country", "GB"),
        ("website: rosewater.example", "website: rosewater.example\u00a0", "website", None),
    ],
)
def test_what_was_pasted_for_spaces_hyphens_and_digits_is_taken(
    old: str, new: str, field: str, value: object, library: Make
) -> None:
    loaded = load(library(changed(CLINIC, old, new)))
    assert said(loaded) == []
    contact = loaded.clinics["rosewater"].contact
    found = contact.phone[0].number if field == "phone" else getattr(contact, field)
    assert found == (value or "rosewater.example")


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            changed(CLINIC, "paper: a4", "paper: a\u202f4"),
            f"{CLINIC}:14:8: paper: must be a4 or letter, found 'a 4': did you mean 'a4'?; "
            "in it is U+202F NARROW NO-BREAK SPACE at column 9: type it again",
        ),
        (
            changed(FACTS, "price: {}", "price: {kind: text\u00a0}"),
            f"{FACTS}:10:17: settings.price.kind: must be number or text, found 'text'; "
            "in it is U+00A0 NO-BREAK SPACE at column 21: type it again",
        ),
        (
            changed(CLINIC, "paper: a4", "\u00a0paper: a4"),
            f"{CLINIC}:14:1: unknown key 'paper': in it is U+00A0 NO-BREAK SPACE, which looks "
            "like another: type it again",
        ),
        (
            changed(CLINIC, "paper: a4", "paper: “a4”"),
            f"{CLINIC}:14:8: “a4” has curly quotes round it: use straight ones or none; if they "
            "are to be printed, put straight ones round all of it",
        ),
        (
            changed(CLINIC, "paper: a4", "paper: a4\u200b"),
            f"{CLINIC}:14:10: U+200B ZERO WIDTH SPACE, which nobody sees: delete it",
        ),
    ],
)
def test_a_character_that_looks_like_another_is_named(
    files: Files, problem: str, library: Make
) -> None:
    assert said(load(library(files))) == [problem]


@pytest.mark.parametrize(
    "address",
    [
        "www.Rosewater.example", "röse-wasser.example", "ROSEWATER.EXAMPLE/Skin", "例え.example",
        "xn--rse-wasser-ecb.example", "rosewater.example/", "الوردة.example",
    ],
)  # fmt: skip
def test_an_address_of_any_letters_is_taken_as_it_is_typed(address: str, library: Make) -> None:
    loaded = load(library(changed(CLINIC, "website: rosewater.example", f"website: {address}")))
    assert said(loaded) == []
    assert loaded.clinics["rosewater"].contact.website == address


@pytest.mark.parametrize(
    "address",
    ["https://rosewater.example", "rosewater", "rose water.example", "a@b.example", "1.2"],
)
def test_what_is_no_address(address: str, library: Make) -> None:
    (problem,) = said(load(library(changed(CLINIC, "website: rosewater", f"website: {address}#"))))
    assert "website: must be a web address without https://, such as `rosewater.ex" in problem


@pytest.mark.parametrize("language", ["zh-Hant", "pt-BR", "hmn", "es-419", "sr-Latn-RS", "de-1996"])
def test_a_language_is_any_that_bcp_47_can_name(language: str, library: Make) -> None:
    files = {
        f"data/wording/{language}.yaml": text_of(WORDING),
        f"data/glossary.{language}.yaml": "Pus: yellow fluid\n",
        f"{T}/{language}/_words.yaml": text_of(WORDS),
        f"{T}/{language}/consent.yaml": text_of(CONSENT).replace("1.1\n", "1.1\nfollows: 1.1\n"),
        **changed(CLINIC, "languages: [en]", f"languages: [{language}]"),
    }
    loaded = load(library(files))
    assert said(loaded) == []
    (edition,) = (each for each in plan(loaded).editions if each.clinic.id == "rosewater")
    placed = language in ("pt-BR", "es-419", "sr-Latn-RS")
    assert edition.body.locale == (language if placed else f"{language}-GB")
    assert compose.Composer(Path("none")).sheet(edition.body)


@pytest.mark.parametrize("language", ["EN", "zh_Hant", "zh-hant", "english", "pt-br", "e"])
def test_what_is_no_language(language: str, library: Make) -> None:
    problems = said(load(library(changed(CLINIC, "languages: [en]", f"languages: [{language}]"))))
    assert "such as `en`, `pt-BR` or `zh-Hant`" in problems[0]


@pytest.mark.parametrize(
    ("named", "there", "near"),
    [
        ("Béatrice.svg", "Be\u0301atrice.svg", "accents are encoded differently: rename"),
        ("logo2.svg", "Logo2.SVG", "which differs in capitals: write it so"),
        ("mark.svg", "mark.svg.svg", "which has its ending twice: rename the file"),
        ("'img\\\\mark.svg'", "img/mark.svg", "write 'img/mark.svg', with / for the backslash"),
        ("mark.svg", "img/mark.svg", "there is 'img/mark.svg', in a folder: write it so"),
        ("rosewatr.svg", "rosewater.svg", "did you mean 'rosewater.svg'?"),
    ],
)
def test_a_file_that_is_not_there_may_have_another_name(
    named: str, there: str, near: str, library: Make
) -> None:
    named = named.replace("\\\\", "\\")
    files = {**changed(BRAND, "logo: logo.svg", f"logo: {named}"), f"{R}/{there}": SVG}
    (problem,) = said(load(library(files)))
    assert " is missing: " in problem
    assert near in problem


def test_handouts_in_two_languages_do_not_share_a_pdf(library: Make) -> None:
    spanish = {
        "data/treatments/a-b/es/c.yaml": text_of(AFTERCARE),
        "data/treatments/a-b/es/_words.yaml": text_of(WORDS),
        "data/wording/es.yaml": text_of(WORDING),
    }
    assert said(load(library({**TWO_SPLITS, **spanish}))) == []


NOT_TEXT = 'write it as it is to be printed, such as "£180"'
NO_NUMBER = "write digits without quotes, such as 4 or [3, 6]"


@pytest.mark.parametrize(
    ("kind", "price", "fault"),
    [
        ("text", "£180", None),
        ("text", "{en: £180}", None),
        ("text", "180", f"text, found 180: {NOT_TEXT}"),
        ("text", "[180, 220]", f"text, found a list: {NOT_TEXT}"),
        ("number", "180", None),
        ("number", "[180, 220]", None),
        ("number", '"180"', f"a number, found '180': {NO_NUMBER}"),
        ("number", "{en: many}", f"a number, found `key: value` lines: {NO_NUMBER}"),
    ],
)
def test_a_clinics_setting_is_of_the_kind_that_is_asked_for(
    kind: str, price: str, fault: str | None, library: Make
) -> None:
    found = said(load(library(with_kind(kind, price))))
    places = (f"{H}/clinic.yaml:19:12", f"{CLINIC}:17:12")
    assert found == [f"{place}: price must be {fault}" for place in places if fault]


@pytest.mark.parametrize(
    ("default", "price", "fault"),
    [
        ("free", "180", f"text, found 180: {NOT_TEXT}"),
        ("5", "cheap", f"a number, found 'cheap': {NO_NUMBER}"),
        ("[5, 9]", "cheap", f"a number, found 'cheap': {NO_NUMBER}"),
        ("[5, 9]", "7", None),
        ("free", "£180", None),
    ],
)
def test_a_setting_is_of_the_kind_of_its_default(
    default: str, price: str, fault: str | None, library: Make
) -> None:
    files = {
        **changed(FACTS, "price: {}", f"price: {{default: {default}}}"),
        **changed(CLINIC, "price: £120", f"price: {price}"),
        **changed(f"{H}/clinic.yaml", "    price: $150\n", ""),
    }
    expected = [f"{CLINIC}:17:12: price must be {fault}"] if fault else []
    assert said(load(library(files))) == expected


def test_a_default_is_of_the_kind_of_its_setting(library: Make) -> None:
    assert said(load(library(with_kind("text", "£5", ", default: 180")))) == [
        f"{FACTS}:10:32: price must be text, found 180: {NOT_TEXT}"
    ]
    assert said(load(library(with_kind("number", "5", ", default: x")))) == [
        f"{FACTS}:10:34: price must be a number, found 'x': {NO_NUMBER}"
    ]


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
    files = {f"{R}/old-logo.jpg": b"", f"{R}/fonts/OFL.txt": ""}
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

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.binary(max_size=80))
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

    @settings(
        max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
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

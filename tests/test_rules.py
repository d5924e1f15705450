"""Each editorial rule finds a planted fault at its place, and is silent on good text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from handouts.check import RULES, check
from handouts.contacts import NEVER_ALLOWED
from handouts.errors import Problem
from handouts.load import load_with_places
from handouts.rules import SHEET_RULES
from tests.program import run
from tests.small import EN, FILES, ROSEWATER_BRAND, SVG, H, R, T, png

Make = Callable[..., Path]
Files = dict[str, str | bytes | None]
TODAY = date(2026, 11, 21)
SHEET = f"{EN}/aftercare.yaml"
BAND = f"{ROSEWATER_BRAND}defaults: {{handouts: {{letterhead: band}}}}\n"
LEAD = "How to look after your skin."


def text(path: str) -> str:
    found = FILES[path]
    assert isinstance(found, str)
    return found


def changed(path: str, old: str, new: str) -> Files:
    assert text(path).count(old) == 1, (path, old)
    return {path: text(path).replace(old, new)}


def lead(words: str) -> Files:
    return changed(SHEET, LEAD, words)


def found(root: Path, today: date = TODAY) -> list[Problem]:
    library, documents = load_with_places(root)
    assert library.problems == ()
    return list(check(library, documents, today).problems)


@dataclass(frozen=True)
class Case:
    """A fault and good text for one rule; `place` is where it is said, and `says` what."""

    rule: str
    bad: Files
    place: str
    says: str
    good: Files
    warning: bool = False


LONG_WORDS = (
    "Individuals undergoing dermatological microneedling procedures necessarily experience "
    "considerable inflammatory responses subsequently accompanied by regenerative cellular "
    "proliferation throughout approximately comparable intervals, notwithstanding "
    "particularly meticulous postoperative administration."
)
PLAIN = "Keep your skin clean. Wash it with warm water. Pat it dry with a soft towel. Call us."

CASES = [
    Case(
        "reading-grade",
        lead(f"{LONG_WORDS} {LONG_WORDS}"),
        f"{SHEET}:1:8",
        "aim at 7 or less",
        lead(f"{PLAIN} {PLAIN.replace('skin', 'arm')}"),
    ),
    Case(
        "sentence-length",
        lead("You wash " + "and you dry your skin " * 6 + "once more."),
        f"{SHEET}:2:7",
        "words in a sentence, 20 at most",
        lead("You wash and you dry your skin. " * 2 + "Then you rest."),
    ),
    Case(
        "absolute-word",
        lead("The needles are completely safe for you."),
        f"{SHEET}:2:23",
        "“completely safe” promises too much",
        lead("It is not safe for all. It does not remove scars."),
    ),
    Case(
        "promotion",
        lead("You get a youthful glow."),
        f"{SHEET}:2:17",
        "“youthful” advertises",
        lead("Your skin may look a little smoother."),
    ),
    Case(
        "stop-medicine",
        lead("Stop taking your blood thinners the day before."),
        f"{SHEET}:2:7",
        "nobody stops a medicine",
        lead("Do not stop your blood thinners. Ask whoever prescribed them."),
    ),
    Case(
        "waiver",
        lead("You waive all claims by signing."),
        f"{SHEET}:2:11",
        "takes rights away",
        lead("You do not waive any rights by signing."),
    ),
    Case(
        "frequency-word",
        lead("Bruises are common."),
        f"{SHEET}:2:19",
        "“common” without a number",
        lead("Bruises are common after {wash_hours} hours."),
    ),
    Case(
        "one-denominator",
        changed(f"{EN}/_words.yaml", "Small blisters.", "In 1 in 50 people. Call us."),
        f"{EN}/_words.yaml:9:14",
        "“1 in 50” is not out of 10",
        changed(f"{EN}/_words.yaml", "Small blisters.", "Small sores on the lip."),
    ),
    Case(
        "gloss",
        lead("You may get dermatitis."),
        f"{SHEET}:2:19",
        "“dermatitis” is not explained",
        lead("You may get a rash (dermatitis). Dermatitis may itch."),
    ),
    Case(
        "number-in-prose",
        lead("Wait 24 hours."),
        f"{SHEET}:2:12",
        "“24” stands in the text",
        lead("Wait {wash_hours} hours, and wash 3rd-party creams off twice a day."),
    ),
    Case(
        "warning-sign",
        lead("Some people find it hard to breathe."),
        f"{SHEET}:2:27",
        "“hard to breathe” is a warning sign",
        lead("If you find it hard to breathe, get emergency help."),
    ),
    Case(
        "no-call-box",
        changed(SHEET, "  - call_box: true\n", ""),
        f"{SHEET}:7:1",
        "does not say whom to call",
        {},
    ),
    Case(
        "clinic-detail",
        lead("Write to care@rosewater.co about it."),
        f"{SHEET}:2:16",
        "“care@rosewater.co” belongs in a clinic's own files",
        lead("Write to us about it."),
    ),
    Case(
        "named-person",
        lead("Ask Dr Jones about it."),
        f"{SHEET}:2:11",
        "“Dr Jones” names a person",
        lead("Ask the doctor about it."),
    ),
    Case(
        "duplicate-sentence",
        changed(SHEET, "[Drink water.]", f'["{LEAD}"]'),
        f"{SHEET}:9:15",
        "stands on line 2 too",
        {},
        warning=True,
    ),
    Case(
        "no-references",
        changed(SHEET, "  - references: true\n", ""),
        f"{SHEET}:7:1",
        "does not say where it comes from",
        {},
    ),
    Case(
        "unsourced",
        changed(SHEET, "  - sources: [tiny-review]\n    steps:", "  - steps:"),
        f"{SHEET}:10:5",
        "names no source",
        {},
    ),
    Case(
        "review-date",
        changed(SHEET, "review_by: 2028-01-10", "review_by: 2026-11-20"),
        f"{SHEET}:5:12",
        "should have been reviewed by 2026-11-20",
        changed(SHEET, "review_by: 2028-01-10", "review_by: 2027-06-01"),
    ),
    Case(
        "review-date",
        changed(SHEET, "review_by: 2028-01-10", "review_by: 2026-12-20"),
        f"{SHEET}:5:12",
        "begin now",
        {},
        warning=True,
    ),
    Case(
        "heading",
        changed(SHEET, "  - call_box: true\n", "  - heading: Empty\n  - call_box: true\n"),
        f"{SHEET}:25:5",
        "a heading with nothing under it",
        {},
    ),
    Case(
        "phone-number",
        changed(f"{R}/clinic.yaml", "020 7946 0000", "0909 879 0000"),
        f"{R}/clinic.yaml:5:8",
        "costs patients extra",
        changed(f"{R}/clinic.yaml", "020 7946 0000", "+44 20 7946 0000"),
    ),
    Case(
        "emergency-number",
        changed(f"{R}/clinic.yaml", '"999"', '"911"'),
        f"{R}/clinic.yaml:10:12",
        "911 is not an emergency number in GB",
        changed(f"{R}/clinic.yaml", '"999"', '"112"'),
    ),
    Case(
        "fictional",
        changed(f"{R}/clinic.yaml", "020 7946 0000", "020 7947 0000"),
        f"{R}/clinic.yaml:19:12",
        "says the clinic is invented, but 020 7947 0000 can be somebody's",
        changed(f"{R}/clinic.yaml", "020 7946 0000", "01632 960000"),
    ),
    Case(
        "placeholder",
        changed(f"{R}/clinic.yaml", "price: £120", "price: £TBC"),
        f"{R}/clinic.yaml:17:12",
        "“TBC” waits to be replaced",
        changed(f"{R}/clinic.yaml", "price: £120", "price: £130"),
    ),
    Case(
        "contrast",
        changed(f"{R}/_brand.yml", '"#A1004B"', '"#eecc66"'),
        f"{R}/_brand.yml:8:12",
        "#eecc66 has a contrast of 1.5 on paper, and text needs 4.5: "
        "titles are printed in #88743a; "
        "lines and marks need 3: they are printed in #aa9249",
        changed(f"{R}/_brand.yml", '"#063"', '"#eecc66"'),
        warning=True,
    ),
    Case(
        "contrast",
        {f"{R}/_brand.yml": BAND.replace('"#A1004B"', '"#7a7a7a"')},
        f"{R}/_brand.yml:8:12",
        "no text can be read on it: the band is printed in #767676",
        {f"{R}/_brand.yml": BAND},
        warning=True,
    ),
    Case(
        "logo-sharpness",
        {f"{H}/logo.png": png(120, 60)},
        f"{H}/_brand.yml:2:3",
        "the logo is printed 29 mm wide at 105 dots to the inch",
        {f"{H}/logo.png": png(200, 100)},
        warning=True,
    ),
    Case(
        "logo-picture",
        {f"{R}/logo.svg": SVG.replace("<rect", '<rect style="filter:blur(2px)"')},
        f"{R}/_brand.yml:3:7",
        "the logo has a filter: it is printed as a picture of 600 dots to the inch",
        {f"{R}/logo.svg": SVG},
        warning=True,
    ),
    Case(
        "no-effect",
        changed(
            f"{R}/_brand.yml",
            "color:\n",
            "typography: {link: {color: rose}}\ncolor:\n  tertiary: rose\n",
        ),
        f"{R}/_brand.yml:4:20",
        "not used on paper: typography.link, color.tertiary",
        changed(
            f"{R}/_brand.yml",
            "logo: logo.svg",
            "logo: logo.svg\ntypography: {headings: {weight: 500}}",
        ),
        warning=True,
    ),
    Case(
        "source",
        changed("data/sources.yaml", "  supports: That inf", "  supports: That  inf")
        | {"data/sources.yaml": text("data/sources.yaml").replace("2026-01-10", "2029-01-10", 1)},
        "data/sources.yaml:4:9",
        "2029-01-10 is still to come",
        {},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.says}")
def test_a_planted_fault_is_found_at_its_place(case: Case, library: Make) -> None:
    said = [problem for problem in found(library(case.bad)) if problem.rule == case.rule]
    assert said, "nothing found"
    first = said[0]
    assert (f"{first.path}:{first.line}:{first.column}", first.warning) == (
        case.place,
        case.warning,
    )
    assert case.says in first.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.says}")
def test_good_text_is_left_in_peace(case: Case, library: Make) -> None:
    assert [problem for problem in found(library(case.good)) if problem.rule == case.rule] == []


def test_a_clinics_own_words_are_read_as_well(library: Make) -> None:
    own = (
        "- {sheet: tiny/consent, language: en, block: agree, reason: Ours,\n"
        "   add: [{text: It is completely safe. Stop your tablets., sources: []}]}\n"
    )
    problems = found(library({f"{R}/wording.yaml": own}))
    assert [(each.rule, each.path, each.line, each.column) for each in problems] == [
        ("absolute-word", f"{R}/wording.yaml", 2, 23),
        ("stop-medicine", f"{R}/wording.yaml", 2, 40),
    ]


def test_a_clinics_settings_and_labels_are_read_as_well(library: Make) -> None:
    files = {
        f"{R}/clinic.yaml": text(f"{R}/clinic.yaml")
        .replace("when: Nights and weekends", "when: Completely safe")
        .replace("price: £120", "price: Painless, guaranteed"),
    }
    problems = found(library(files))
    assert {(each.rule, each.path) for each in problems} == {("absolute-word", f"{R}/clinic.yaml")}
    assert len(problems) == 3


def test_the_small_library_has_nothing_to_find(library: Make) -> None:
    assert found(library()) == []


def french(library: Make) -> Path:
    """The library with a sheet in French, which has no list of words and no formula."""
    promise = text(SHEET).replace("Drink water.", "Totalement sans danger et garanti.")
    offered = text(f"{R}/clinic.yaml").replace("[en]", "[fr]")
    return library(
        {
            "data/wording/fr.yaml": text("data/wording/en.yaml"),
            f"{T}/fr/_words.yaml": text(f"{EN}/_words.yaml"),
            f"{T}/fr/aftercare.yaml": promise.replace("1.0\n", "1.0\nfollows: 1.0\n", 1),
            f"{R}/clinic.yaml": offered,
        }
    )


def test_a_language_of_which_rules_say_nothing_is_named(library: Make, tmp_path: Path) -> None:
    root = french(library)
    (problem,) = (each for each in found(root) if each.rule == "unchecked")
    assert (problem.path, problem.line, problem.warning, problem.note) == (
        "data/wording/fr.yaml", 4, True, False,
    )  # fmt: skip
    assert problem.message == (
        "there is no handouts/vocabularies/fr.yaml, so these rules say nothing of sheets in fr: "
        "absolute-word, promotion, stop-medicine, waiver, frequency-word, gloss, warning-sign, "
        "named-person, reading-grade: whoever approves has to look for such things alone"
    )
    signed = ("--by", "A. Reader", "--role", "Director", "--root", root)
    assert (
        "no rule has looked in fr for: absolute-word"
        in run("approve", "tiny/aftercare", "-l", "fr", *signed).stderr
    )
    run("check", "--report", tmp_path / "r.html", "--root", root)
    report = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Say nothing in this language, so that a person has to look: absolute-word" in report
    assert report.count("Say nothing") == 1


WITH_TESTS_OF_THEIR_OWN = {
    "other-numbers",
    "same-clinic",
    "translation",
    "unchecked",
    "version",
    "wording",
}


def test_every_rule_is_tried() -> None:
    assert {case.rule for case in CASES} | WITH_TESTS_OF_THEIR_OWN == set(RULES)
    assert len(SHEET_RULES) > 15


def test_numbers_and_addresses_of_stories_are_for_invented_clinics_only(library: Make) -> None:
    real = {
        f"{folder}/clinic.yaml": text(f"{folder}/clinic.yaml").replace("fictional: true\n", "")
        for folder in (R, H)
    }
    said = {(problem.rule, problem.path) for problem in found(library(real))}
    assert ("phone-number", f"{R}/clinic.yaml") in said
    assert ("phone-number", f"{H}/clinic.yaml") in said
    assert ("placeholder", f"{R}/clinic.yaml") in said


ALLOWED = "# allow absolute-word: the word is discussed, not claimed"


@pytest.mark.parametrize(
    "files",
    [
        lead(f"It is safe.  {ALLOWED}"),
        changed(SHEET, f"lead: {LEAD}", f"{ALLOWED}\nlead: >-\n  We wash it.\n  It is safe."),
        changed(
            SHEET,
            "  - sources: []\n    bullets: [Drink water.]",
            f"  {ALLOWED}\n  - sources: []\n    bullets:\n      - Drink.\n      - It is safe.",
        ),
    ],
    ids=["at the end of the line", "above a key", "above a block"],
)
def test_a_rule_is_silenced_with_a_reason(files: Files, library: Make) -> None:
    root = library(files)
    assert found(root) == []
    loaded, documents = load_with_places(root)
    allowed = check(loaded, documents, TODAY).allowed
    (reason,) = [each.reason for problem, each in allowed if problem.rule == "absolute-word"]
    assert reason == "the word is discussed, not claimed"


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# allow absolute-word", "says no reason"),
        ("# allow absolut-word: because", "did you mean absolute-word?"),
        ("# allow promotion: because", "nothing here breaks it"),
    ],
)
def test_an_allowance_that_allows_nothing_is_named(comment: str, says: str, library: Make) -> None:
    problems = found(library(lead(f"It is safe.  {comment}")))
    assert {problem.rule for problem in problems} == {"absolute-word", "allow"}
    assert says in next(problem.message for problem in problems if problem.rule == "allow")


@pytest.mark.parametrize("rule", NEVER_ALLOWED)
def test_what_protects_patients_cannot_be_allowed(rule: str, library: Make) -> None:
    comment = f"# allow {rule}: the owner is American"
    files = changed(f"{R}/clinic.yaml", 'emergency: "999"', f'emergency: "911"  {comment}')
    problems = {problem.rule: problem.message for problem in found(library(files))}
    assert problems["emergency-number"].startswith("911 is not an emergency number in GB")
    assert problems["allow"] == (
        f"{rule} protects patients and cannot be allowed: mend what it says"
    )


def test_an_allowance_covers_its_own_place_only(library: Make) -> None:
    files = changed(SHEET, f"lead: {LEAD}", f"{ALLOWED}\nlead: It is safe.")
    files[SHEET] = str(files[SHEET]).replace("Drink water.", "Water is safe.")
    (problem,) = found(library(files))
    assert (problem.rule, problem.line) == ("absolute-word", 10)


def test_nothing_depends_on_the_order_of_files(library: Make) -> None:
    root = library(lead("It is safe. Bruises are common. Ask Dr Jones."))
    assert found(root) == sorted(found(root))
    assert len(found(root)) == 3

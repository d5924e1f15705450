"""Names are filled in, terms explained once, words spelled as the country does, clinics heard."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from markupsafe import Markup

from handouts import reading
from handouts.body import Body
from handouts.compose import Composer
from handouts.load import load
from handouts.model import prose
from handouts.plan import plan
from tests.small import EN, FILES, H, R, T

Make = Callable[..., Path]
SHEET = f"{EN}/aftercare.yaml"


def bodies(root: Path) -> dict[str, Body]:
    library = load(root)
    assert library.problems == ()
    return {edition.path: edition.body for edition in plan(library).editions}


def said(root: Path, clinic: str = "rosewater", sheet: str = "aftercare") -> str:
    body = bodies(root)[f"{clinic}/en/tiny-{sheet}.pdf"]
    return "\n".join(piece.text for piece in reading.pieces(body))


def sheet(lead: str, drink: str = "Drink water.") -> str:
    whole = str(FILES[SHEET]).replace("lead: How to look after your skin.", f"lead: {lead}")
    return whole.replace("[Drink water.]", json.dumps([drink]))


GLOSSARY = "keloid: {forms: [keloids], gloss: a raised scar}\nretinoid: a vitamin A cream\n"


@pytest.mark.parametrize(
    ("lead", "drink", "expected"),
    [
        ("Keloids may form.", "Ask about keloids.", "Keloids (a raised scar) may form."),
        ("A raised scar (keloid) may form.", "Ask about keloids.", "A raised scar (keloid) may"),
        ("Keloids (bumps) may form.", "Ask about keloids.", "Keloids (bumps) may form."),
        ("See [this](https://example.com/keloid).", "x", "(https://example.com/keloid)"),
        ("A keloidal scar.", "x", "A keloidal scar."),
    ],
)
def test_a_term_is_explained_where_it_first_stands_unless_the_author_has(
    lead: str, drink: str, expected: str, library: Make
) -> None:
    text = said(library({SHEET: sheet(lead, drink), "data/glossary.en.yaml": GLOSSARY}))
    assert expected in text
    assert text.count("a raised scar") <= 1
    assert drink in text.splitlines()


def test_titles_and_questions_are_left_as_they_are_and_answers_explained(library: Make) -> None:
    risks = str(FILES[f"{EN}/risks.yaml"]).replace("What to expect", "About keloids")
    risks = risks.replace("Does it hurt?", "What is a keloid?").replace("A little.", "A keloid.")
    text = said(
        library({f"{EN}/risks.yaml": risks, "data/glossary.en.yaml": GLOSSARY}), sheet="risks"
    )
    assert "About keloids\n" in text
    assert "What is a keloid?\n" in text
    assert "A keloid (a raised scar).\n" in text


def test_a_term_among_the_risks_is_explained_once_in_the_order_of_the_page(library: Make) -> None:
    words = str(FILES[f"{EN}/_words.yaml"])
    words = words.replace("Like mild sunburn.", "Like a keloid.").replace("Call us.", "No keloid.")
    files = {f"{EN}/_words.yaml": words, "data/glossary.en.yaml": GLOSSARY}
    text = said(library(files), sheet="risks")
    assert "Like a keloid (a raised scar)." in text
    assert "No keloid." in text


US = "data/spelling/en-US.yaml"


def test_a_country_spells_in_its_own_way(library: Make) -> None:
    files = {
        SHEET: sheet("Moisturise. A fibre is grey, see {wash_hours}.", "Colour [it](https://x.co/grey)."),
        US: "moisturise: moisturize\nfibre: fiber\ngrey: gray\ncolour: color\n",
    }  # fmt: skip
    root = library(files)
    assert "Moisturise. A fibre is grey, see 24." in said(root)
    assert "Moisturize. A fiber is gray, see 24." in said(root, "harbor")
    assert "Color [it](https://x.co/grey)." in said(root, "harbor")


def test_a_clinics_own_words_keep_their_spelling(library: Make) -> None:
    files = {
        f"{H}/clinic.yaml": str(FILES[f"{H}/clinic.yaml"]).replace("$150", "$150 in grey coins"),
        US: "grey: gray\n",
    }
    assert "$150 in grey coins" in said(library(files), "harbor", "risks").replace("\\", "")


def test_dates_are_written_as_the_country_writes_them_on_one_line(library: Make) -> None:
    root = library()
    found = bodies(root)
    for clinic, day in (
        ("rosewater", "10\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2028"),
        ("harbor", "Jan\N{NO-BREAK SPACE}10,\N{NO-BREAK SPACE}2028"),
    ):
        html = Composer(root).sheet(found[f"{clinic}/en/tiny-risks.pdf"]).html
        assert f"next review by {day}" in html


OWN = {"sheet": "tiny/aftercare", "language": "en", "block": "drink", "reason": "Our tap."}
OPEN = sheet("Hello.").replace(
    "  - sources: []\n    bullets", "  - id: drink\n    sources: []\n    open: true\n    bullets"
)


def own(**changes: object) -> dict[str, str]:
    return {SHEET: OPEN, f"{R}/wording.yaml": json.dumps([{**OWN, **changes}])}


NEW = [{"text": "Drink our {wash_hours} water.", "sources": []}]


def test_a_clinic_replaces_an_open_block_in_its_own_sheets_only(library: Make) -> None:
    root = library(own(replace=NEW))
    assert "Drink our 24 water." in said(root)
    assert "Drink water." not in said(root)
    assert "Drink water." in said(root, "harbor")


def test_a_clinic_adds_after_any_block(library: Make) -> None:
    text = said(library({**own(add=NEW), SHEET: OPEN.replace("    open: true\n", "")}))
    assert text.index("Drink water.") < text.index("Drink our 24 water.") < text.index("Wash after")


SHUT = {SHEET: OPEN.replace("    open: true\n", "")}
LOCKED = [
    (own(replace=NEW) | SHUT, "drink is locked: use `add`"),
    (own(add=NEW, block="drnk"), "no block 'drnk': did you mean 'drink'?"),
    (own(add=[{"call_box": True}]), "a clinic cannot bring a call_box block"),
    (own(add=[{"text": "{nosuch}"}]), "`{nosuch}` is not a figure or setting"),
    (own(add=[{"text": "# x"}]), "a heading (#)"),
    (own(add=[{"text": "x", "sources": ["nosuch"]}]), "source 'nosuch' is not in"),
    (own(), "give one of `replace` and `add`"),
    (own(add=NEW, replace=NEW), "give one of `replace` and `add`"),
    (own(add=NEW, reason=""), "reason"),
    (own(add=NEW, sheet="tiny/after"), "there is no sheet tiny/after in en"),
    (own(add=NEW, language="es"), "there is no sheet tiny/aftercare in es"),
    ({SHEET: OPEN.replace("    id: drink\n", "").replace("- id: drink\n    sources", "- sources")},
     "an open block needs a name"),
    ({SHEET: OPEN.replace("- call_box: true", "- call_box: true\n    open: true\n    id: c")},
     "a call_box block cannot be open"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "says"), LOCKED, ids=[says for _, says in LOCKED])
def test_what_a_clinic_cannot_do_is_said(files: dict[str, str], says: str, library: Make) -> None:
    problems = [str(problem) for problem in load(library(files)).problems]
    assert len(problems) == 1
    assert says in problems[0]
    assert re.match(r"data/[\w./-]+\.yaml:\d+:\d+: ", problems[0])


def test_a_clinic_with_broken_words_of_its_own_gets_no_sheets_and_others_do(library: Make) -> None:
    found = plan(load(library(own(add=NEW, block="nosuch"))))
    assert {edition.clinic.id for edition in found.editions} == {"harbor"}
    assert [refusal.what for refusal in found.refusals] == ["rosewater"]


@pytest.mark.parametrize("name", ["risks", "consent", "aftercare"])
def test_every_word_on_the_page_is_in_what_is_approved(name: str, library: Make) -> None:
    """But for the sheet's own standing; so no word can change without its approval."""
    root = library()
    body = bodies(root)[f"rosewater/en/tiny-{name}.pdf"]
    html = Composer(root).sheet(body).html.replace(body.wording.draft, "").replace("<", " <")
    page = Markup(re.sub(r"<head>.*?</head>", "", html, flags=re.S)).striptags()  # noqa: S704
    page = re.sub(rf"\b{body.wording.draft_mark}\b", "", page)
    page = page.replace("10 Jan 2026", "2026-01-10").replace("10 Jan 2028", "2028-01-10")
    words = set(re.findall(r"\w+", page.lower()))
    approved = " ".join(piece.text for piece in reading.pieces(body)).lower()
    assert len(words) > 40
    assert words - set(re.findall(r"\w+", approved)) == set()


def test_no_name_in_braces_is_left_in_what_a_patient_reads(library: Make) -> None:
    for body in bodies(library()).values():
        assert not any("{" in text for _, text in prose(body.blocks))


TOPICS = f"{T}/topics.yaml"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Water: [aftercare/drnk]", "there is no block 'aftercare/drnk': did you mean"),
        ("Water: [drink]", "two names with / between"),
        ("Water: []", "no block covers this topic"),
    ],
)
def test_a_topic_that_stands_nowhere_is_named(line: str, says: str, library: Make) -> None:
    assert load(library({SHEET: OPEN, TOPICS: "Water: [aftercare/drink]\n"})).problems == ()
    (problem,) = load(library({SHEET: OPEN, TOPICS: f"{line}\n"})).problems
    assert says in problem.message
    assert problem.path == TOPICS

"""An approval holds for exact words: what changes them makes a draft, and nothing else does."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from click.testing import Result

from handouts.load import load
from handouts.plan import plan
from handouts.status import told
from tests.program import laid_out, run
from tests.small import EN, FILES, REAL, H, R, T

Make = Callable[..., Path]
Change = Callable[[Path], None]

SHEETS = ("aftercare", "consent", "risks")
NAMES = [f"{clinic}/{sheet}" for clinic in ("harbor", "rosewater") for sheet in SHEETS]
ES = {
    "data/wording/es.yaml": FILES["data/wording/en.yaml"],
    f"{T}/es/_words.yaml": str(FILES[f"{EN}/_words.yaml"]).replace("Call us at once", "Llame"),
    f"{T}/es/risks.yaml": str(FILES[f"{EN}/risks.yaml"]).replace("1.0\n", "1.0\nfollows: 1.0\n"),
    f"{R}/clinic.yaml": str(FILES[f"{R}/clinic.yaml"])
    .replace("[en]", "[en, es]")
    .replace("hours: Monday to Friday, 9 to 5", "hours: {en: Mondays, es: Lunes}")
    .replace("when: Nights and weekends", "when: {en: Nights, es: Noches}")
    .replace("price: £120", "price: {en: £120, es: 120 £}"),
}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795219200")  # 2026-11-21


def approve(root: Path, sheet: str, *options: str) -> Result:
    by = ("--by", "A. Reader", "--role", "Medical director")
    return run("approve", f"tiny/{sheet}", *by, *options, "--root", root)


def approved(root: Path) -> Path:
    for sheet in SHEETS:
        result = approve(root, sheet)
        assert result.exit_code == 0, result.output
    return root


def drafts(root: Path, language: str = "en") -> list[str]:
    library = load(root)
    assert library.problems == ()
    return [
        f"{edition.clinic.id}/{edition.handout}"
        for edition in plan(library).editions
        if edition.standing.draft and edition.body.language == language
    ]


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    before = file.read_text(encoding="utf-8")
    assert before.count(old) == 1, (path, old)
    file.write_text(before.replace(old, new), encoding="utf-8")


def test_everything_is_a_draft_until_somebody_approves_it(library: Make) -> None:
    root = library()
    assert drafts(root) == NAMES
    assert approve(root, "risks").exit_code == 0
    assert drafts(root) == [name for name in NAMES if "risks" not in name]
    assert drafts(approved(root)) == []


CHANGES: dict[str, tuple[tuple[str, str, str], list[str]]] = {
    "a word": ((f"{EN}/aftercare.yaml", "Drink water.", "Drink tea."), [NAMES[0], NAMES[3]]),
    "a word that sheets share": (
        (f"{EN}/_words.yaml", "Like mild sunburn.", "Like sunburn."),
        [NAMES[2], NAMES[5]],
    ),
    "a warning sign": ((f"{EN}/_words.yaml", "- Blisters", "- Sores"), [NAMES[0], NAMES[3]]),
    "a number among the facts": ((f"{T}/facts.yaml", "value: 24", "value: 36"), [
        "harbor/aftercare", "harbor/risks", "rosewater/aftercare", "rosewater/risks",
    ]),
    "how often a risk happens": (
        (f"{T}/facts.yaml", "events: 3", "events: 9"),
        ["harbor/consent", "harbor/risks", "rosewater/consent", "rosewater/risks"],
    ),
    "a clinic's setting": ((f"{H}/clinic.yaml", "sessions: 4", "sessions: 5"), ["harbor/risks"]),
    "an emergency number": ((f"{R}/clinic.yaml", '"999"', '"112"'), ["rosewater/aftercare"]),
    "the order of two risks": (
        (f"{EN}/consent.yaml", "- risk_list: expected\n  - risk_list: some",
         "- risk_list: some\n  - risk_list: expected"),
        ["harbor/consent", "rosewater/consent"],
    ),
    "a version, here and where it is listed": (
        (f"{EN}/risks.yaml", "version: 1.0", "version: 1.1"),
        ["harbor/consent", "harbor/risks", "rosewater/consent", "rosewater/risks"],
    ),
    "a day of review": (
        (f"{EN}/risks.yaml", "review_by: 2028-01-10", "review_by: 2028-02-10"),
        [NAMES[2], NAMES[5]],
    ),
    "a source's title": (
        ("data/sources.yaml", "Tiny treatments reviewed", "Tiny treatments"),
        [NAMES[0], NAMES[2], NAMES[3], NAMES[5]],
    ),
    "a phrase of the templates": (
        ("data/wording/en.yaml", "call_us: Worried? Call us", "call_us: Call us"),
        [NAMES[0], NAMES[3]],
    ),
    "a colour": ((f"{R}/_brand.yml", "#A1004B", "#004BA1"), []),
    "a clinic's phone": ((f"{R}/clinic.yaml", "020 7946 0000", "020 7946 0001"), []),
    "a comment": ((f"{EN}/risks.yaml", "owner:", "# by the team\nowner:"), []),
    "spacing": ((f"{EN}/aftercare.yaml", "lead: How to", "lead:   >-\n    How\n    to"), []),
    "who owns a sheet": ((f"{EN}/risks.yaml", "owner: Dr A. Jones", "owner: The team"), []),
    "the paper": ((f"{R}/clinic.yaml", "paper: a4", "paper: letter"), []),
    "the name of a block": ((f"{EN}/consent.yaml", "id: agree", "id: yes-i-do"), []),
    "a word in another language": ((f"{T}/es/risks.yaml", "Does it hurt?", "Is there pain?"), []),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_makes_just_the_sheets_drafts_that_say_it(what: str, library: Make) -> None:
    (path, old, new), expected = CHANGES[what]
    root = approved(library(ES if "/es/" in path else {}))
    edit(root, path, old, new)
    assert drafts(root) == expected


def test_a_clinics_own_wording_makes_a_draft_of_that_clinics_sheet(library: Make) -> None:
    root = approved(library())
    own = {"sheet": "tiny/consent", "language": "en", "block": "agree", "reason": "Our form."}
    change = [{**own, "add": [{"text": "We do it well.", "sources": []}]}]
    (root / R / "wording.yaml").write_text(json.dumps(change), encoding="utf-8")
    assert drafts(root) == ["rosewater/consent"]
    assert approve(root, "consent").exit_code == 0
    assert drafts(root) == []


def test_putting_a_word_back_brings_the_approval_back(library: Make) -> None:
    root = approved(library())
    edit(root, f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.")
    assert drafts(root)
    edit(root, f"{EN}/aftercare.yaml", "Drink tea.", "Drink water.")
    assert drafts(root) == []


def test_an_approval_for_one_clinic_is_for_no_other_and_one_for_all_counts_anywhere(
    library: Make,
) -> None:
    root = library()
    assert approve(root, "consent", "-c", "harbor").exit_code == 0
    assert "rosewater/consent" in drafts(root)
    assert "harbor/consent" not in drafts(root)
    assert approve(root, "aftercare").exit_code == 0
    new = {name.replace(H, f"{H}-two"): text for name, text in FILES.items() if H in name}
    for name, text in new.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert "harbor-two/aftercare" not in drafts(root)
    assert "harbor-two/consent" in drafts(root)


def test_of_two_approvals_on_one_day_the_last_counts(library: Make) -> None:
    root = library()
    approve(root, "risks")
    run(
        "approve",
        "tiny/risks",
        "--by",
        "B",
        "--role",
        "Owner",
        "--until",
        "2027-01-01",
        "--root",
        root,
    )
    (row, _) = (
        row
        for row in json.loads(run("status", "--json", "--root", root).stdout)
        if row["sheet"] == "tiny/risks"
    )
    assert (row["role"], row["ends"]) == ("Owner", "2027-01-01")


MOVED = {
    "a sign from one call to the other": (
        f"{EN}/_words.yaml",
        "    - Blisters\n  emergency:\n    - You cannot breathe\n",
        "    - Blisters\n    - You cannot breathe\n  emergency:\n    - Blisters\n",
    ),
    "from do to do not": (f"{EN}/aftercare.yaml", "do: [Rest.]\n        do_not: [Wash your face.]",
                          "do_not: [Rest., Wash your face.]"),
    "a statement to another signature": (
        f"{EN}/consent.yaml", "patient\n        statement: I agree.\n      - who: clinician\n",
        "patient\n      - who: clinician\n        statement: I agree.\n"),
    "the patient's label": (f"{EN}/consent.yaml", "  - patient_label: true\n", ""),
    "lines that make a list": (
        f"{EN}/risks.yaml", "{sessions} sessions.\n", "{sessions}\n      - sessions.\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", MOVED)
def test_the_same_words_in_another_place_are_not_what_was_approved(
    what: str, library: Make
) -> None:
    root = approved(library())
    edit(root, *MOVED[what])
    assert drafts(root)


def test_an_approval_is_kept_beside_whatever_stands_in_the_file(library: Make) -> None:
    root = library()
    path = root / "data/approvals.yaml"
    for before in ("# none yet\n", "[]\n", "", "# one\r\n"):
        path.write_text(before, encoding="utf-8")
        assert approve(root, "risks").exit_code == 0
        assert len(load(root).approvals) == 1
        assert load(root).problems == ()


@pytest.mark.parametrize("name", ["\a", "\u202e", "\u2028"])
def test_a_name_that_cannot_be_kept_is_not_kept(name: str, library: Make) -> None:
    root = library()
    result = run("approve", "tiny/risks", "--by", f"A{name}B", "--role", "B", "--root", root)
    assert result.exit_code == 1
    assert not (root / "data/approvals.yaml").exists()


def test_a_template_that_leaves_out_the_mark_is_refused(library: Make) -> None:
    root = library({"templates/sheet.html": "<html lang='en'><body>{{ body.title }}</body></html>"})
    result = run("build", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert "templates/sheet.html does not print “DRAFT" in result.stderr


def test_a_translation_is_approved_for_itself(library: Make) -> None:
    root = approved(library(ES))
    assert drafts(root, "es") == ["rosewater/risks"]
    assert approve(root, "risks", "-l", "es").exit_code == 0
    assert drafts(root, "es") == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{EN}/risks.yaml", "Does it hurt?", "Is there pain?"),
        (f"{EN}/risks.yaml", "version: 1.0", "version: 1.1"),
        (f"{EN}/_words.yaml", "Like mild sunburn.", "Like sunburn."),
    ],
)
def test_a_changed_original_puts_its_translation_behind(
    path: str, old: str, new: str, library: Make
) -> None:
    root = approved(library(ES))
    assert approve(root, "risks", "-l", "es").exit_code == 0
    edit(root, path, old, new)
    (spanish,) = (each for each in plan(load(root)).editions if each.body.language == "es")
    assert (spanish.standing.behind, spanish.standing.draft) == (True, True)
    assert "behind    tiny/risks es" in run("status", "--root", root).stdout


def test_a_translation_that_follows_an_older_version_is_not_approved(library: Make) -> None:
    root = approved(library(ES))
    edit(root, f"{EN}/risks.yaml", "version: 1.0", "version: 1.1")
    result = approve(root, "risks", "-l", "es")
    assert result.exit_code == 1
    assert "translate what is new first" in result.stderr


def test_words_changed_under_an_approved_version_are_noticed(library: Make) -> None:
    root = approved(library())
    assert run("check", "--root", root).exit_code == 0
    edit(root, f"{EN}/aftercare.yaml", "Drink water.", "Drink tea.")
    assert "raise the version" in run("check", "--root", root).stdout
    edit(root, f"{EN}/aftercare.yaml", "version: 1.0", "version: 1.1")
    assert "raise the version" not in run("check", "--root", root).stdout


def test_a_sheet_with_an_error_in_its_words_is_not_approved(library: Make) -> None:
    root = library()
    edit(root, f"{EN}/aftercare.yaml", "Drink water.", "Water is completely safe.")
    result = approve(root, "aftercare")
    assert result.exit_code == 1
    assert "[absolute-word]" in result.stderr
    assert not (root / "data/approvals.yaml").exists()
    assert approve(root, "risks").exit_code == 0


def test_an_approval_is_added_to_what_stands_in_the_file(library: Make) -> None:
    root = library()
    approve(root, "risks")
    first = (root / "data/approvals.yaml").read_text(encoding="utf-8")
    approve(root, "consent", "--until", "2027-05-01")
    whole = (root / "data/approvals.yaml").read_text(encoding="utf-8")
    assert whole.startswith(first)
    entry = load(root).approvals[-1]
    assert (entry.sheet, entry.language, entry.version) == ("tiny/consent", "en", "1.1")
    assert (entry.on, entry.until) == (date(2026, 11, 21), date(2027, 5, 1))
    assert (entry.by, entry.role) == ("A. Reader", "Medical director")
    assert list(entry.words.values()) == [("harbor", "rosewater")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tiny/nosuch"], "there is no handout 'nosuch'"),
        (["tinny/risks"], "did you mean 'tiny'?"),
        (["risks"], "there is no treatment 'risks'"),
        (["tiny/risks", "--until", "2026-01-01"], "is past"),
        (["tiny/risks", "--by", " "], "it is empty"),
        (["tiny/risks", "--until", "soon"], "does not match the format"),
    ],
)
def test_a_slip_in_an_approval_is_named(arguments: list[str], says: str, library: Make) -> None:
    root = library()
    result = run("approve", "--by", "A", "--role", "B", *arguments, "--root", root)
    assert result.exit_code in (1, 2)
    assert says in result.stderr
    assert not (root / "data/approvals.yaml").exists()


def words_on(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def built(root: Path, path: str, *options: str) -> list[str]:
    run("build", *options, "-j", 1, "--root", root)
    return words_on(root / "output" / path)


def test_a_draft_says_so_on_every_page_and_an_approved_sheet_who_approved_it(library: Make) -> None:
    root = library()
    for page in built(root, "rosewater/en/tiny-risks.pdf"):
        assert page.count("DRAFT: not yet approved by a clinician") >= 1
        assert re.search(r"DRAFT(?!:)", page)
    approve(root, "risks")
    for page in built(root, "rosewater/en/tiny-risks.pdf"):
        assert "DRAFT" not in page
        assert "approved on 21 Nov 2026 (Medical director)" in page


def test_a_sheet_past_its_day_says_so_on_every_page(
    library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = library()
    approve(root, "risks", "--until", "2026-12-31")
    assert run("status", "--root", root).exit_code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
    for page in built(root, "rosewater/en/tiny-risks.pdf"):
        assert "OUT OF DATE: to be reviewed by 31 Dec 2026" in page
        assert "DRAFT" not in page
    status = run("status", "--root", root)
    assert status.exit_code == 1
    assert "expired   tiny/risks en 1.0: until 2026-12-31" in status.stdout


def test_what_is_due_is_named_before_it_ends(library: Make) -> None:
    root = approved(library())
    assert "due" not in run("status", "--root", root).stdout
    assert run("status", "--within", "500d", "--root", root).stdout.count("due ") == 3
    assert run("status", "--within", "soon", "--root", root).exit_code == 2


IN_FORMATS = {
    path: f"{FILES[path]}formats: [standard, mono, large-print]\n"
    for path in (f"{R}/clinic.yaml", f"{H}/clinic.yaml")
}


def test_a_clinic_is_counted_once_whatever_its_formats(library: Make, tmp_path: Path) -> None:
    root = library(IN_FORMATS)
    assert ": 2 texts for 2 clinics, in" in approve(root, "risks").stdout
    recorded = (root / "data/approvals.yaml").read_text(encoding="utf-8")
    assert (recorded.count("- rosewater\n"), recorded.count("- harbor\n")) == (1, 1)
    lines = run("status", "--root", root).stdout.splitlines()
    assert lines[-1] == "2 approved, 4 draft"
    assert all(line.endswith(": harbor, rosewater") for line in lines[:-1])
    rows = json.loads(run("status", "--json", "--root", root).stdout)
    assert len(rows) == 6
    differing = run("overrides", "--root", root).stdout.splitlines()
    assert len(differing) == len(set(differing))
    run("check", "--report", tmp_path / "r.html", "--root", root)
    assert "<p>harbor, rosewater: approved.</p>" in (tmp_path / "r.html").read_text("utf-8")


def test_a_record_that_names_a_clinic_several_times_is_mended(library: Make) -> None:
    root = library()
    approve(root, "risks")
    edit(root, "data/approvals.yaml", "    - rosewater\n", "    - rosewater\n    - rosewater\n")
    (approval,) = load(root).approvals
    assert sorted(approval.words.values()) == [("harbor",), ("rosewater",)]


@pytest.mark.parametrize(
    ("clinics", "said"),
    [
        (2, "c0, c1"), (200, "all 200 clinics"), (198, "all 200 clinics but c198, c199"),
        (100, "c0, c1, c2, c3, c4, c5 and 94 more"),
    ],
)  # fmt: skip
def test_many_clinics_are_told_by_what_differs(clinics: int, said: str) -> None:
    every = [f"c{number}" for number in range(200)]
    assert told(every[:clinics], every) == said


def test_the_status_is_given_as_json(library: Make) -> None:
    root = library()
    approve(root, "risks")
    rows = json.loads(run("status", "--json", "-c", "harbor", "--root", root).stdout)
    assert {row["sheet"]: row["state"] for row in rows} == {
        "tiny/aftercare": "draft", "tiny/consent": "draft", "tiny/risks": "approved",
    }  # fmt: skip
    (row,) = (row for row in rows if row["state"] == "approved")
    assert (row["by"], row["on"], row["ends"]) == ("A. Reader", "2026-11-21", "2028-01-10")


def test_a_final_build_refuses_drafts_and_says_what_to_do(library: Make) -> None:
    root = library(REAL)
    approve(root, "risks")
    result = run("build", "--final", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert "handouts approve tiny/consent -l en --by NAME --role ROLE" in result.stderr
    assert sorted(path.name for path in (root / "output").rglob("*.pdf")) == ["tiny-risks.pdf"] * 2
    assert run("build", "--final", "-H", "risks", "--root", root).exit_code == 0


def test_a_final_build_refuses_what_is_past_its_day(
    library: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = approved(library(REAL))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1956528000")  # 2032
    result = run("build", "--final", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert "set a new `review_by`" in result.stderr
    assert not (root / "output").exists()


def test_a_final_build_refuses_words_with_an_error(library: Make) -> None:
    root = approved(library(REAL))
    edit(root, f"{R}/clinic.yaml", "020 7946 0000  # allow phone-number: it is", "020 7946  # is")
    result = run("build", "--final", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert "020 7946 is no phone number of GB" in result.stderr
    assert {path.parts[-3] for path in (root / "output").rglob("*.pdf")} == {"harbor"}


def test_a_final_build_refuses_an_invented_clinic(library: Make) -> None:
    root = approved(library({f"{R}/clinic.yaml": REAL[f"{R}/clinic.yaml"]}))
    result = run("build", "--final", "-j", 1, "--root", root)
    assert result.exit_code == 1
    assert f"{H}/clinic.yaml:1:1: is an invented clinic, whose sheets nobody" in result.stderr
    assert {path.parts[-3] for path in (root / "output").rglob("*.pdf")} == {"rosewater"}


def test_an_approval_that_cannot_be_read_refuses_rather_than_redrafts(library: Make) -> None:
    root = approved(library())
    (root / "data/approvals.yaml").write_text("- sheet: tiny/risks\n", encoding="utf-8")
    result = run("build", "--root", root)
    assert result.exit_code == 1
    assert "data/approvals.yaml" in result.stderr
    assert not (root / "output").exists()


def test_approving_lays_out_again_what_it_approves_and_nothing_else(library: Make) -> None:
    root = library()
    run("build", "-j", 1, "--root", root)
    with laid_out() as jobs:
        approve(root, "consent")
        run("build", "-j", 1, "--root", root)
    assert len(jobs) == 2

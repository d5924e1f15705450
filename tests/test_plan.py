"""A plan holds just the editions that can be made, each with all that it says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import markup
from handouts.body import Body, People, RiskRow
from handouts.compose import Composer
from handouts.load import load
from handouts.model import Steps, Text
from handouts.plan import Edition, Plan, Selection, names, plan
from tests.small import EN, FILES, H, R, T

Make = Callable[..., Path]
Files = dict[str, str | bytes | None]

ALL = [
    "harbor/en/tiny-aftercare.pdf",
    "harbor/en/tiny-consent.pdf",
    "harbor/en/tiny-risks.pdf",
    "rosewater/en/tiny-aftercare.pdf",
    "rosewater/en/tiny-consent.pdf",
    "rosewater/en/tiny-risks.pdf",
]
ES = "rosewater/es/tiny-risks.pdf"
SPANISH: Files = {
    "data/wording/es.yaml": FILES["data/wording/en.yaml"],
    f"{T}/es/_words.yaml": FILES[f"{EN}/_words.yaml"],
    f"{T}/es/risks.yaml": str(FILES[f"{EN}/risks.yaml"]).replace("1.0\n", "1.0\nfollows: 1.0\n"),
}


AGAIN: Files = {
    name.replace("/tiny/", "/again/"): content
    for name, content in FILES.items()
    if "/tiny/" in name
} | {"data/treatments/again/facts.yaml": str(FILES[f"{T}/facts.yaml"]).replace("TT", "AG")}


def bilingual() -> Files:
    """Rosewater with Spanish beside English."""
    clinic = text(f"{R}/clinic.yaml").replace("languages: [en]", "languages: [en, es]")
    for value in ("Monday to Friday, 9 to 5", "Nights and weekends", "£120"):
        clinic = clinic.replace(f": {value}", f": {{en: '{value}', es: '{value}'}}")
    return {f"{R}/clinic.yaml": clinic}


def text(path: str) -> str:
    found = FILES[path]
    assert isinstance(found, str)
    return found


def changed(path: str, old: str, new: str) -> Files:
    assert text(path).count(old) == 1
    return {path: text(path).replace(old, new)}


def paths(found: Plan) -> list[str]:
    return [edition.path for edition in found.editions]


def whole(root: Path) -> Plan:
    library = load(root)
    assert library.problems == ()
    return plan(library)


def edition(found: Plan, path: str) -> Edition:
    return next(edition for edition in found.editions if edition.path == path)


def body(found: Plan, path: str) -> Body:
    return edition(found, path).body


def said(found: Body) -> str:
    """The text blocks as a reader sees them."""
    texts = [block.text for block in found.blocks if isinstance(block, Text)]
    return " ".join(markup.html(text).striptags() for text in texts)


def test_everything_is_planned(library: Make) -> None:
    found = whole(library())
    assert paths(found) == ALL
    assert found.refusals == ()
    assert found.problems == ()


def test_editions_come_in_the_order_of_their_paths(library: Make) -> None:
    more: Files = {
        f"data/clinics/{name}/{path.rpartition('/')[2]}": content
        for name in ("zeta", "beta", "omega", "alpha", "kappa", "delta")
        for path, content in FILES.items()
        if path.startswith(R)
    }
    found = paths(whole(library(more)))
    assert found == sorted(found)
    assert len(found) == 8 * 3


def test_the_order_does_not_follow_the_clinics_list_of_treatments(library: Make) -> None:
    offers = "treatments:\n  tiny:\n    price: £120\n  again:\n    price: £120\ncountry: GB\n"
    clinic = text(f"{R}/clinic.yaml").partition("treatments:")[0] + offers
    found = whole(library({**AGAIN, f"{R}/clinic.yaml": clinic}))
    assert paths(found)[3:] == sorted(paths(found)[3:])
    assert len(paths(found)) == 9


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(clinics=("harbor",)), ALL[:3]),
        (Selection(clinics=("rosewater", "harbor")), [*ALL, ES]),
        (Selection(treatments=("tiny",)), [*ALL, ES]),
        (Selection(treatments=("other",)), []),
        (Selection(handouts=("risks",)), [ALL[2], ALL[5], ES]),
        (Selection(handouts=("risks", "consent")), [ALL[1], ALL[2], ALL[4], ALL[5], ES]),
        (Selection(languages=("es",)), [ES]),
        (Selection(clinics=("rosewater",), handouts=("risks",), languages=("en",)), [ALL[5]]),
        (Selection(clinics=("harbor",), languages=("es",)), []),
    ],
)
def test_a_selection_takes_what_fits_all_its_parts(
    selection: Selection, expected: list[str], library: Make
) -> None:
    loaded = load(library({**SPANISH, **bilingual()}))
    assert loaded.problems == ()
    assert len(plan(loaded).editions) == 7
    assert paths(plan(loaded, selection)) == expected


def test_all_that_a_selection_can_name_is_known(library: Make) -> None:
    assert names(load(library(SPANISH))) == {
        "clinic": {"rosewater", "harbor"},
        "treatment": {"tiny"},
        "handout": {"risks", "consent", "aftercare"},
        "language": {"en", "es"},
    }


def test_what_is_broken_can_still_be_named(library: Make) -> None:
    broken = {f"{R}/clinic.yaml": "x", f"{EN}/risks.yaml": "x"}
    known = names(load(library(broken)))
    assert "rosewater" in known["clinic"]
    assert "risks" in known["handout"]


def test_names_that_a_broken_file_hides_are_not_called_unknown(library: Make) -> None:
    known = names(load(library({**AGAIN, f"{T}/facts.yaml": "x"})))
    assert known["treatment"] == {"again", "tiny"}
    assert known["handout"] == known["language"] == set()


def test_a_title_names_treatment_sheet_and_clinic_without_markup(library: Make) -> None:
    files = changed(f"{EN}/risks.yaml", "title: Risks of tiny", "title: Risks *of* a {price}")
    found = edition(whole(library(files)), ALL[2])
    assert found.title == "Tiny treatment: Risks of a $150 treatment – Harbor Skin"


def alike(**settings: str) -> Files:
    """Harbor on the same paper and with the same settings and emergency number as Rosewater."""
    offers = "".join(f"    {name}: {value}\n" for name, value in settings.items())
    clinic = text(f"{H}/clinic.yaml").partition("treatments:")[0]
    clinic = clinic.replace("paper: letter", "paper: a4").replace('"911"', '"999"')
    return {f"{H}/clinic.yaml": f"{clinic}country: GB\ntreatments:\n  tiny:\n{offers}"}


def test_clinics_with_equal_settings_and_paper_share_their_bodies(library: Make) -> None:
    found = whole(library(alike(price="£120")))
    for harbor, rosewater in zip(ALL[:3], ALL[3:], strict=True):
        assert body(found, harbor) == body(found, rosewater)
    assert len({edition.body for edition in found.editions}) == 3


def test_a_setting_parts_just_the_bodies_that_name_it(library: Make) -> None:
    found = whole(library(alike(price="£121")))
    assert body(found, ALL[0]) == body(found, ALL[3])
    assert body(found, ALL[1]) == body(found, ALL[4])
    assert body(found, ALL[2]) != body(found, ALL[5])


def test_a_setting_equal_to_the_default_parts_nothing(library: Make) -> None:
    found = whole(library(alike(price="£120", sessions="[3, 6]")))
    assert body(found, ALL[2]) == body(found, ALL[5])


def test_paper_parts_all_bodies(library: Make) -> None:
    clinic = str(alike(price="£120")[f"{H}/clinic.yaml"]).replace("a4", "letter")
    found = whole(library({f"{H}/clinic.yaml": clinic}))
    assert len({edition.body for edition in found.editions}) == 6


def test_the_emergency_number_stands_in_bodies_with_a_call_box_only(library: Make) -> None:
    found = whole(library())
    numbers = {path: body(found, path).emergency for path in ALL}
    assert numbers == dict.fromkeys(ALL) | {ALL[0]: "911", ALL[3]: "999"}


def test_an_emergency_number_parts_just_the_sheet_with_the_call_box(library: Make) -> None:
    clinic = str(alike(price="£120")[f"{H}/clinic.yaml"]).replace('"999"', '"911"')
    found = whole(library({f"{H}/clinic.yaml": clinic}))
    assert body(found, ALL[0]) != body(found, ALL[3])
    assert body(found, ALL[1]) == body(found, ALL[4])


def rows(found: Plan, path: str = ALL[2]) -> dict[str, RiskRow]:
    return {row.words.name: row for row in body(found, path).risks}


def with_studies(*studies: tuple[int, int]) -> Files:
    """The cold sores counted in these studies."""
    counted = "".join(
        f"      - events: {events}\n        total: {total}\n        source: tiny-trial\n"
        for events, total in studies
    )
    old = "      - events: 3\n        total: 40\n        source: tiny-trial\n"
    return changed(f"{T}/facts.yaml", old, counted)


@pytest.mark.parametrize(
    ("studies", "up_to"),
    [
        ([(5, 30)], 2),
        ([(2, 30)], 1),
        ([(3, 30)], 1),
        ([(1, 1000)], 1),
        ([(30, 30)], 10),
        ([(2, 30), (7, 20), (1, 10)], 4),
    ],
)
def test_counts_are_rounded_up_to_people_in_ten(
    studies: list[tuple[int, int]], up_to: int, library: Make
) -> None:
    found = whole(library(with_studies(*studies)))
    wording, row = body(found, ALL[2]).wording, rows(found)["Cold sores"]
    assert row.number == wording.up_to.format(count=up_to, of=10)
    assert row.other_side == wording.others.format(count=10 - up_to, of=10)
    assert row.picture == People(up_to, 10, f"{up_to} of 10 people")
    for events, total in studies:
        assert wording.study.format(events=events, total=total) in row.evidence


def test_a_lower_bound_is_said_as_one(library: Make) -> None:
    found = whole(library())
    wording, row = body(found, ALL[2]).wording, rows(found)["Redness"]
    assert row.number == wording.at_least.format(count=9, of=10)
    assert row.picture is None
    assert (row.other_side, row.evidence) == (wording.expected, "")


def test_cases_are_said_without_a_rate(library: Make) -> None:
    found = whole(library())
    wording, row = body(found, ALL[2]).wording, rows(found)["Infection"]
    assert row.number == wording.not_known
    assert row.evidence == "2 people reported in medical journals"
    assert (row.other_side, row.picture) == ("", None)


def test_a_risk_without_any_count_is_not_known_or_just_expected(library: Make) -> None:
    files = changed(f"{T}/facts.yaml", "at_least: 9", "not_known: true")
    assert rows(whole(library(files)))["Redness"].number == "Expected"
    facts = text(f"{T}/facts.yaml").replace("cases: 2", "not_known: true")
    row = rows(whole(library({f"{T}/facts.yaml": facts})))["Infection"]
    assert (row.number, row.evidence, row.picture) == ("Not known", "", None)


def test_a_sheet_without_risks_has_no_rows_and_one_with_them_has_the_groups_it_shows(
    library: Make,
) -> None:
    found = whole(library())
    assert rows(found, ALL[0]) == {}
    assert list(rows(found, ALL[1])) == ["Redness", "Cold sores", "Infection"]


def test_a_setting_is_the_clinics_own_or_the_default(library: Make) -> None:
    found = whole(library())
    assert "4 sessions. Each costs $150." in said(body(found, ALL[2]))
    assert "3 to 6 sessions. Each costs £120." in said(body(found, ALL[5]))


def test_a_figure_is_said_in_risks_and_steps_alike(library: Make) -> None:
    found = whole(library(changed(f"{T}/facts.yaml", "value: 24", "value: [24, 48]")))
    assert rows(found)["Redness"].words.do == "Wait 24 to 48 hours."
    steps = next(block for block in body(found, ALL[0]).blocks if block.kind == "steps")
    assert isinstance(steps, Steps)
    assert steps.steps == ("Wash after 24 to 48 hours.",)


@pytest.mark.parametrize(
    "price",
    [
        "*from* **£90**",
        "_a_ `b` [c](https://d.example)",
        "<b>&amp;</b>",
        "1. 2) - # > | ~ ! \\ \\* (c) ... --",
        "{sessions}",
        "https://pay.example",
    ],
)
def test_a_setting_is_printed_as_it_is_written(price: str, library: Make) -> None:
    clinic = text(f"{R}/clinic.yaml").replace("price: £120", f"price: '{price}'")
    found = body(whole(library({f"{R}/clinic.yaml": clinic})), ALL[5])
    assert f"Each costs {price}." in said(found)
    shown = [markup.html(block.text) for block in found.blocks if isinstance(block, Text)]
    assert shown[0].count("<strong>") == 1
    assert "<a" not in shown[0]


def test_words_for_each_language_are_taken_in_the_sheets_language(library: Make) -> None:
    figure = changed(f"{T}/facts.yaml", "value: 24", "value: {en: one day, es: un día}")
    found = whole(library({**SPANISH, **bilingual(), **figure}))
    assert rows(found, ALL[5])["Redness"].words.do == "Wait one day hours."
    assert rows(found, ES)["Redness"].words.do == "Wait un día hours."


def cited(found: Plan, path: str) -> list[str]:
    return [source.citation.text("en").split(".")[0] for source in body(found, path).references]


def test_references_stand_once_in_the_order_in_which_the_sheet_needs_them(library: Make) -> None:
    found = whole(library())
    assert cited(found, ALL[2]) == ["Jones A", "Smith J"]
    assert cited(found, ALL[1]) == ["Smith J", "Jones A"]


def test_a_figure_or_setting_that_is_named_brings_its_sources(library: Make) -> None:
    plain = changed(f"{EN}/aftercare.yaml", "sources: [tiny-review]", "sources: []")
    assert cited(whole(library(plain)), ALL[0]) == ["Jones A"]
    files = {
        name: str(content).replace("Wash after {wash_hours} hours.", "Wash later.")
        for name, content in plain.items()
    }
    assert cited(whole(library(files)), ALL[0]) == []
    lead = changed(f"{EN}/consent.yaml", "Please read this", "In {sessions} sessions, read this")
    assert cited(whole(library(lead)), ALL[4]) == ["Jones A", "Smith J"]


def test_a_clinics_own_value_does_not_lean_on_the_source_of_the_default(library: Make) -> None:
    lead = changed(f"{EN}/consent.yaml", "Please read this", "In {sessions} sessions, read this")
    assert cited(whole(library(lead)), ALL[1]) == ["Smith J", "Jones A"]


def test_references_follow_the_risks_in_the_order_in_which_they_are_shown(library: Make) -> None:
    order = text(f"{EN}/consent.yaml")
    moved = order.replace("  - risk_list: serious\n", "").replace(
        "  - risk_list: expected\n", "  - risk_list: serious\n  - risk_list: expected\n"
    )
    assert moved != order
    assert cited(whole(library({f"{EN}/consent.yaml": moved})), ALL[1]) == ["Jones A", "Smith J"]


def test_references_are_those_of_the_sheets_own_language(library: Make) -> None:
    """Only the Spanish words name the figure, so only the Spanish sheet cites its source."""
    english = text(f"{EN}/_words.yaml").replace("{wash_hours}", "24")
    risks = text(f"{EN}/risks.yaml").replace("    sources: [tiny-review]\n", "")
    facts = text(f"{T}/facts.yaml").replace("sources: [tiny-review]", "sources: [tiny-trial]")
    facts = facts.replace("sources: [tiny-trial]", "sources: [tiny-review]", 1)
    files = {**SPANISH, f"{EN}/_words.yaml": english, f"{T}/facts.yaml": facts}
    behind = risks.replace("version: 1.0\n", "version: 1.0\nfollows: 0.9\n")
    files |= {f"{EN}/risks.yaml": risks, f"{T}/es/risks.yaml": behind, **bilingual()}
    found = whole(library(files))
    assert cited(found, ALL[5]) == ["Smith J"]
    assert cited(found, ES) == ["Smith J", "Jones A"]


def leaflets(found: Plan, path: str = ALL[1]) -> list[tuple[str, str, str, str]]:
    given = body(found, path).leaflets
    return [(leaflet.handout, leaflet.title, leaflet.code, leaflet.version) for leaflet in given]


def test_leaflets_are_listed_with_title_code_and_version(library: Make) -> None:
    files = changed(f"{EN}/risks.yaml", "title: Risks of tiny", "title: Risks *of* a {price}")
    assert leaflets(whole(library(files))) == [
        ("risks", "Risks of a $150 treatment", "TT-RISKS-EN", "1.0"),
        ("aftercare", "After your tiny treatment", "TT-AFTERCARE-EN", "1.0"),
    ]


def test_a_leaflets_new_version_makes_the_consent_form_another_body(library: Make) -> None:
    before = whole(library())
    after = whole(library(changed(f"{EN}/aftercare.yaml", "version: 1.0", "version: 1.1")))
    assert body(before, ALL[1]) != body(after, ALL[1])
    assert body(before, ALL[2]) == body(after, ALL[2])


CONSENTS = {path for path in ALL if "consent" in path}
RISK_SHEETS = {path for path in ALL if "risks" in path}


@pytest.mark.parametrize(
    ("broken", "refused"),
    [
        (f"{EN}/aftercare.yaml", CONSENTS | {ALL[0], ALL[3]}),
        (f"{EN}/risks.yaml", CONSENTS | RISK_SHEETS),
        (f"{EN}/consent.yaml", CONSENTS),
        (f"{EN}/_words.yaml", set(ALL)),
        (f"{T}/facts.yaml", {"harbor/tiny", "rosewater/tiny"}),
        ("data/wording/en.yaml", set(ALL)),
        ("data/sources.yaml", set(ALL)),
        (f"{R}/clinic.yaml", {"rosewater"}),
        (f"{R}/_brand.yml", {"rosewater"}),
        (f"{R}/logo.svg", {"rosewater"}),
    ],
)
def test_a_broken_file_refuses_just_what_draws_on_it(
    broken: str, refused: set[str], library: Make
) -> None:
    loaded = load(library({broken: "no mapping"}))
    found = plan(loaded)
    assert {refusal.what for refusal in found.refusals} == refused
    held = tuple(what.removesuffix("/tiny") for what in refused)
    assert paths(found) == [path for path in ALL if not path.startswith(held)]
    assert all(refusal.problems for refusal in found.refusals)
    assert found.problems == loaded.problems


def test_a_leaflet_that_is_not_there_refuses_the_consent_form_that_names_it(library: Make) -> None:
    found = plan(load(library({f"{EN}/risks.yaml": None})))
    assert {refusal.what for refusal in found.refusals} == CONSENTS
    assert paths(found) == [ALL[0], ALL[3]]


FOLDERS = (EN, T, R, "data/clinics", "data/wording", "data/treatments", "data")


@pytest.mark.parametrize("name", sorted({*FILES, *FOLDERS}))
@pytest.mark.parametrize("how", ["a folder", "no text", "empty"])
def test_whatever_is_broken_is_a_problem_and_never_raises(
    name: str, how: str, library: Make
) -> None:
    root = library()
    if (root / name).is_dir():
        shutil.rmtree(root / name)
    else:
        (root / name).unlink()
    if how == "a folder":
        (root / name).mkdir()
    else:
        (root / name).write_bytes(b"" if how == "empty" else b"\xff\xfe\x00")
    loaded = load(root)
    found = plan(loaded)
    assert loaded.problems
    assert found.problems == loaded.problems
    assert len(found.editions) < len(ALL)


def test_a_problem_elsewhere_does_not_concern_a_part(library: Make) -> None:
    loaded = load(library({f"{R}/clinic.yaml": "x", f"{EN}/risks.yaml": "x"}))
    found = plan(loaded, Selection(clinics=("harbor",), handouts=("aftercare",)))
    assert paths(found) == [ALL[0]]
    assert (found.refusals, found.problems) == ((), ())


def test_a_part_hears_of_the_problems_in_its_way_only(library: Make) -> None:
    loaded = load(library({f"{R}/clinic.yaml": "x", f"{EN}/risks.yaml": "x"}))
    found = plan(loaded, Selection(clinics=("harbor",)))
    assert paths(found) == [ALL[0]]
    assert [refusal.what for refusal in found.refusals] == [ALL[1], ALL[2]]
    assert {problem.path for problem in found.problems} == {f"{EN}/risks.yaml"}


def test_a_part_of_which_nothing_is_left_hears_of_all_problems(library: Make) -> None:
    loaded = load(library({"data/stray.txt": "x"}))
    found = plan(loaded, Selection(clinics=("nowhere",)))
    assert found.editions == ()
    assert found.problems == loaded.problems != ()


def test_a_problem_that_touches_no_edition_is_still_heard_of(library: Make) -> None:
    found = plan(load(library({"data/stray.txt": "x"})))
    assert paths(found) == ALL
    assert [problem.path for problem in found.problems] == ["data/stray.txt"]


def test_risks_of_a_treatment_can_be_counted_out_of_a_hundred(library: Make) -> None:
    facts = f"{T}/facts.yaml"
    root = library({facts: f"out_of: 100\n{text(facts)}"})
    (edition,) = (each for each in plan(load(root)).editions if each.path == RISKS_PDF)
    (row,) = (row for row in edition.body.risks if row.picture)
    assert row.picture is not None
    assert (row.picture.of, row.picture.words) == (100, f"{row.picture.count} of 100 people")
    html = Composer(root).sheet(edition.body).html
    assert f"Up to {row.picture.count} in 100" in html
    assert html.count('class="person') == 100
    assert html.count('class="person has"') == row.picture.count


RISKS_PDF = "rosewater/en/tiny-risks.pdf"

"""Whoever lays a sheet out, alone or with others, what comes out is the same."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from handouts import layouts, plates, render
from handouts.build import imprint
from handouts.compose import Composer
from handouts.layouts import Job, do, job_key, lay_out, lay_out_together, results
from handouts.load import load
from handouts.overprint import Plate, Stationery, overprint
from handouts.plan import plan
from handouts.tracing import made
from tests.program import laid_out
from tests.small import PNG, SVG, make_library


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """The stationery of six clinics with names, numbers and logos of their own."""
    root = make_library(tmp_path_factory.mktemp("clinics"))
    edition = plan(load(root)).editions[0]
    composer, body = Composer(root), edition.body
    found = {}
    for number in range(6):
        contact = edition.clinic.contact.model_copy(update={"email": f"q{number}@example.com"})
        logo = made("logo.png", PNG) if number % 2 else made("logo.svg", SVG.encode())
        clinic = replace(
            edition.clinic, contact=contact, livery=replace(edition.clinic.livery, logo=logo)
        )
        job = Job(*composer.stationery(clinic, body.language, body.wording))
        found[job_key(job)] = job
    return found


def test_pieces_laid_out_together_are_those_laid_out_alone(jobs: dict[str, Job]) -> None:
    together = lay_out_together(tuple(jobs.values()))
    assert len(set(map(repr, together))) == len(jobs) == 6
    assert together == tuple(lay_out(job) for job in jobs.values())
    assert together == lay_out_together(tuple(jobs.values())[::-1])[::-1]


def test_clinics_share_a_document_and_a_plate_has_its_own(jobs: dict[str, Job]) -> None:
    plate = Job(replace(next(iter(jobs.values())).sheet, html="<html lang=en><title>x</title>x"))
    parts = list(layouts._bundles({**jobs, job_key(plate): plate}))
    assert [len(part) for part in parts] == [1, 6]
    assert parts[0][0][1] == plate


def test_what_looks_otherwise_is_laid_out_apart(jobs: dict[str, Job]) -> None:
    one, other = list(jobs.values())[:2]
    for changed in (
        replace(other, sheet=replace(other.sheet, css=other.sheet.css + "p {}")),
        replace(other, sheet=replace(other.sheet, typefaces=other.sheet.typefaces[:1])),
        replace(other, sheet=replace(other.sheet, html=other.sheet.html.replace("en", "de"))),
        replace(other, pieces=other.pieces[:2]),
    ):
        assert len(list(layouts._bundles({"a": one, "b": changed}))) == 2


def test_a_piece_that_does_not_fit_holds_up_none_that_it_was_laid_out_with(
    jobs: dict[str, Job],
) -> None:
    key, job = next(iter(jobs.items()))
    long = job.sheet.html.replace("q0@example.com", "q0@" + "long" * 40 + ".example.com")
    assert long != job.sheet.html
    wide = replace(job, sheet=replace(job.sheet, html=long))
    others = tuple(item for item in jobs.items() if item[0] != key)
    with laid_out() as seen:
        found = dict(do(((job_key(wide), wide), *others)))
    assert "does not fit the contact" in str(found.pop(job_key(wide)))
    assert list(found) == [key for key, _ in others]
    assert all(isinstance(record, Stationery) for record in found.values())
    assert len(seen) == 12


def test_what_is_sent_to_a_worker_names_no_folder(tmp_path: Path) -> None:
    root = make_library(tmp_path)
    edition = plan(load(root)).editions[0]
    composer, body = Composer(root), edition.body
    pieces = composer.stationery(edition.clinic, body.language, body.wording)
    sent = pickle.dumps((Job(composer.sheet(body)), Job(*pieces)))
    assert b"asset:" in sent
    assert str(tmp_path).encode() not in sent


def test_a_worker_with_other_versions_is_refused(jobs: dict[str, Job]) -> None:
    job = next(iter(jobs.values()))
    ((key, fault),) = do((("0" * 64, job),))
    assert key == "0" * 64
    assert str(fault).startswith("another version of handouts")


def test_processes_lay_out_what_this_one_would(jobs: dict[str, Job]) -> None:
    assert dict(results(jobs, 2)) == dict(results(jobs, 1))


def test_a_stationery_of_a_shared_document_can_be_overprinted(
    jobs: dict[str, Job], tmp_path: Path
) -> None:
    root = make_library(tmp_path)
    edition = plan(load(root)).editions[0]
    plate = lay_out(Job(Composer(root).sheet(edition.body)))
    assert isinstance(plate, Plate)
    for record in lay_out_together(tuple(jobs.values())):
        assert isinstance(record, Stationery)
        assert b"Subtype" in overprint(plate, record, imprint(edition))


@pytest.mark.parametrize(("letterhead", "pages"), [("rule", 2), ("side", 3)])
def test_only_the_letterhead_that_has_a_strip_has_a_page_for_it(
    letterhead: str, pages: int, tmp_path: Path
) -> None:
    root = make_library(tmp_path)
    edition = plan(load(root)).editions[0]
    livery = edition.clinic.livery
    style = livery.style.model_copy(update={"letterhead": letterhead})
    clinic = replace(edition.clinic, livery=replace(livery, style=style))
    slots = ("letterhead", "edge", "contact")
    job = Job(*Composer(root).stationery(clinic, "en", edition.body.wording, slots))
    (proof,) = render.lay_out_pieces((job.sheet,), job.pieces)
    made = lay_out(job)
    assert proof.pages == pages
    assert isinstance(made, Stationery)
    assert set(made.forms) == set(made.words) == set(slots)
    assert (made.forms["edge"] == (plates.NOTHING,)) == (letterhead == "rule")

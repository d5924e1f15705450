"""Every sentence by which a clinic differs is listed, with its reason and its standing."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.program import run
from tests.small import FILES, R, T
from tests.test_resolve import NEW, own

Make = Callable[..., Path]


def test_a_setting_of_a_clinics_own_is_shown_in_its_sentence(library: Make) -> None:
    result = run("overrides", "--root", library())
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "harbor: tiny/risks en, draft (setting: sessions, price)",
        "  + You will have 4 sessions. Each costs $150. None takes long.",
        "rosewater: tiny/risks en, draft (setting: price)",
        "  + You will have 3 to 6 sessions. Each costs £120. None takes long.",
    ]


def test_words_of_a_clinics_own_are_shown_with_their_reason(library: Make) -> None:
    result = run("overrides", "rosewater", "--root", library(own(replace=NEW)))
    assert result.stdout.splitlines()[:3] == [
        "rosewater: tiny/aftercare en, draft (Our tap.)",
        "  - Drink water.",
        "  + Drink our 24 water.",
    ]


def test_added_words_have_nothing_before_them_and_an_approval_is_told(library: Make) -> None:
    root = library(own(add=NEW))
    run("approve", "tiny/aftercare", "--by", "A", "--role", "B", "--root", root)
    found, _ = json.loads(run("overrides", "rosewater", "--json", "--root", root).stdout)
    assert found == {
        "clinic": "rosewater",
        "sheet": "tiny/aftercare",
        "language": "en",
        "block": "drink",
        "library": [],
        "clinic_words": ["Drink our 24 water."],
        "reason": "Our tap.",
        "state": "approved",
    }
    (root / R / "wording.yaml").unlink()
    (left,) = json.loads(run("overrides", "rosewater", "--json", "--root", root).stdout)
    assert left["reason"] == "setting: price"


def test_a_setting_with_a_default_is_shown_beside_it(library: Make) -> None:
    facts = str(FILES[f"{T}/facts.yaml"]).replace("price: {}", "price: {default: nothing}")
    shown = run("overrides", "harbor", "--root", library({f"{T}/facts.yaml": facts})).stdout
    assert "  - You will have 3 to 6 sessions. Each costs nothing. None takes long." in shown

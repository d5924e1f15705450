"""Every form of the public brand.yml format is read; what has no effect on paper is a note."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts import color, fonts
from handouts.check import check
from handouts.load import load_with_places
from handouts.model import Livery
from tests.small import SVG, R

Make = Callable[..., Path]
BRAND = f"{R}/_brand.yml"
LOGOS = {f"{R}/{name}": SVG for name in ("logo.svg", "dark.svg", "small.svg", "logos/wide.svg")}
PLAIN = 'color: {primary: "#0b5d7a"}\n'
BASE = "Atkinson Hyperlegible"


def branded(library: Make, brand: str) -> tuple[Livery, list[str]]:
    """The livery that the brand file makes, and the notes about it."""
    loaded, documents = load_with_places(library({**LOGOS, BRAND: brand}))
    problems = (*loaded.problems, *check(loaded, documents, date(2026, 11, 21)).problems)
    said = [problem for problem in problems if problem.path == BRAND]
    assert all(problem.note for problem in said), said
    notes = [problem.message for problem in said if problem.rule == "no-effect"]
    return loaded.clinics["rosewater"].livery, notes


@pytest.mark.parametrize(
    ("logo", "printed", "on_dark"),
    [
        ("logo.svg", "logo.svg", None),
        ("{path: logo.svg, alt: Harbour}", "logo.svg", None),
        ("{path: logo.svg}", "logo.svg", None),
        ("{medium: {path: logo.svg, alt: Harbour}}", "logo.svg", None),
        ("{small: small.svg, medium: logo.svg, large: logos/wide.svg}", "logo.svg", None),
        ("{small: small.svg, large: logos/wide.svg}", "wide.svg", None),
        ("{medium: {light: logo.svg, dark: dark.svg}}", "logo.svg", "dark.svg"),
        (
            "{medium: {light: {path: logo.svg, alt: Harbour}, dark: {path: dark.svg, alt: Dark}}}",
            "logo.svg", "dark.svg",
        ),
        ("{images: {mark: logo.svg}, medium: mark}", "logo.svg", None),
        ("{images: {mark: {path: logo.svg, alt: Harbour}}, large: mark}", "logo.svg", None),
        (
            "{images: {mark: logo.svg, pale: {path: dark.svg, alt: Pale}}, small: pale, "
            "medium: {light: mark, dark: pale}, large: {path: logos/wide.svg, alt: Wide}}",
            "logo.svg", "dark.svg",
        ),
        ("{medium: {dark: dark.svg}}", "dark.svg", "dark.svg"),
        ("{medium: 'https://harbour.example.com/logo.svg', small: small.svg}", "small.svg", None),
    ],
)  # fmt: skip
def test_a_logo_in_every_form(logo: str, printed: str, on_dark: str | None, library: Make) -> None:
    livery, notes = branded(library, f"logo: {logo}\n{PLAIN}")
    assert (livery.logo.name, livery.on_dark and livery.on_dark.name) == (printed, on_dark)
    assert notes == []


@pytest.mark.parametrize(
    ("colors", "primary", "accent"),
    [
        ("primary: '#0b5d7a'", "#0b5d7a", "#0b5d7a"),
        ("primary: teal", "#008080", "#008080"),
        ("primary: TEAL, secondary: rebeccapurple", "#008080", "#663399"),
        ("primary: 'rgb(11, 93, 122)'", "#0b5d7a", "#0b5d7a"),
        ("primary: 'rgb(11 93 122 / 100%)'", "#0b5d7a", "#0b5d7a"),
        ("primary: 'hsl(196, 83%, 26%)'", "#0b5c79", "#0b5c79"),
        ("primary: 'hwb(196 4% 52%)'", "#0a5c7a", "#0a5c7a"),
        ("primary: 'rgba(0,0,0,.3)'", "#b2b2b2", "#b2b2b2"),
        ("primary: '#0b5d7aff', secondary: '#0008'", "#0b5d7a", "#777777"),
        ("primary: 'oklch(60% 0.15 50)'", "#c46016", "#c46016"),
        ("palette: {sea: '#0b5d7a', veil: 'rgba(0,0,0,.3)'}, primary: sea", "#0b5d7a", "#0b5d7a"),
        ("primary: {light: sea, dark: '#aaccee'}, palette: {sea: '#0b5d7a'}", "#0b5d7a", "#0b5d7a"),
        ("primary: {dark: '#0b5d7a'}", "#0b5d7a", "#0b5d7a"),
        ("secondary: primary, primary: '#0b5d7a'", "#0b5d7a", "#0b5d7a"),
        ("primary: link, link: sea, palette: {sea: deep, deep: '#00203a'}", "#00203a", "#00203a"),
        ("palette: {main: primary}, primary: '#0b5d7a', secondary: main", "#0b5d7a", "#0b5d7a"),
        ("palette: {blue: '#005eb8'}, primary: blue", "#005eb8", "#005eb8"),
        ("palette: {navy: navy}, primary: navy", "#000080", "#000080"),
        ("palette: {primary: '#005eb8'}, primary: primary", "#005eb8", "#005eb8"),
        ("palette: {primary: '#005eb8'}", "#005eb8", "#005eb8"),
        ("primary: '\xa0#0b5d7a'", "#0b5d7a", "#0b5d7a"),
    ],
)
def test_a_colour_in_every_form(colors: str, primary: str, accent: str, library: Make) -> None:
    livery, _ = branded(library, f"logo: logo.svg\ncolor: {{{colors}}}\n")
    assert (livery.primary, livery.accent) == (primary, accent)


def test_what_colours_on_screens_alone_are_is_a_note(library: Make) -> None:
    brand = (
        "logo: logo.svg\ncolor:\n  palette: {sea: '#0b5d7a'}\n"
        "  primary: {light: sea, dark: white}\n"
        "  link: sea\n  foreground: {light: black, dark: white}\n  tertiary: var(--unknown)\n"
    )
    assert branded(library, brand)[1] == [
        "not used on paper: color.primary.dark, color.link, color.foreground, color.tertiary"
    ]


@pytest.mark.parametrize("colors", ["", "color:\n", "color: {secondary: '#0b5d7a'}\n"])
def test_titles_of_a_brand_without_colour_are_as_dark_as_text(colors: str, library: Make) -> None:
    livery, notes = branded(library, f"logo: logo.svg\n{colors}")
    assert livery.primary == "#1f2328"
    assert notes == ["no colour is named `primary`: titles are printed in #1f2328"]


ELSE = f"is no typeface that is here: {BASE} is printed; to have it, put its .ttf or .otf files "
UNDER = "into the folder, under `typography.fonts`"


@pytest.mark.parametrize(
    ("typography", "notes"),
    [
        ("{base: 'Arial, sans-serif'}", [f"Arial, sans-serif {ELSE}{UNDER}"]),
        ("{base: {family: '\"Atkinson Hyperlegible\", serif'}}", []),
        ("{base: 'Helvetica, Atkinson Hyperlegible'}", []),
        (
            "{fonts: [{family: Lato, source: google, weight: 400..700, display: block}], "
            "base: Lato}",
            [f"Lato {ELSE}{UNDER}, or `pip install fontpkg-lato` if there is such"],
        ),
        (
            "{fonts: [{family: Lato, source: bunny, weight: [400, bold], style: [normal]}], "
            "headings: {family: Lato, weight: black}}",
            [f"Lato {ELSE}{UNDER}, or `pip install fontpkg-lato` if there is such"],
        ),
        (
            "{fonts: [{family: Georgia, source: system}], headings: Georgia}",
            [f"Georgia {ELSE}{UNDER}"],
        ),
        (
            "{fonts: [{family: Own, source: file, files: ['https://harbour.example.com/o.woff2', "
            "{path: 'https://harbour.example.com/i.woff2', weight: bold, style: italic}]}], "
            "base: Own}",
            [f"Own {ELSE}{UNDER}, or `pip install fontpkg-own` if there is such"],
        ),
        ("{fonts: [{family: Lato}]}", []),
        (
            "{base: {size: 16, line-height: 1.5}, link: {decoration: underline, color: "
            "{light: red, dark: blue}}, monospace: Fira Code, monospace-inline: {size: 0.9em, "
            "background-color: primary}, monospace-block: {line-height: 1.2}}",
            [
                "not used on paper: typography.base.size, typography.base.line-height, "
                "typography.link, typography.monospace, typography.monospace-inline, "
                "typography.monospace-block"
            ],
        ),
    ],
)
def test_typefaces_in_every_form(typography: str, notes: list[str], library: Make) -> None:
    livery, said = branded(library, f"logo: logo.svg\n{PLAIN}typography: {typography}\n")
    assert said == notes
    assert (livery.typeface.family, livery.headings.typeface.family) == (BASE, BASE)


@pytest.mark.parametrize(
    ("weight", "printed", "noted"),
    [
        ("thin", 400, True), ("light", 400, True), ("normal", 400, False), ("400", 400, False),
        ("medium", 500, False), ("semi-bold", 600, False), ("demi-bold", 600, False),
        ("bold", 700, False), ("extra-bold", 800, False), ("black", 900, False), (900, 900, False),
        (100, 400, True), ("600..900", 700, False), ("100..300", 400, True), (650, 600, False),
    ],
)  # fmt: skip
def test_titles_of_every_weight(
    weight: str | int, printed: int, noted: bool, library: Make
) -> None:
    typography = f"typography: {{headings: {{weight: {weight}}}}}"
    livery, notes = branded(library, f"logo: logo.svg\n{PLAIN}{typography}\n")
    assert livery.headings.weight == printed
    lost = [f"titles in {weight} are lost on paper: they are printed at 400"]
    assert notes == (lost if noted else [])


def test_what_others_keep_in_a_brand_file_is_left_alone(library: Make) -> None:
    brand = (
        "meta:\n  name: {full: Harbour Skin Clinic, short: Harbour}\n  description: x\n"
        "  link: {home: https://harbour.example.com, mastodon: https://social.example.com/@h}\n"
        f"logo: logo.svg\n{PLAIN}"
        "typography:\ndefaults:\n  quarto: {format: {html: {theme: [x, y]}}, separator: '-'}\n"
        "  shiny: {theme: {preset: bootstrap}}\n"
    )
    assert branded(library, brand)[1] == []


def test_the_files_of_a_typeface_can_be_named_alone(library: Make) -> None:
    folder = fonts.folder(BASE)
    assert folder
    font = next(folder.glob("*.ttf")).read_bytes()
    brand = (
        f"logo: logo.svg\n{PLAIN}typography: {{fonts: [{{family: {BASE}, files: [o.ttf]}}], "
        f"base: {BASE}}}\n"
    )
    loaded, _ = load_with_places(library({**LOGOS, BRAND: brand, f"{R}/o.ttf": font}))
    assert loaded.problems == ()
    assert [each.name for each in loaded.clinics["rosewater"].livery.typeface.files] == ["o.ttf"]


@pytest.mark.parametrize("text", ["currentcolor", "inherit", "var(--x)", "#12345", "ff0000", ""])
def test_what_is_no_colour(text: str) -> None:
    assert color.parsed(text) is None

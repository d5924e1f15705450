"""A library of any size, for measuring: the shipped words, and as many clinics as asked for."""

import argparse
import colorsys
import random
import re
import shutil
from dataclasses import dataclass, fields
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREATMENT = "microneedling"


@dataclass(frozen=True)
class Size:
    """How many of each; `share` of the clinics have a setting of their own in one handout."""

    clinics: int = 200
    treatments: int = 1
    handouts: int = 6
    languages: int = 3
    share: float = 0.1
    seed: int = 1

    @property
    def editions(self) -> int:
        return self.clinics * self.treatments * self.handouts * self.languages


NAMES = ("about", "before", "risks", "consent", "aftercare", "photos")
LANGUAGES = ("en", "es", "pt", "ca", "gl", "fr")
"""Beyond English and Spanish the words are the Spanish ones: they are to be measured, not read."""

OWN = """
  - id: own
    sources: []
    text: "{own_words}"
"""


def make(root: Path, size: Size = Size()) -> Path:
    """Write the library under `root`; the same size gives the same files."""
    data, shipped = root / "data", ROOT / "data"
    languages = LANGUAGES[: size.languages]
    (data / "wording").mkdir(parents=True)
    sources = (shipped / "sources.yaml").read_text(encoding="utf-8")
    others = "".join(rf"    {language}: \1\n" for language in languages[2:])
    sources = re.sub(r"    es: (.*)\n", rf"\g<0>{others}", sources)
    (data / "sources.yaml").write_text(sources, encoding="utf-8")
    for language in languages:
        words = "en" if language == "en" else "es"
        shutil.copy(shipped / f"wording/{words}.yaml", data / f"wording/{language}.yaml")
        shutil.copy(shipped / f"glossary.{words}.yaml", data / f"glossary.{language}.yaml")
    for number in range(size.treatments):
        _treatment(data / f"treatments/{_treatment_id(number)}", number, size)
    chance = random.Random(size.seed)  # noqa: S311  the same each time
    for number in range(size.clinics):
        _clinic(data / f"clinics/clinic-{number:04}", number, size, chance)
    return root


def _treatment_id(number: int) -> str:
    return TREATMENT if number == 0 else f"{TREATMENT}-{number}"


def _treatment(folder: Path, number: int, size: Size) -> None:
    shipped = ROOT / "data/treatments" / TREATMENT
    folder.mkdir(parents=True)
    facts = (shipped / "facts.yaml").read_text(encoding="utf-8")
    facts = facts.replace("code: MN", f"code: M{chr(65 + number % 26)}{chr(65 + number // 26)}")
    own = "settings:\n  own_words: {kind: text}\n"
    (folder / "facts.yaml").write_text(facts.replace("settings:\n", own), encoding="utf-8")
    for language in LANGUAGES[: size.languages]:
        source = shipped / ("en" if language == "en" else "es")
        (folder / language).mkdir()
        shutil.copy(source / "_words.yaml", folder / language)
        for name in NAMES[: size.handouts]:
            sheet = (source / f"{name}.yaml").read_text(encoding="utf-8")
            if name == "before":
                sheet = re.sub(r"\n  - id: what-to-bring", OWN + r"\n  - id: what-to-bring", sheet)
            leaflets = [
                each for each in NAMES[: size.handouts] if each not in ("consent", "photos")
            ]
            sheet = re.sub(r"leaflets: \[.*\]", f"leaflets: [{', '.join(leaflets)}]", sheet)
            (folder / language / f"{name}.yaml").write_text(sheet, encoding="utf-8")


def _clinic(folder: Path, number: int, size: Size, chance: random.Random) -> None:
    folder.mkdir(parents=True)
    languages = LANGUAGES[: size.languages]

    def each(text: str) -> str:
        return "{" + ", ".join(f'{language}: "{text}"' for language in languages) + "}"

    own = f"We are at door {number}." if chance.random() < size.share else "We are at the door."
    settings = f"""\
    needle_depth: {each("up to 1.5 mm")}
    price: {each("£180")}
    course_price: {each("£480")}
    own_words: {each(own)}
"""
    treatments = "".join(
        f"  {_treatment_id(other)}:\n{settings}" for other in range(size.treatments)
    )
    contact = f"""\
name: Clinic {number} for Skin
country: GB
fictional: true
address: [{number + 1} Orchard Row, London W1T 4AB]
phone: "020 7946 {number % 1000:04}"
hours: {each("Monday to Saturday, 9 am to 6 pm")}
out_of_hours:
  number: "020 7946 {(number + 1) % 1000:04}"
  when: {each("Evenings, nights and Sundays")}
emergency: "999"
email: hello@clinic-{number}.example.com
website: clinic-{number}.example.com
languages: [{", ".join(languages)}]
paper: a4
treatments:
{treatments}"""
    (folder / "clinic.yaml").write_text(contact, encoding="utf-8")
    primary, secondary = _color(chance, 0.3), _color(chance, 0.4)
    brand = f'logo: logo.svg\ncolor:\n  primary: "{primary}"\n  secondary: "{secondary}"\n'
    (folder / "_brand.yml").write_text(brand, encoding="utf-8")
    (folder / "logo.svg").write_text(_logo(primary, chance), encoding="utf-8")


def _color(chance: random.Random, lightness: float) -> str:
    parts = colorsys.hls_to_rgb(chance.random(), lightness, 0.6)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _logo(color: str, chance: random.Random) -> str:
    radius = chance.randint(10, 20)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><title>Logo</title>'
        f'<rect width="120" height="40" fill="{color}"/>'
        f'<circle cx="{radius + 5}" cy="20" r="{radius}" fill="#fff"/></svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.library", description=__doc__)
    parser.add_argument("root", type=Path, help="a folder that does not exist yet")
    for field in fields(Size):
        kind = type(field.default)
        parser.add_argument(f"--{field.name}", type=kind, default=field.default)
    asked = vars(parser.parse_args())
    root, size = asked.pop("root"), Size(**asked)
    make(root, size)
    print(f"{size.editions:,} editions: handouts build --root {root}")


if __name__ == "__main__":
    main()

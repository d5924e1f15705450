"""Brands that nobody drew with care, and the short sheets that they are tried on."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

from handouts.gallery import KEYS
from tests.small import SOURCES

DATA = Path(__file__).parents[1] / "data"


def svg(
    color: str, width: float = 300, height: float = 100, *, at: tuple[float, float] = (0, 0)
) -> bytes:
    """An ellipse that touches all four edges of its view box, which begins at `at`."""
    x, y = at
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {width} {height}">'
        f'<ellipse cx="{x + width / 2}" cy="{y + height / 2}" rx="{width / 2}" '
        f'ry="{height / 2}" fill="{color}"/></svg>'
    ).encode()


def raster(
    color: Any, width: int, height: int, ground: Any = (0, 0, 0, 0), mode: str = "RGBA"
) -> bytes:
    """The same as a picture: PNG, or JPEG where it can have no clear ground."""
    picture = Image.new(mode, (width, height), ground)
    ImageDraw.Draw(picture).ellipse((0, 0, width - 1, height - 1), fill=color)
    held = BytesIO()
    if mode == "RGBA":
        picture.save(held, "PNG")
    else:
        picture.save(held, "JPEG", quality=95)
    return held.getvalue()


@dataclass(frozen=True)
class Brand:
    """What a clinic has that others have not; all else is as in `CLINIC` and `BRAND`.

    `error`: by format, or once for all of them, what it is told where there is to be no page.
    """

    contact: dict[str, Any] = field(default_factory=dict)
    brand: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    style: dict[str, str] = field(default_factory=dict)
    error: dict[str, str] = field(default_factory=dict)
    language: str = "en"


TEAL = "#0b6e6e"
CLINIC: dict[str, Any] = {
    "name": "Quayside Skin Clinic",
    "country": "GB",
    "fictional": True,
    "address": ["7 Quay Road", "Bristol BS1 4ZZ"],
    "phone": "0117 496 0100",
    "hours": "Monday to Friday, 9 am to 5 pm",
    "out_of_hours": {"number": "111", "when": "Nights and weekends"},
    "emergency": "999",
    "email": "hello@quayside.example",
    "website": "quayside.example",
    "languages": ["en"],
    "paper": "a4",
    "treatments": {"tiny": None},
}
BRAND: dict[str, Any] = {"logo": "logo.svg", "color": {"primary": TEAL, "secondary": "#c9772b"}}


def colors(primary: str, secondary: str | None = None) -> dict[str, Any]:
    both = {"primary": primary} | ({"secondary": secondary} if secondary else {})
    return {"color": both}


def logo(name: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {"brand": {"logo": name}, "files": {name: data}, **more}


def lines(*numbers: str, label: str = "") -> list[dict[str, str]]:
    label = label or "Appointments and questions about your treatment"
    return [{"number": number, "label": label} for number in numbers]


def letterhead(name: str) -> dict[str, Any]:
    return {"style": {"letterhead": name}}


WHITE = svg("#ffffff")
PAGE = "quayside.example/patients/treatments/after-your-tiny-treatment/in-full"
NO_FONT = {"": "write it another way, or name a typeface"}
LETTERHEADS = KEYS["letterhead"]
LONG = "Saint Bartholomew and Holy Trinity Teaching Hospitals Dermatology and Laser Unit"
WORD = "Hautkrankheitenbehandlungszentrum"
HEBREW, CHINESE = "מרפאת העור", "皮肤科诊所"
GREEK, CYRILLIC = "Δερματολογική Κλινική", "Клиника кожи"
ARABIC = "مركز النور للأمراض الجلدية والليزر والطب التجميلي"
ENGLISH = "Al Noor Centre for Dermatology, Laser and Aesthetic Medicine"
ARABIC_CLINIC: dict[str, Any] = {
    "languages": ["ar"],
    "hours": "الأحد إلى الخميس، من 10 صباحا إلى 7 مساء",
    "out_of_hours": {"number": "111", "when": "المساء والليل والجمعة والسبت"},
}
NUMBERS = ("0117 496 0100", "0117 496 0101", "0117 496 0102")
ADDRESS = [
    "Department of Dermatology", "Level 4, Zone B", "The Old Infirmary Building",
    "Upper Maudlin Street", "Bristol", "BS2 8HW",
]  # fmt: skip

BRANDS: dict[str, Brand] = {
    "plain": Brand(),
    "logo-30-to-1": Brand(
        **logo("logo.svg", svg(TEAL, 3000, 100)), error={"": "is 30 times as wide as tall"}
    ),
    "logo-1-to-30": Brand(
        **logo("logo.svg", svg(TEAL, 100, 3000)), error={"": "is 30 times as tall as wide"}
    ),
    "logo-12-to-1": Brand(**logo("logo.svg", svg(TEAL, 1200, 100))),
    "logo-1-to-6": Brand(**logo("logo.svg", svg(TEAL, 100, 600))),
    "clear-png": Brand(**logo("logo.png", raster(TEAL, 800, 500))),
    **{
        f"white-on-nothing-{name}": Brand(**logo("logo.svg", WHITE), **letterhead(name))
        for name in LETTERHEADS
    },
    **{
        f"white-for-dark-{name}": Brand(
            brand={"logo": {"medium": {"light": "logo.svg", "dark": "white.svg"}}},
            files={"logo.svg": svg(TEAL), "white.svg": WHITE},
            **letterhead(name),
        )
        for name in LETTERHEADS
    },
    "white-on-white": Brand(
        **{**logo("logo.svg", WHITE), "brand": {"logo": "logo.svg", **colors("#fffdf0")}},
        error={"": "is as light as paper"},
    ),
    "black-box": Brand(**logo("logo.jpg", raster("white", 900, 300, "black", "RGB"))),
    "cmyk": Brand(**logo("logo.jpg", raster((0, 200, 80, 20), 900, 450, (0, 0, 0, 0), "CMYK"))),
    "huge": Brand(**logo("logo.png", raster(TEAL, 6000, 4000))),
    "too-huge": Brand(
        **logo("logo.png", raster(TEAL, 8000, 6000)), error={"": "40 million at most"}
    ),
    "tiny": Brand(**logo("logo.png", raster(TEAL, 48, 48))),
    "stain": Brand(**logo("logo.png", raster(TEAL, 24, 24)), error={"": "would print blurred"}),
    "odd-view-box": Brand(**logo("logo.svg", svg(TEAL, 1.5, 0.75, at=(-1000.25, 400)))),
    "logo-as-the-band": Brand(**logo("logo.svg", svg(TEAL)), **letterhead("band")),
    "very-light": Brand(brand=colors("#fef6d8", "#fdfdfd")),
    "very-light-band": Brand(brand=colors("#fef6d8", "#fdfdfd"), **letterhead("band")),
    "very-dark": Brand(brand=colors("#0a0a12", "#111100")),
    "fluorescent": Brand(brand=colors("#39ff14", "#ff00ff")),
    "fluorescent-band": Brand(brand=colors("#ccff00", "#ff6ec7"), **letterhead("band")),
    "mid-grey": Brand(brand=colors("#808080", "#777777")),
    "mid-grey-band": Brand(brand=colors("#808080", "#777777"), **letterhead("band")),
    "equal-colours": Brand(brand=colors("#8a1c7c", "#8a1c7c")),
    "white": Brand(brand=colors("#ffffff", "#ffffff")),
    "white-band": Brand(brand=colors("#ffffff", "#ffffff"), **letterhead("band")),
    "black": Brand(brand=colors("#000000", "#000000")),
    **{
        f"long-name-{name}": Brand(contact={"name": LONG}, **letterhead(name))
        for name in LETTERHEADS
    },
    **{
        f"one-long-word-{name}": Brand(
            contact={"name": WORD},
            **letterhead(name),
            error={"large-print-mono": f"name “{WORD}” does"} if name == "rule" else
            {"booklet-mono": f"name “{WORD}” does"} if name == "band" else {},
        )
        for name in LETTERHEADS
    },
    "endless-word": Brand(contact={"name": "Dermato" * 12}, error={"": "name “Dermato"}),
    "emoji": Brand(contact={"name": "Glow \U0001f31f Skin"}, error=NO_FONT),
    "symbol": Brand(contact={"name": "Skin ⌘ Clinic"}, error=NO_FONT),
    "hebrew": Brand(contact={"name": HEBREW}, error=NO_FONT),
    "chinese": Brand(contact={"name": CHINESE}, error=NO_FONT),
    "greek": Brand(contact={"name": GREEK}),
    "cyrillic": Brand(contact={"address": ["Тверская 7", "Москва"]}),
    **{
        f"arabic-name-{name}": Brand(contact={"name": ARABIC}, **letterhead(name))
        for name in LETTERHEADS
    },
    **{
        f"two-long-names-{name}": Brand(
            contact={"name": ENGLISH, "names": {"ar": ARABIC}},
            **letterhead(name),
            error={"booklet-mono": f"names “{ARABIC}” does"} if name == "band" else {},
        )
        for name in LETTERHEADS
    },
    **{
        f"arabic-sheet-{name}": Brand(
            contact={"name": ENGLISH, "names": {"ar": ARABIC}, **ARABIC_CLINIC},
            language="ar",
            **letterhead(name),
        )
        for name in LETTERHEADS
    },
    "english-name-on-arabic": Brand(contact={"name": ENGLISH, **ARABIC_CLINIC}, language="ar"),
    "arabic-address": Brand(
        contact={"name": ARABIC, "address": ["شارع الأرز 48", "لندن"], **ARABIC_CLINIC},
        language="ar",
    ),
    "three-names": Brand(
        contact={"name": ENGLISH, "names": {"ar": ARABIC, "es": "Centro Al Noor de Piel y Láser"}},
        error={"large-print-mono": f"name “{ENGLISH}” does"},
    ),
    "one-labelled-line": Brand(contact={"phone": lines(*NUMBERS[:1])}),
    "two-labelled-lines": Brand(contact={"phone": lines(*NUMBERS[:2])}),
    "three-labelled-lines": Brand(contact={"phone": lines(*NUMBERS)}),
    "two-plain-lines": Brand(contact={"phone": [{"number": each} for each in NUMBERS[:2]]}),
    "three-plain-lines": Brand(contact={"phone": [{"number": each} for each in NUMBERS]}),
    "six-lines": Brand(
        contact={"phone": lines(*NUMBERS, *NUMBERS)}, error={"": "can hold 3 at most"}
    ),
    "long-website": Brand(
        contact={
            "website": "dermatology-and-laser.saint-bartholomew-teaching-hospitals.example",
            "email": "appointments.dermatology@saint-bartholomew-hospitals.example",
        }
    ),
    **{
        f"long-address-{name}": Brand(
            contact={"address": ADDRESS},
            **letterhead(name),
            error={"booklet-mono": "address “Department"} if name == "side" else {},
        )
        for name in LETTERHEADS
    },
    "long-hours": Brand(
        contact={
            "hours": "Monday, Wednesday and Friday from 9 am to 5.30 pm; Tuesday and Thursday "
            "from 8 am to 8 pm; the first Saturday of each month from 10 am to 1 pm"
        },
        error={"large-print": "hours “Monday, Wednesday"},
    ),
    "long-record-number": Brand(
        contact={"record_number": "Hospital and community record number"},
        error={"": "record_number “number” does not fit"},
    ),
    "longer-record-number": Brand(
        contact={"record_number": "Hospital, community and national health record number (if any)"},
        error={"": "does not fit the patient_label"},
    ),
    "long-page": Brand(contact={"pages": dict.fromkeys(("tiny/card", "tiny/leaf"), PAGE)}),
    "nothing-but-a-colour": Brand(brand={"color": {"primary": "#345"}}),
    "no-website": Brand(contact={"website": None}, error={"": "website is missing: add"}),
    "no-logo": Brand(brand={"logo": None}, error={"": "logo is missing: add"}),
    "plex-headings": Brand(
        brand={"typography": {"headings": {"family": "IBM Plex Sans Arabic", "weight": 500}}}
    ),
    "plex-all": Brand(
        brand={
            "typography": {"base": "IBM Plex Sans Arabic", "headings": {"weight": "semi-bold"}}
        }
    ),
    "everything-long": Brand(
        contact={
            "name": LONG, "names": {"ar": ARABIC}, "address": ADDRESS, "phone": lines(*NUMBERS),
            "website": "dermatology.saint-bartholomew-hospitals.example",
        },
        error={"": "does not fit the letterhead"},
    ),
}  # fmt: skip

STYLES = [
    {"letterhead": letterhead, "sections": sections, "call_box": call_box}
    for sections in KEYS["sections"]
    for call_box in KEYS["call_box"]
    for letterhead in LETTERHEADS
]
FORMATS = (
    ("standard", "large-print"), ("standard", "mono"), ("standard", "booklet"),
    ("large-print-mono", "standard"), ("booklet-mono", "standard"),
)  # fmt: skip


def clinic(name: str, number: int) -> dict[str, str | bytes]:
    """The files of a brand's clinic; whatever it does not say goes round by its number."""
    brand = BRANDS[name]
    paper = ("a4", "letter")[number // 2 % 2]
    spread: dict[str, Any] = {"paper": paper, "formats": list(FORMATS[number % 5])}
    contact = {**CLINIC, **spread, **brand.contact}
    looks = {**BRAND, **brand.brand}
    looks["defaults"] = {"handouts": {**STYLES[number % len(STYLES)], **brand.style}}
    folder = f"data/clinics/{name}"
    return {
        f"{folder}/clinic.yaml": dumped(contact),
        f"{folder}/_brand.yml": dumped(looks),
        f"{folder}/logo.svg": svg(TEAL),
        **{f"{folder}/{file}": data for file, data in brand.files.items()},
    }


def dumped(value: dict[str, Any]) -> str:
    kept = {key: item for key, item in value.items() if item is not None}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)


FACTS = """\
code: TT
risks:
  - id: redness
    group: expected
    cases: 2
    sources: [tiny-review]
"""
WORDS = {
    "en": """\
name: Tiny treatment
risks:
  redness: {name: Redness, like: Like mild sunburn., do: Wait.}
calls:
  call_us: [Blisters, A rash that spreads]
  emergency: [You cannot breathe, Your face or tongue swells]
""",
    "ar": """\
name: الوخز بالإبر الدقيقة
risks:
  redness: {name: احمرار, like: تتقشر البشرة., do: اتصل بنا.}
calls:
  call_us: [كدمات, نزيف بنقاط صغيرة جدا]
  emergency: [تورم, طفح]
""",
}
CARD = """\
title: {title}
lead: {lead}
version: "1.0"
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:
"""
TITLES = {
    "en": ("After your treatment", "How to look after your skin.", "Wash your face with water."),
    "ar": ("العناية ببشرتك", "عامله بلطف.", "رطبها مرات في اليوم."),
}


def treatment(language: str) -> dict[str, str | bytes]:
    """A sheet with every slot, and one that may be folded."""
    title, lead, words = TITLES[language]
    head = CARD.format(title=title, lead=lead)
    if language != "en":
        head = head.replace("written", 'follows: "1.0"\nwritten')
    place = f"data/treatments/tiny/{language}"
    agreed = f"  - signatures: [{{who: patient, statement: {words!r}}}]\n"
    text = f"  - heading: {title}\n  - text: {words}\n"
    label, calls = "  - patient_label: true\n", "  - call_box: true\n"
    return {
        f"{place}/_words.yaml": WORDS[language],
        f"{place}/card.yaml": head + label + text + agreed + calls,
        f"{place}/leaf.yaml": head.replace("blocks:", "booklet: true\nblocks:") + text + calls,
    }


def files() -> dict[str, str | bytes]:
    """The whole library, with a clinic for each brand."""
    found: dict[str, str | bytes] = {
        "data/sources.yaml": SOURCES,
        "data/treatments/tiny/facts.yaml": FACTS,
    }
    for language in ("en", "ar"):
        wording = (DATA / f"wording/{language}.yaml").read_text(encoding="utf-8")
        found |= {f"data/wording/{language}.yaml": wording, **treatment(language)}
    for number, name in enumerate(BRANDS):
        found |= clinic(name, number)
    return found

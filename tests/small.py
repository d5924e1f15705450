"""A small library that is whole: every kind of block, two clinics, one treatment."""

import struct
import zlib
from pathlib import Path


def png(width: int, height: int) -> bytes:
    """A black picture of one bit a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + -(-width // 8)) * height)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


PNG = png(400, 200)

WORDING = (Path(__file__).parents[1] / "data/wording/en.yaml").read_text(encoding="utf-8")
"""The repository's own: it says nothing about any treatment or clinic."""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">
  <title>Rosewater Clinic</title>
  <rect width="120" height="40" fill="#a1004b"/>
</svg>
"""

SOURCES = """\
tiny-trial:
  citation: Smith J. A tiny trial. J Tiny Med 2020;1:1-9.
  url: https://doi.org/10.1000/tiny
  read: 2026-01-10
  supports: How often redness follows.
tiny-review:
  citation: Jones A. Tiny treatments reviewed. 2021.
  found: In print.
  read: 2026-01-10
  supports: That infection has been described.
"""

FACTS = """\
code: TT
figures:
  wash_hours:
    value: 24
    sources: [tiny-review]
settings:
  sessions:
    default: [3, 6]
    sources: [tiny-review]
  price: {}
risks:
  - id: redness
    group: expected
    expected: true
    at_least: 9
    sources: [tiny-trial]
  - id: cold-sores
    group: some
    studies:
      - events: 3
        total: 40
        source: tiny-trial
    sources: [tiny-trial]
  - id: infection
    group: serious
    cases: 2
    sources: [tiny-review]
"""

WORDS = """\
name: Tiny treatment
risks:
  redness:
    name: Redness
    like: Like mild sunburn.
    do: Wait {wash_hours} hours.
  cold-sores:
    name: Cold sores
    like: Small blisters.
    do: Call us.
  infection:
    name: Infection
    like: Heat, pain and pus.
    do: Call us at once.
calls:
  call_us:
    - Blisters
  emergency:
    - You cannot breathe
"""

RISKS = """\
title: Risks of tiny treatment
lead: What can happen, and how often.
version: 1.0
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:  # allow no-call-box: only one sheet has it
  - heading: What to expect
  - text: |
      You will have {sessions} sessions.

      - **Each** costs {price}.
      - None takes long.
    sources: [tiny-review]
  - risk_table: expected
  - risk_table: some
  - risk_table: serious
  - questions:
      - question: Does it hurt?
        answer: A little.
    sources: []
  - references: true
"""

CONSENT = """\
title: Consent to tiny treatment
lead: Please read this before you sign.
version: 1.1
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:  # allow no-call-box: only one sheet has it
  - patient_label: true
  - risk_list: expected
  - risk_list: some
  - risk_list: serious
  - leaflets: [risks, aftercare]
  - fields:
      - Allergies
  - id: agree
    statements:
      - I have read this.
  - lines: 3
    prompt: My questions
  - signatures:
      - who: patient
        statement: I agree.
      - who: clinician
"""

AFTERCARE = """\
title: After your tiny treatment
lead: How to look after your skin.
version: 1.0
written: 2026-01-10
review_by: 2028-01-10
owner: Dr A. Jones
blocks:
  - sources: []
    bullets: [Drink water.]
  - sources: [tiny-review]
    steps: ["Wash after {wash_hours} hours."]
  - sources: []
    checklist: [Sun cream bought]
  - timeline:
      - when: First day
        feel: Warm.
        do: [Rest.]
        do_not: [Wash your face.]
    sources: []
  - head: [What, Why]
    table:
      - name: Water
        text: It is wet.
    sources: []
  - call_box: true
  - references: true
"""

ROSEWATER = """\
name: Rosewater Clinic
address:
  - 1 Rose Lane
  - London N1 1AA
phone: 020 7946 0000
hours: Monday to Friday, 9 to 5
out_of_hours:
  number: "111"
  when: Nights and weekends
emergency: "999"
email: hello@rosewater.example
website: rosewater.example
languages: [en]
paper: a4
treatments:
  tiny:
    price: £120
country: GB
fictional: true
"""

ROSEWATER_BRAND = """\
# Rosewater Clinic:
# logo and colours.
logo: logo.svg
color:
  palette:
    rose: "#A1004B"
    main: rose
  primary: main
  secondary: "#063"
"""

HARBOR = """\
name: Harbor Skin
address: [2 Dock Street, "Portland, ME 04101"]
phone:
  - number: (207) 555-0100
    label: Front desk
  - number: (207) 555-0101
hours: Weekdays 8 to 4
out_of_hours:
  number: (207) 555-0199
  when: Other times
emergency: "911"
email: hello@harbor.example
website: harbor.example/skin
languages: [en]
paper: letter
record_number: MRN
treatments:
  tiny:
    price: $150
    sessions: 4
country: US
fictional: true
"""

HARBOR_BRAND = """\
logo:
  images:
    mark:
      path: logo.png
      alt: Harbor Skin
  medium:
    light: mark
color:
  primary: "#0a3d62"
typography:
  base:
    family: Atkinson Hyperlegible
"""

T = "data/treatments/tiny"
EN = f"{T}/en"
R = "data/clinics/rosewater"
H = "data/clinics/harbor"

FILES: dict[str, str | bytes] = {
    "data/sources.yaml": SOURCES,
    "data/wording/en.yaml": WORDING,
    f"{T}/facts.yaml": FACTS,
    f"{EN}/_words.yaml": WORDS,
    f"{EN}/risks.yaml": RISKS,
    f"{EN}/consent.yaml": CONSENT,
    f"{EN}/aftercare.yaml": AFTERCARE,
    f"{R}/clinic.yaml": ROSEWATER,
    f"{R}/_brand.yml": ROSEWATER_BRAND,
    f"{R}/logo.svg": SVG,
    f"{H}/clinic.yaml": HARBOR,
    f"{H}/_brand.yml": HARBOR_BRAND,
    f"{H}/logo.png": PNG,
}


def real(contact: str) -> str:
    """A small clinic's file as that of a clinic which hands its sheets out: it is not invented.

    Its numbers and addresses stay those that are kept for stories, and say why they may.
    """
    reason = ": it is only tried here"
    lines = contact.replace("fictional: true\n", "").splitlines()
    rules = {"020 7946": "phone-number", "555-01": "phone-number", ".example": "placeholder"}
    for text, rule in rules.items():
        lines = [f"{line}  # allow {rule}{reason}" if text in line else line for line in lines]
    return "\n".join([*lines, ""])


REAL: dict[str, str | bytes | None] = {
    f"{R}/clinic.yaml": real(ROSEWATER),
    f"{H}/clinic.yaml": real(HARBOR),
}
"""The two clinics as clinics that hand sheets out."""


def make_library(root: Path, files: dict[str, str | bytes | None] | None = None) -> Path:
    """The small library under `root`, with these files laid over it; None takes one away."""
    for name, content in {**FILES, **(files or {})}.items():
        path = root / name
        if content is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root

"""What a clinic gives in lines, such as its hours, stands in lines on its sheets."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2

from tests.program import run
from tests.small import FILES, R

Make = Callable[..., Path]
CLINIC = f"{R}/clinic.yaml"
HOURS = "hours: |\n  Monday to Thursday: 9 am to 5 pm\n  Friday: 9 am to 1 pm\n"
NIGHTS = "when: |\n    Nights\n    Weekends\n"


def text(root: Path, sheet: str = "aftercare") -> str:
    made = run("build", "rosewater", "-H", sheet, "-j", 1, "--root", root)
    assert made.exit_code == 0, made.output
    pdf = pypdfium2.PdfDocument(root / f"output/rosewater/en/tiny-{sheet}.pdf")
    return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def test_hours_keep_their_lines(library: Make) -> None:
    contact = str(FILES[CLINIC]).replace("hours: Monday to Friday, 9 to 5\n", HOURS)
    contact = contact.replace("when: Nights and weekends\n", NIGHTS)
    lines = [line.strip() for line in text(library({CLINIC: contact})).splitlines()]
    at = lines.index("Monday to Thursday: 9 am to 5 pm")
    assert lines[at + 1 : at + 4] == ["Friday: 9 am to 1 pm", "Nights", "Weekends: 111"]

"""The copy of a PDF that is kept for good: PDF/A-2a, in a folder of its own beside the PDF.

A copy that stands is that of the PDF beside it: it goes before the PDF is written anew, and is
written after it.
"""

from contextlib import suppress
from pathlib import Path

from handouts.errors import HandoutsError

CLAIMS = {"2a": "PDF/A-2a", "ua1": "PDF/UA-1"}
"""What a copy says that it is, by the name of the validator's profile."""


def place(path: str) -> str:
    """Where a PDF's copy lies: where nobody looks for what is to be printed."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/archive/{name.removesuffix('.pdf')}-archive.pdf"


def require() -> None:
    """HandoutsError if copies cannot be checked here, with what to install."""
    try:
        import page  # noqa: F401, PLC0415
    except ImportError:
        raise HandoutsError(
            "--archive checks every copy, and what checks them is missing: "
            "pip install 'handouts[archive]'"
        ) from None


def fault(pdf: bytes) -> str:
    """By which rules a copy is not what it says that it is; empty if it is."""
    import page  # noqa: PLC0415

    for profile, claim in CLAIMS.items():
        try:
            failures = page.validate_pdf_bytes(pdf, profile=profile).failures
            broken = [f"{each.rule_id}: {each.message}" for each in failures]
        except page.PageError as error:
            broken = [str(error)]
        if broken:
            return f"its copy for the archive is not {claim}: {'; '.join(dict.fromkeys(broken))}"
    return ""


def remove(output: Path, path: str) -> bool:
    """Take the copy of this PDF away; whether there was one.

    HandoutsError if it stays.
    """
    copy = output / place(path)
    try:
        if not copy.is_file():
            return False
        copy.unlink()
    except OSError as error:
        why = error.strerror or error
        raise HandoutsError(f"{copy} would be out of date, and cannot be removed: {why}") from None
    with suppress(OSError):
        copy.parent.rmdir()
    return True

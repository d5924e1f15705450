"""The same words as a plain Typst document: headings and paragraphs, under the clinic's name."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from handouts import fonts
from handouts.plan import Edition
from handouts.reading import pieces


def printer() -> Callable[[Edition], bytes]:
    """What turns an edition into a PDF, by one compiler that is kept."""
    import typst  # noqa: PLC0415  in the process that sets pages

    folders = [str(fonts.folder(family)) for family in (fonts.BASE, *fonts.SCRIPTS)]
    compiler: Any = typst.Compiler(font_paths=folders, ignore_system_fonts=True)

    def compiled(edition: Edition) -> bytes:
        pdf = compiler.compile(input=document(edition).encode(), pdf_standards=["ua-1"])
        return bytes(pdf)

    return compiled


def document(edition: Edition) -> str:
    """The edition as Typst's markup."""
    body, contact = edition.body, edition.clinic.contact
    name, phone = contact.name_in(body.language), contact.phone[0].number
    logo = edition.clinic.livery.logo.svg
    lines = [
        f"#set document(title: {_string(edition.title)}, author: {_string(name)})",
        f"#set text(lang: {_string(body.language)}, font: {_string(fonts.BASE)}, size: 11pt)",
        '#set page(paper: "a4", footer: context counter(page).display("1 / 1", both: true))',
        f"#show heading: set text(fill: rgb({_string(edition.clinic.livery.primary)}))",
        f'#image(bytes({_string(logo)}), format: "svg", height: 12mm, alt: "logo")',
        f"#par({_string(f'{name}, {phone}')})",
        *_words(edition),
    ]
    return "\n".join(lines)


def _words(edition: Edition) -> Iterator[str]:
    for piece in pieces(edition.body):
        if piece.kind == "title":
            yield f"#heading(level: 1, {_string(piece.text)})"
        elif piece.kind == "heading" and piece.text:
            yield f"#heading(level: 2, {_string(piece.text)})"
        elif piece.text:
            yield f"#par({_string(piece.text)})"


@cache
def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

"""Inline Markdown in prose: what is allowed, what is wrong, and its HTML."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from handouts.model import NAMED, Flow, Prose

INLINE = {"text", "softbreak", "hardbreak", "strong_open", "strong_close", "em_open", "em_close",
          "link_open", "link_close", "inline", "paragraph_open", "paragraph_close"}  # fmt: skip
FLOW = INLINE | {
    f"{kind}_{end}"
    for kind in ("bullet_list", "ordered_list", "list_item")
    for end in ("open", "close")
}
WHAT = {
    "html_inline": "raw HTML",
    "html_block": "raw HTML",
    "heading_open": "a heading (#): use a `heading` block",
    "image": "an image",
    "code_inline": "code (`)",
    "code_block": "code (text moved in by four spaces or more)",
    "fence": "code (```)",
    "hr": "a line (---)",
    "blockquote_open": "a quotation (>)",
    "bullet_list_open": "a list: use a `bullets` block or a `text` block",
    "ordered_list_open": "a list: use a `steps` block or a `text` block",
}
LINKS = ("https://", "mailto:", "tel:")


ENGLISH = "“”‘’"
QUOTES = {"ar": "«»“”", "es": "«»“”", "es-US": ENGLISH}
"""What straight quotation marks become, by language or locale, where it is not as in English."""


def _parser(locale: str = "") -> MarkdownIt:
    language = locale.partition("-")[0]
    return _parser_for(QUOTES.get(locale, QUOTES.get(language, ENGLISH)))


@cache
def _parser_for(quotes: str) -> MarkdownIt:
    return MarkdownIt("commonmark", {"typographer": True, "quotes": quotes}).enable("smartquotes")


def _tokens(text: str, env: dict[str, Any]) -> Iterator[Token]:
    for token in _parser().parse(text, env):
        yield token
        yield from token.children or ()


def faults(text: Prose) -> Iterator[str]:
    """What in the text cannot be printed, each as a short phrase."""
    allowed = FLOW if isinstance(text, Flow) else INLINE
    seen = set()
    env: dict[str, Any] = {}
    for token in _tokens(text, env):
        if token.type not in allowed and token.type in WHAT and token.type not in seen:
            seen.add(token.type)
            what, colon, advice = WHAT[token.type].partition(": ")
            yield f"{what} cannot be used here{colon}{advice}"
        if token.type == "ordered_list_open" and token.attrGet("start") not in (None, 1):
            yield f"a list that begins with {token.attrGet('start')}: begin it with 1"
        if token.type == "link_open" and not str(token.attrGet("href")).startswith(LINKS):
            yield f"a link to {token.attrGet('href')!r}: links start with {', '.join(LINKS)}"
    if env.get("references"):
        yield "a line that begins with [name]: is not printed: begin it with another word"
    if not isinstance(text, Flow) and "\n\n" in text:
        yield "an empty line cannot be used here: write one paragraph"
    bare = NAMED.sub("", text)
    if "{" in bare or "}" in bare:
        yield "a brace that is not part of a {name}"


@lru_cache(20_000, typed=True)
def html(text: Prose, locale: str = "") -> Markup:
    """The text as HTML: paragraphs and lists from Flow, else inline only.

    A number stays on the line of the word that follows it, or of the letters before it, as in
    SPF 30; so do a range, and EE. UU. A link gives its address in words: nobody can click on
    paper.
    """
    kept = re.sub(r"(?<=\d) (?=[^\W\d])|(?<=[A-Z]{2}) (?=\d)", "\N{NO-BREAK SPACE}", text)
    kept = re.sub(r"(?<=\b[A-Z]{2}\.) (?=[A-Z]{2}\.)", "\N{NO-BREAK SPACE}", kept)
    kept = re.sub(r"(?<=\d)(\xa0\w{1,4}) (?=\d)", "\\1\N{NO-BREAK SPACE}", kept)
    parser = _parser(locale)
    done = parser.render(kept) if isinstance(text, Flow) else parser.renderInline(kept)
    return Markup(_LINK.sub(_with_address, done))  # noqa: S704  escaped; raw HTML was refused


_LINK = re.compile(r'<a href="(?:https://|mailto:|tel:)([^"]*)">(.*?)</a>', re.DOTALL)


def _with_address(link: re.Match[str]) -> str:
    address, words = link[1].rstrip("/"), link[2]
    return link[0] if address in words else f'{link[0]} (<span class="url">{address}</span>)'


def paragraphs(text: Prose, locale: str = "") -> list[str]:
    """The text without its markup, a paragraph or an item of a list each."""
    parts = _END.split(html(text, locale).replace("\N{NO-BREAK SPACE}", " "))
    plain_parts = (Markup(part).striptags() for part in parts)  # noqa: S704  as in `html`
    return [part for part in plain_parts if part]


_END = re.compile(r"</(?:p|li)>|<br ?/?>")


def plain(text: Prose, locale: str = "") -> str:
    """The text without its markup, as a title is written where nothing can be emphasised."""
    return html(Prose(text), locale).striptags()

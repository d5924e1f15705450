"""The words of a page of HTML, one text after the other, its tags left as they are."""

import re
from collections.abc import Callable

Change = Callable[[str, bool], str]
"""What becomes of a text, as HTML; told whether it is marked to run from the left."""

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\"[^\"]*\"|[^>\"])*)>|<[!?][^>]*>")
_DIRECTION = re.compile(r"\bdir\s*=\s*[\"']?(ltr|rtl)")
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


def changed(html: str, change: Change) -> str:
    """The page with each text of its body changed."""
    place = max(html.find("<body"), 0)
    done = [html[:place]]
    open_: list[tuple[str, bool]] = []
    for tag in _TAG.finditer(html, place):
        text = html[place : tag.start()]
        done += [change(text, bool(open_) and open_[-1][1]) if text.strip() else text, tag[0]]
        place = tag.end()
        _follow(tag, open_)
    return "".join([*done, html[place:]])


def _follow(tag: re.Match[str], open_: list[tuple[str, bool]]) -> None:
    """Note which elements are open after a tag, and whether they run from the left."""
    name = (tag[2] or "").lower()
    if tag[1] and name in {each for each, _ in open_}:
        while open_.pop()[0] != name:
            pass
    elif name and not tag[1] and name not in _VOID:
        own = _DIRECTION.search(tag[3])
        open_.append((name, own[1] == "ltr" if own else bool(open_) and open_[-1][1]))

"""How hard a text is to read, by the formulas that there are for its language.

Flesch-Kincaid gives the US school grade of English; SMOG too, but for full understanding,
which is why it is some grades higher: the two are never mixed. Spanish is rated by
Szigriszt-Pazos on the INFLESZ scale, where more is easier. For Arabic there is no formula
in general use, so only the length of sentences is known.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"(?<=[.!?؟:])(?<!\bEE\.)[\"”»)]*\s+(?![a-zà-ÿ])")
BRACKETED = re.compile(r"\s*\((?:[^()\s]+\s+){0,2}[^()\s]+\)")
ENDED = re.compile(r"[.!?؟:][\"”»)]*$")
JOINED = 10
"""Up to how many words the fragments of a list are read as one sentence."""

TERM = "term"


@dataclass(frozen=True)
class Rating:
    """`grade`: by Flesch-Kincaid, English. `smog`: English. `ease`: INFLESZ, Spanish."""

    words: int
    sentences: int
    longest: int
    grade: float | None = None
    smog: float | None = None
    ease: float | None = None


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """The sentences of paragraphs and items, in order.

    An item of a list that is no sentence is read on into the next such item, so that a list
    of single words does not pass for the easiest of texts.
    """
    fragments: list[str] = []
    for text in texts:
        if not ENDED.search(text.strip()):
            if fragments and _count(" ".join([*fragments, text])) > JOINED:
                yield ", ".join(fragments)
                fragments = []
            fragments.append(text.strip())
            continue
        if fragments:
            yield ", ".join(fragments)
            fragments = []
        yield from (part for part in SENTENCE.split(text.strip()) if WORD.search(part))
    if fragments:
        yield ", ".join(fragments)


def words(text: str) -> list[str]:
    return WORD.findall(text)


def _count(text: str) -> int:
    return len(words(text))


def rate(texts: Iterable[str], language: str, terms: re.Pattern[str]) -> Rating | None:
    """The rating of these paragraphs and items; None where there is nothing to read.

    `terms`: what the sheet explains. Each counts as a plain word, and a short bracket beside
    plain words, as in "raised scars (keloids)", is not counted at all.
    """
    plain = [terms.sub(TERM, BRACKETED.sub("", text)) for text in texts]
    found = [words(sentence) for sentence in sentences(plain)]
    found = [sentence for sentence in found if sentence]
    if not found:
        return None
    total, length = sum(map(len, found)), max(map(len, found))
    kind = language.partition("-")[0]
    count = COUNTERS.get(kind)
    if not count:
        return Rating(total, len(found), length)
    syllables = [count(word) for sentence in found for word in sentence]
    each, every = total / len(found), sum(syllables) / total
    if kind == "es":
        return Rating(total, len(found), length, ease=round(206.835 - 62.3 * every - each, 1))
    hard = sum(number > 2 for number in syllables)
    return Rating(
        total,
        len(found),
        length,
        grade=round(0.39 * each + 11.8 * every - 15.59, 1),
        smog=round(1.043 * math.sqrt(30 * hard / len(found)) + 3.1291, 1),
    )


@lru_cache(4096)
def _english(word: str) -> int:
    """Syllables by a list of 200,000 words, and by rule for the rest; a number is one."""
    import syllapy  # noqa: PLC0415  reads its list when imported

    if word[0].isdigit():
        return 1
    return (
        sum(max(1, syllapy.count(part)) for part in re.split(r"[-'’]", word) if len(part) > 1) or 1
    )


@cache
def _vowels() -> re.Pattern[str]:
    """A Spanish syllable's vowels: weak ones lean on their neighbours, strong ones do not."""
    strong, weak, stressed = "aeoáéó", "iuüy", "íú"
    return re.compile(
        rf"[{weak}]?(?:[{strong}]|[{stressed}])[{weak}]?(?![{strong}])|[{weak}]?[{strong}{stressed}]|[{weak}]+"
    )


@lru_cache(4096)
def _spanish(word: str) -> int:
    if word[0].isdigit():
        return 1
    plain = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word.casefold())
    return max(1, len(_vowels().findall(plain)))


COUNTERS: dict[str, Callable[[str], int]] = {"en": _english, "es": _spanish}

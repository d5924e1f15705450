"""YAML is read as people mean it, and what cannot be read is named at its place."""

import time
import unicodedata
from typing import Any

import pytest
import yaml

from handouts import yamlfile

HIDDEN = "hidden character (U+{}): delete it and type the text again"
BLANK = "a text of nothing that can be read, only {}: write the words, or take it out"
ESCAPE = r"in double quotes `\` begins an escape: use single quotes, or write `\\`"


def faults(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [str(problem) for problem in yamlfile.parse("a.yaml", data)[1]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1:10", "1:10"),
        ("010", "010"),
        ("no", "no"),
        ("1.10", "1.10"),
        ("2026-11-04", "2026-11-04"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("+1", "+1"),
        ("Yes", "Yes"),
        ("NULL", "NULL"),
        ("=", "="),
        ("9" * 5000, "9" * 5000),
        ('"12"', "12"),
        ("'null'", "null"),
        ("|\n  12", "12"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_only_plain_numbers_true_false_and_null_are_not_text(written: str, meant: Any) -> None:
    document, faults = yamlfile.parse("a.yaml", f"key: {written}".encode())
    assert document is not None
    assert faults == ()
    assert document.value == {"key": meant}
    assert type(document.value["key"]) is type(meant)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1: the file is empty: write it or delete it"),
        ("# only this\n", "1:1: the file is empty: write it or delete it"),
        (b"a: 1\nb: \xe9t\xe9\n", "2:4: not UTF-8 text: save the file as UTF-8"),
        (
            "\ufeffa: 1\nb: x\0",
            "2:5: a hidden character (U+0000): delete it and type the text again",
        ),
        ("a: x\u2028y", f"1:5: a {HIDDEN.format('2028 LINE SEPARATOR')}"),
        ("a: x\u202ey", f"1:5: a {HIDDEN.format('202E RIGHT-TO-LEFT OVERRIDE')}"),
        ("a: \u2066y", f"1:4: a {HIDDEN.format('2066 LEFT-TO-RIGHT ISOLATE')}"),
        ('a: "\\u202a"', f"1:4: a {HIDDEN.format('202A LEFT-TO-RIGHT EMBEDDING')}"),
        ('a: "\\0"', "1:4: a hidden character (U+0000): delete it and type the text again"),
        ("a: b: c", "1:5: `: ` inside text: put the text in quotes"),
        (
            "a: b\n  c: d",
            "2:4: `: ` inside text: put the text in quotes; "
            "or mend the line above: its colon, quotes or spaces",
        ),
        ("a:\n\tb: 1", "2:1: a tab: use spaces"),
        ("a: @b", "1:4: text begins with @: use quotes"),
        ("- **b** c", "1:3: text begins with *: put it in quotes"),
        ("a: && b", "1:4: text begins with &: put it in quotes"),
        ("a: 1\nb: 'c\nd: 2\n", "2:4: this quote is never closed: add the closing quote"),
        (
            'a: "b" c',
            "1:8: text goes on after the closing quote: put all of it between the quotes",
        ),
        (
            "a: 'it's'",
            "1:8: text goes on after the closing quote: write '' for each ' inside the quotes",
        ),
        ("a: {b} c", "1:8: text begins with {: put it in quotes"),
        ("a: [b] c", "1:8: text begins with [: put it in quotes"),
        (
            "a: [b\nc: 1\n",
            "1:4: [ ] is not closed or lacks a comma: put text that begins with [ in quotes",
        ),
        (
            "a: {b: 1\nc\n",
            "1:4: { } is not closed or lacks a comma: put text that begins with { in quotes",
        ),
        (
            "a: [\n\n",
            "1:5: [ ] or { } is not closed: put text that begins with [ or { in quotes",
        ),
        ("a: 1\nb\n", "2:1: not a `key: value` line: add the key, or move the text in"),
        (
            "a: |b\n  c\n",
            "1:4: nothing can follow | or > on its line: go on in the next line, moved in",
        ),
        (r'a: "b\q"', f"1:6: {ESCAPE}"),
        (r'a: "b \ud83d"', f"1:9: {ESCAPE}"),
        (r'a: "C:\Users\x"', f"1:9: {ESCAPE}"),
        ("a: - b", "1:4: a list begins on a line of its own: start a new line with `- `"),
        (
            "- a\nb: 1\n",
            "2:1: not part of the list above: start the line with `- ` or move it in",
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "3:2: this line does not fit the ones above: mend the spaces at its start",
        ),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here: remove the line `---`"),
        ("a: 1\nb: 2\na: 3\n", "3:1: `a` stands twice, first on line 1: keep one"),
        (
            "a: &b c",
            "1:4: `&b` names this place for use elsewhere: remove it, "
            "or put text that begins with & in quotes",
        ),
        (
            "a: *b",
            "1:4: `*b` points to another place: write it out here, "
            "or put text that begins with * in quotes",
        ),
        (
            "a: !!python/object/apply:os.system [x]",
            "1:4: a tag (!) cannot be used: put text that begins with ! in quotes",
        ),
        ("a: ! b", "1:4: a tag (!) cannot be used: put text that begins with ! in quotes"),
        ("<<: {a: 1}", "1:1: `<<` cannot be used here: write the lines out"),
        ("12: a", "1:1: a key must be text, found 12: put it in quotes"),
        ("? \n: a", "1:2: a key must be text, found nothing: put it in quotes"),
        ("? [a]\n: b", "1:3: a key must be text, found [a]: put it in quotes"),
        ("- " * 21 + "a", "1:41: more than 20 levels deep"),
        ("%YAML 9.9\n---\na: 1", "1:1: this line does not fit the ones above: "
         "mend the spaces at its start"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_at_its_place(text: str | bytes, fault: str) -> None:
    assert faults(text) == [f"a.yaml:{fault}"]


@pytest.mark.parametrize(
    "text",
    [
        "اتصل \u200e020 7946 0711", "שלום.\u200f", "می\u200cخواهم", "क्\u200dष", "\u061c٢",
        "\U0001f469\u200d\u2695\ufe0f", "\u260e\ufe0f", "1\ufe0f\u20e3", "10\u00a0mm", "5\u202f%",
        "18\u201165", "あ\u3000い",
    ],
)  # fmt: skip
def test_what_a_script_or_a_line_needs_can_be_written(text: str) -> None:
    assert faults(f"a: {text}") == []


@pytest.mark.parametrize("point", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_what_turns_text_around_is_refused(point: int) -> None:
    (fault,) = faults(f"a: x{chr(point)}y")
    assert f"(U+{point:04X} {unicodedata.name(chr(point))})" in fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: It is s\u200bafe.", "1:11: U+200B ZERO WIDTH SPACE, which nobody sees: delete it"),
        ('a: "It is s\\u200bafe."', "1:4: U+200B ZERO WIDTH SPACE, which nobody sees: delete it"),
        ("a: sa\u00adfe", "1:6: U+00AD SOFT HYPHEN, which nobody sees: delete it"),
        ("a: sa\u2060fe", "1:6: U+2060 WORD JOINER, which nobody sees: delete it"),
        ("a: sa\u200dfe", "1:6: U+200D ZERO WIDTH JOINER, which nobody sees: delete it"),
        ("a: sa\u200efe", "1:6: U+200E LEFT-TO-RIGHT MARK, which nobody sees: delete it"),
        ("a: sa\ufe0ffe", "1:6: U+FE0F VARIATION SELECTOR-16, which nobody sees: delete it"),
        (
            "a: sa\U000e0061fe",
            "1:6: U+E0061 TAG LATIN SMALL LETTER A, which nobody sees: delete it",
        ),
        ("a\u200b: b", "1:2: U+200B ZERO WIDTH SPACE, which nobody sees: delete it"),
        ("a: \u3164", "1:4: U+3164 HANGUL FILLER, which nobody sees: delete it"),
        ("a: \u2800", "1:4: U+2800 BRAILLE PATTERN BLANK, which nobody sees: delete it"),
        ("a: .", f"1:4: {BLANK.format('U+002E FULL STOP')}"),
        ("a: …", f"1:4: {BLANK.format('U+2026 HORIZONTAL ELLIPSIS')}"),
        ("- >-\n  — —", f"2:3: {BLANK.format('U+2014 EM DASH')}"),
        (
            "a: do\u2003 \u2003not",
            "1:6: U+2003 EM SPACE and more: several wide spaces leave a hole: write one space",
        ),
        ("a: “a4”", f"1:4: “a4” {yamlfile.CURLY}"),
        ("a: [‘999’, „b“]", f"1:5: ‘999’ {yamlfile.CURLY}|1:12: „b“ {yamlfile.CURLY}"),
    ],
)
def test_what_cannot_be_seen_is_named_in_every_text(text: str, fault: str) -> None:
    assert faults(text) == [f"a.yaml:{each}" for each in fault.split("|")]


@pytest.mark.parametrize(
    "text", ["“Stop” means stop", "Say “stop”", '"“Stop”"', "£", "~5", "+", "“a” or “b”"]
)
def test_quotation_marks_and_signs_of_the_text_are_left_alone(text: str) -> None:
    assert faults(f"a: {text}") == []


def test_a_brand_file_may_hold_what_other_programs_need() -> None:
    assert yamlfile.parse("data/clinics/a/_brand.yml", b'a: {separator: "-"}')[1] == ()


def test_twenty_levels_can_be_read() -> None:
    assert faults("- " * 19 + "a") == []


def test_faults_that_can_be_read_past_come_together() -> None:
    text = "a: !x 1\na: 2\nb: *c\n1: d\ne: [\n"
    assert [fault.split(":")[1] for fault in faults(text)] == ["1", "2", "3", "4", "5"]


def test_a_key_that_stands_twice_keeps_its_first_value() -> None:
    document, _ = yamlfile.parse("a.yaml", b"a: 1\na: 2\n")
    assert document is not None
    assert document.value == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 500_000,
        "- " * 250_000,
        "{a: " * 100_000,
        "a: " * 100_000,
        "a: &a [x,x]\n" + "".join(f"{n}: &{n} [*a,*a]\n" for n in "bcdefgh" * 1000),
        "&a [" * 1000,
        "[" + "*a," * 300_000 + "]",
        "? " * 100_000,
        '"' + "x" * 500_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_bombs_take_no_time(text: str) -> None:
    start = time.perf_counter()
    assert faults(text) != []
    assert time.perf_counter() - start < 1


def test_a_key_in_quotes_is_text() -> None:
    document, found = yamlfile.parse("a.yaml", b'"<<": 1\n"2": 3\n')
    assert found == ()
    assert document is not None
    assert document.value == {"<<": 1, "2": 3}


def test_places_count_lines_and_characters_from_one() -> None:
    text = "\ufeffä: 日本\r\nlist:\r\n  - { é: [1, wörd] }\r\n"
    document, found = yamlfile.parse("a.yaml", text.encode())
    assert document is not None
    assert found == ()
    assert document.value == {"ä": "日本", "list": [{"é": [1, "wörd"]}]}
    assert document.place(()) == (1, 1)
    assert document.place(("ä",)) == (1, 4)
    assert document.key_place(("list",)) == (2, 1)
    assert document.place(("list", 0)) == (3, 5)
    assert document.key_place(("list", 0, "é")) == (3, 7)
    assert document.place(("list", 0, "é", 1)) == (3, 14)
    assert document.text_place(("list", 0, "é", 1), "rd") == (3, 16)


def test_a_way_that_the_file_does_not_have_ends_where_the_file_ends() -> None:
    document, _ = yamlfile.parse("a.yaml", b"a:\n  b: 1\n")
    assert document is not None
    assert document.place(("a", "<tag>", "b")) == (2, 6)
    assert document.place(("a", "c", 3)) == (2, 3)
    assert document.key_place(("a", "c")) == (2, 3)
    assert document.name(("a", "<tag>", "b", 0)) == "a.b"
    assert document.text_place(("a",), "not there") == (2, 3)


def test_the_loader_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: [1, 010, no]\nb: |\n  c\nd: 'e'\na: 3\n"
    fast = yamlfile.parse("a.yaml", text)
    monkeypatch.setattr(yamlfile, "LOADER", yaml.SafeLoader)
    slow = yamlfile.parse("a.yaml", text)
    assert fast[1] == slow[1] != []
    assert fast[0] is not None
    assert slow[0] is not None
    assert fast[0].value == slow[0].value
    assert fast[0].place(("a", 2)) == slow[0].place(("a", 2)) == (1, 13)
    assert faults("a: b: c") == ["a.yaml:1:5: `: ` inside text: put the text in quotes"]
    assert faults("a: \tb\n\tc: 1") != []
    assert faults(r'a: "\x4"') == [f"a.yaml:1:7: {ESCAPE}"]
    assert faults(r'a: "\U00110000"') == faults(r'a: "\UFFFFFFFF"') != []


def test_a_file_full_of_faults_is_cut_short() -> None:
    found = faults("- *a\n" * 200_000)
    assert len(found) == 101
    assert found[-1] == "a.yaml:101:3: and more: mend the ones above first"

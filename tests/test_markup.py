"""Inline Markdown becomes what paper can show."""

import pytest

from handouts import markup
from handouts.model import Flow, Prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Do** *not*", "<strong>Do</strong> <em>not</em>"),
        ("on 7 to 10 days", "on 7\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}10\N{NO-BREAK SPACE}days"),
        ("en EE. UU. desde", "en EE.\N{NO-BREAK SPACE}UU. desde"),
        ("SPF 30 cream", "SPF\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}cream"),
        ("day 4 to 7.", "day 4\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}7."),
        ("020 7946 0181", "020 7946 0181"),
        ('say "yes" & <no', "say “yes” &amp; &lt;no"),
        ("we use (c) and (a)", "we use (c) and (a)"),
    ],
)
def test_words_are_set_for_print(text: str, html: str) -> None:
    assert markup.html(Prose(text)) == html


def test_a_link_gives_its_address_in_words() -> None:
    shown = markup.html(Prose("[Our page](https://rosewater.example.com/care/)"))
    assert '>Our page</a> (<span class="url">rosewater.example.com/care</span>)' in shown


@pytest.mark.parametrize("text", ["<https://a.example.com/>", "[a@b.example](mailto:a@b.example)"])
def test_an_address_that_is_shown_is_not_said_twice(text: str) -> None:
    assert "(" not in markup.html(Prose(text))


def test_flow_has_paragraphs_and_lists() -> None:
    assert markup.html(Flow("one\n\n- two")).split("\n")[0] == "<p>one</p>"
    assert "<li>two</li>" in markup.html(Flow("one\n\n- two"))


def test_a_title_is_plain() -> None:
    assert markup.plain(Prose("Before *and* after")) == "Before and after"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("es-GB", "Di «no» y “«sí» otra vez”"),
        ("es-US", "Di “no” y ‘“sí” otra vez’"),
        ("en-GB", "Di “no” y ‘“sí” otra vez’"),
        ("ar-GB", "Di «no» y “«sí» otra vez”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(locale, shown):
    text = Prose('Di "no" y \'"sí" otra vez\'')
    assert markup.html(text, locale) == shown
    assert markup.paragraphs(text, locale) == [shown]

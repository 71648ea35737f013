"""A page's HTML is held against the standard: quickly where it is strict, and always rightly."""

import random

import html5lib
import pytest

from lpe_reports.publish.markup.conforming import page_faults
from lpe_reports.publish.markup.elements import CONTENT, VOID
from lpe_reports.publish.markup.nesting import Nesting
from lpe_reports.publish.markup.tags import (
    UnusualError,
    is_sound_text,
    read_tags,
    without_plain_parts,
)

pytestmark = pytest.mark.promise(
    "pages", "A page that is not valid HTML is found before it is published"
)

PAGE = """<!DOCTYPE html>
<html lang="sv" data-root="../">
<head>
<meta charset="utf-8">
<title>Sida &amp; sida</title>
<link rel="stylesheet" href="../assets/site.1.css">
<script src="../assets/site.js" defer blocking="render"></script>
</head>
<body>
<a class="skip" href="#topp">Till innehållet</a>
<main id="topp"><h1>Ortopedi</h1>
<details><summary class="btn">CSV</summary><ul>
<li><a href="1.csv" download>Öppna</a></li></ul></details>
<dl class="keys"><div class="key"><dt>A</dt><dd>1 <small>%</small></dd></div></dl>
<figure class="chart" id="d"><figcaption>Öppna<span>x</span></figcaption>
<svg width="9" height="9" role="img" aria-label="En kurva"><g fill="none"><path d="M0,0" />
<text x="1"><tspan>5</tspan></text></g></svg></figure>
<table id="t"><caption>C</caption>
<thead><tr><th scope="col" class="text">År</th><th scope="col">Antal</th></tr></thead>
<tbody><tr class="now"><th scope="row">2026</th><td>4<span class="words">, över</span></td></tr>
<tr><th scope="row">2025</th><td class="hidden">dold</td></tr></tbody></table>
<p aria-labelledby="topp">A &lt; B <!-- en kommentar --> å</p>
</main>
</body>
</html>
"""

FAULTS = [
    ("<p>a<div>b</div></p>", "<div> straight in <p>"),
    ("<p><span><ul></ul></span></p>", "<ul> straight in <span>"),
    ("<ul><p>a</p></ul>", "<p> straight in <ul>"),
    ("<ul>a</ul>", "text straight in <ul>"),
    ("<table><td>a</td></table>", "<td> straight in <table>"),
    ("<table><tbody><tr><td>1</td></tr><caption>c</caption></tbody></table>", "<caption> straight"),
    ("<table><tr></tr><caption>c</caption></table>", "<caption> that is not first in <table>"),
    ("<table><tr>a</tr></table>", "text straight in <tr>"),
    ("<dl><p>a</p></dl>", "<p> straight in <dl>"),
    ("<li>a</li>", "<li> straight in <main>"),
    ("<a href='x'><b><a href='y'>a</a></b></a>", "<a> within <a>"),
    ("<button><a href='x'>a</a></button>", "<a> within <button>"),
    ("<details>a</details>", "<details> without <summary>"),
    ("<main>a</main>", "<main> within <main>"),
    ("<title>a</title>", "<title> straight in <main>"),
    ("<center>a</center>", "element that the standard does not know"),
    ("<blink>a</blink>", "element that the standard does not know"),
    ('<p id="topp">a</p>', "same id twice"),
    ('<p id="">a</p>', "value that id may not have"),
    ('<p id="a b">a</p>', "value that id may not have"),
    ('<label for="ingen">a</label>', "id that nothing has"),
    ('<p aria-labelledby="topp ingen">a</p>', "id that nothing has"),
    ('<p align="left">a</p>', "attribute that the element may not have"),
    ('<p aria-lable="a">a</p>', "unknown aria attribute"),
    ('<p role="knapp">a</p>', "unknown role"),
    ('<p lang="svenska språket">a</p>', "value that lang may not have"),
    ('<p tabindex="a">a</p>', "value that tabindex may not have"),
    ('<a href="a b">a</a>', "value that href may not have"),
    ("<img alt=''>", "<img> without src"),
    # What only the whole parser tells.
    ("<p>a</b></p>", "unexpected end tag"),
    ("<b><i>a</b></i>", "adoption agency 1.3"),
    ("<div>", "end tag too early"),
    ("</div>", "end tag too early"),
    ('<p class="a" class="b">a</p>', "duplicate attribute"),
    ("<p>&nosuch;</p>", "expected named entity"),
    ("<p>&amp</p>", "named entity without semicolon"),
    ("<p>a < b</p>", "expected tag name"),
    ("<p/>", "non void element with trailing solidus"),
    ("<svg><p>a</p></svg>", "unexpected html element in foreign content"),
    ("<!-- a -- b -->", "unexpected char in comment"),
    ("<table>a</table>", "text straight in <table>"),
]
POLICY = [
    '<p onclick="a()">a</p>', '<svg aria-label="a" onload="a()"></svg>', '<p style="a:b">a</p>',
    "<script>a()</script>", "<svg><rect style='a'/></svg>",
]  # fmt: skip


def page(markup: str) -> str:
    """The clean page with this in it."""
    return PAGE.replace("</main>", f"{markup}\n</main>")


def test_a_strict_page_is_clean_and_needs_no_whole_parser() -> None:
    """What the templates write is read in one pass, and a standard parser agrees."""
    parser = html5lib.HTMLParser()
    parser.parse(PAGE)

    assert _strictly(PAGE) == []
    assert parser.errors == []
    assert page_faults(PAGE) == []


@pytest.mark.parametrize(("markup", "words"), FAULTS)
def test_each_fault_is_found_and_named(markup: str, words: str) -> None:
    """By what the standard says of it, at its line where that is known."""
    found = page_faults(page(markup))

    assert any(rule.startswith(f"invalid HTML: {words}") for rule, _ in found), found
    last = PAGE.count("\n")
    assert all(line == 0 or last - 3 < line < last + 3 for _, line in found)


@pytest.mark.parametrize("markup", POLICY)
def test_scripts_and_styles_in_the_page_are_found(markup: str) -> None:
    """The site's Content-Security-Policy would stop them, and hostile text looks like this."""
    rules = [rule for rule, _ in page_faults(page(markup))]

    assert any(rule.endswith("which the site's security policy stops") for rule in rules), rules


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<!DOCTYPE html>\n", "", "expected doctype but got start tag"),
        ('<meta charset="utf-8">', "", "no <meta charset>"),
        ("utf-8", "latin-1", "charset that is not utf-8"),
        (' lang="sv"', "", "<html> without lang"),
        ("Sida &amp; sida", " ", "no title"),
        ("<title>Sida &amp; sida</title>", "", "no title"),
        ("</title>", "</title><title>b</title>", "second <title> in <head>"),
        ("</main>", "</main><main></main>", "second <main>"),
    ],
)
def test_what_every_page_must_have_is_missed(old: str, new: str, words: str) -> None:
    """A doctype, its charset, its language and one title."""
    assert words in " ".join(rule for rule, _ in page_faults(PAGE.replace(old, new)))


def test_characters_that_no_page_may_hold_are_found() -> None:
    """Control characters, as they are or as references."""
    for text in ("\x01", "\x0b", "\ufdd0", "&#1;", "&#x80;", "&#xd800;"):
        assert page_faults(page(f"<p>{text}</p>"))


def test_what_the_standard_forgives_is_no_fault() -> None:
    """End tags left out, values without quotes, upper case: valid, and told by the parser."""
    lenient = page("<UL><li class=a>a<li>b</UL><p>a<p>b<math></math>")

    with pytest.raises(UnusualError):
        _strictly(lenient)
    assert page_faults(lenient) == []


def test_no_value_of_a_page_is_told() -> None:
    """Names that a page makes up are not repeated."""
    markup = '<hemlig hemlig="hemlig" id="hemlig"></hemlig><p id="hemlig" for="hemlig1">&hemlig;'

    found = page_faults(page(markup))

    assert found
    assert "hemlig" not in str(found)


def test_what_the_quick_pass_lets_through_a_standard_parser_lets_through() -> None:
    """Over pages with elements put, wrapped, moved and taken away at random."""
    chance = random.Random(5)
    agreed = 0
    for _ in range(600):
        source = _changed(chance)
        try:
            if _strictly(source):
                continue
        except UnusualError:
            continue
        parser = html5lib.HTMLParser()
        parser.parse(source)
        agreed += 1
        assert parser.errors == [], source
    assert agreed > 30


def _strictly(source: str) -> list[tuple[str, int]]:
    if not is_sound_text(source):
        raise UnusualError
    nesting = Nesting()
    for token in read_tags(without_plain_parts(source)):
        nesting.follow(token)
    return nesting.finish()


def _changed(chance: random.Random) -> str:
    names = [*sorted(CONTENT), "image", "center", "font", "nobr", "desc", "foreignobject", "path"]
    source = PAGE
    for _ in range(chance.choice([1, 1, 2])):
        starts = [at for at, sign in enumerate(source) if sign == "<"]
        at, name = chance.choice(starts), chance.choice(names)
        match chance.randrange(4):
            case 0 | 1 if name in VOID:
                source = f'{source[:at]}<{name} src="x">{source[at:]}'
            case 0 | 1:
                inside = chance.choice(["", "t", "<b>t</b>", '<a href="x">t</a>', "<p>t</p>"])
                source = f"{source[:at]}<{name}>{inside}</{name}>{source[at:]}"
            case 2:
                end = source.index(">", at) + 1
                source = source[:at] + source[end:]
            case _:
                end = source.index(">", at) + 1
                other = chance.choice(starts)
                source = source[:other] + source[at:end] + source[other:]
    return source

"""What is put into a page while it is served, and nothing else of it."""

import re
from dataclasses import replace

from lpe_reports.cli.live.board import Board, Page, State
from lpe_reports.cli.live.problems import Line, Problem
from lpe_reports.cli.live.showing import missing, shown

HTML = '<html><head><title>A</title></head>\n<body class="x">\n<p>Sida</p></body></html>'
PAGE = Page(HTML, "a/b/2026-W19", "abc", "A", "12.00.00", 0.64)
PROBLEM = Problem(
    "Cell 3 <gick> inte", "reports/a.ipynb", (Line(1, "a < b"), Line(2, "</pre>", marked=True)),
    "NameError: <b>", "Betyder", "Kör `lpe check`.", "trace </pre><script>",
)  # fmt: skip


def test_the_page_is_left_as_it_is() -> None:
    """What is put in can be taken out again, and the page's own bytes are there."""
    text = shown(State(number=3, page=PAGE))

    without = re.sub(r"<link[^>]*>\n|<div id=.lpe-mark.*</script>\n", "", text, flags=re.S)
    assert without == HTML
    assert "gjord 12.00.00 på 0,6 s" in text
    assert "lpe-problem" not in text


def test_a_problem_stands_above_the_last_good_page() -> None:
    """Nothing in it becomes markup; the page below is told to be old."""
    text = shown(State(number=4, page=PAGE, problem=PROBLEM))

    assert text.index("lpe-problem") < text.index("<p>Sida</p>")
    assert "Cell 3 &lt;gick&gt; inte" in text
    assert "trace &lt;/pre&gt;&lt;script&gt;" in text
    assert "<mark>2  &lt;/pre&gt;</mark>" in text
    assert "<code>lpe check</code>" in text
    assert "från 12.00.00" in text


def test_a_problem_is_shown_where_no_page_was_made() -> None:
    """The first run may fail."""
    text = shown(State(number=1, problem=PROBLEM))

    assert "lpe-problem" in text
    assert "senaste som gick" not in text


def test_a_missing_page_says_what_is_missing() -> None:
    """As text."""
    assert "<h1>A &lt;b&gt;</h1>" in missing("A <b>", "c")


def test_a_mended_page_takes_the_problem_away() -> None:
    """A new page is good; what was being done is done."""
    board = Board()
    board.making("Görs")
    board.fail(PROBLEM)
    assert board.state.making == ""
    board.show(PAGE, {"a.css": b"1"})

    assert board.state.problem is None
    assert board.state.number == 2
    assert board.state.assets == {"a.css": b"1"}


def test_what_says_the_same_is_not_read_anew() -> None:
    """Editors save several times in a row; a reader's page must not blink for that."""
    board = Board()
    board.show(PAGE, {"a.css": b"1"})
    board.show(replace(PAGE, clock="12.00.01"), {"a.css": b"1"})
    assert board.state.number == 1
    board.fail(PROBLEM)
    board.fail(PROBLEM)
    assert board.state.number == 2
    board.show(PAGE, {})
    assert board.state.number == 3
    board.show(PAGE, {"b.css": b"2"})
    assert board.state.number == 4

"""Small pieces of HTML for the index pages: every text escaped, no style attributes."""

from collections.abc import Iterable, Sequence
from html import escape

from lpe_reports.display.blocks import Tone

# Over pages that hold nothing real.
MADE_UP = '<p class="notice flag">Alla uppgifter på sidorna är påhittade.</p>'


def tag(words: str, tone: Tone = "plain") -> str:
    """A judgement in words, on its colour."""
    return f'<span class="tag{"" if tone == "plain" else f" {tone}"}">{escape(words)}</span>'


def anchor(text: str, href: str) -> str:
    """A link."""
    return f'<a href="{escape(href)}">{escape(text)}</a>'


def paragraph(*html: str) -> str:
    """A paragraph of ready HTML."""
    return f"<p>{' '.join(html)}</p>"


def section(heading: str, *html: str, name: str = "") -> str:
    """A section under a heading of the second level."""
    attribute = f' id="{escape(name)}"' if name else ""
    body = "\n".join(html)
    return f"<section{attribute}>\n<h2>{escape(heading)}</h2>\n{body}\n</section>"


def key_figures(figures: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """Key figures as report pages have them: a label, the number, remarks of ready HTML."""
    body = "\n".join(
        f'<div class="key"><dt>{escape(label)}</dt><dd class="n">{escape(number)}</dd>'
        f'<dd class="d">{" · ".join(remarks)}</dd></div>'
        for label, number, remarks in figures
    )
    return f'<dl class="keys">\n{body}\n</dl>'


def items(html: Iterable[str], kind: str = "links", *, filter_words: str = "") -> str:
    """A list; with `filter_words` the reader can filter it ("Visa enheter som heter")."""
    search = f' data-filter="{escape(filter_words)}"' if filter_words else ""
    mark = " data-row" if filter_words else ""
    body = "\n".join(f"<li{mark}>{item}</li>" for item in html)
    return f'<ul class="{kind}"{search}>\n{body}\n</ul>'


def terms(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with what they are, the latter as ready HTML; empty ones are left out."""
    body = "".join(f"<dt>{escape(name)}</dt><dd>{html}</dd>" for name, html in pairs if html)
    return f"<dl>{body}</dl>"


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Sequence[int] = (),
    filter_words: str = "",
) -> str:
    """A table of ready HTML cells, its first column naming the rows.

    Args:
        caption: What it shows.
        headings: One per column.
        rows: Cells of ready HTML.
        numbers: Which columns hold numbers, from 0; all others are text.
        filter_words: What the reader filters it by, where it may be long.
    """
    kinds = ["" if place in numbers else ' class="text"' for place in range(len(headings))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>'
        for text, kind in zip(headings, kinds, strict=True)
    )
    mark = " data-row" if filter_words else ""
    body = "\n".join(
        f'<tr{mark}><th scope="row">{first}</th>'
        + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(rest, kinds[1:], strict=True))
        + "</tr>"
        for first, *rest in rows
    )
    search = f' data-filter="{escape(filter_words)}"' if filter_words else ""
    return (
        f'<div class="scroll"{search}><table><caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )

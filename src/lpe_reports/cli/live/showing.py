"""What is put into a page while it is served: the mark, the reload, what went wrong."""

import html
import json

from lpe_reports.cli.live.board import State
from lpe_reports.cli.live.problems import Problem

SCRIPT = "/_lpe/preview.js"
STYLE = "/_lpe/preview.css"

_BARE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Förhandsvisning</title>
<link rel="icon" href="data:,">
</head>
<body class="lpe-bare">
{body}
</body>
</html>
"""


def shown(state: State) -> str:
    """The page as a browser gets it."""
    head = f'<link rel="stylesheet" href="{STYLE}">\n'
    told = _panel(state.problem, state) if state.problem else ""
    if state.page is None:
        page = _BARE.format(body="" if told else "<p>Sidan görs …</p>")
    else:
        page = state.page.html
    page = page.replace("</head>", f"{head}</head>", 1)
    at = page.find(">", page.find("<body")) + 1
    tail = f"{_mark(state)}\n{_script(state)}\n"
    page = page[:at] + (told and f"\n{told}") + page[at:]
    before, end, after = page.rpartition("</body>")
    return f"{before}{tail}{end}{after}"


def missing(title: str, text: str) -> str:
    """A page that says that there is none."""
    body = f"<main><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></main>"
    page = _BARE.format(body=body)
    return page.replace("</head>", f'<link rel="stylesheet" href="{STYLE}">\n</head>', 1)


def _mark(state: State) -> str:
    """What this is, and when it was made; quiet, at the foot of the window."""
    made = "Förhandsvisning, inte publicerad"
    if state.page:
        seconds = f"{state.page.seconds:.1f}".replace(".", ",")
        made += f" · gjord {state.page.clock} på {seconds} s"
    return (
        f'<div id="lpe-mark" role="status" aria-live="polite"><span>{html.escape(made)}</span>'
        f"<b>{html.escape(state.making)}</b></div>"
    )


def _script(state: State) -> str:
    facts = {"number": state.number, "since": state.since, "failed": state.problem is not None}
    return f"<script src=\"{SCRIPT}\" data-lpe='{json.dumps(facts)}'></script>"


def _panel(problem: Problem, state: State) -> str:
    """What went wrong, above the last good page."""
    parts = [f"<h2>{html.escape(problem.title)}</h2>"]
    if problem.where:
        parts.append(f'<p class="lpe-where">{html.escape(problem.where)}</p>')
    if problem.source:
        parts.append(_source(problem))
    if problem.said:
        parts.append(f'<p class="lpe-said"><code>{html.escape(problem.said)}</code></p>')
    if problem.meaning:
        parts.append(f"<p>{html.escape(problem.meaning)}</p>")
    if problem.todo:
        parts.append(f"<p><strong>Gör så här:</strong> {_with_code(problem.todo)}</p>")
    if problem.traceback:
        trace = html.escape(problem.traceback.strip())
        parts.append(f"<details><summary>Hela felet</summary><pre>{trace}</pre></details>")
    if state.page:
        old = f"Sidan nedanför är den senaste som gick att göra, från {state.page.clock}."
        parts.append(f'<p class="lpe-old">{old}</p>')
    body = "\n".join(parts)
    return f'<section id="lpe-problem" role="alert" aria-label="Fel">\n{body}\n</section>\n'


def _source(problem: Problem) -> str:
    width = len(str(problem.source[-1].number))
    rows = []
    for line in problem.source:
        text = html.escape(f"{line.number:>{width}}  {line.text}")
        rows.append(f"<mark>{text}</mark>" if line.marked else f"<span>{text}</span>")
    return "<pre>" + "\n".join(rows) + "</pre>"


def _with_code(text: str) -> str:
    """Words, with what stands between backticks as code."""
    parts = html.escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )

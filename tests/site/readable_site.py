"""A published site with a page of every kind, and axe, which knows what keeps readers out."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from leading import lead_to_newest
from playwright.sync_api import Page

from lpe_reports.display.blocks import NoteBlock, TableBlock, TableColumn
from lpe_reports.render.assemble import Origin, assemble
from sample_night import FULL_NIGHT, LINKS, sample_loads
from sample_page import Item, sample_items
from sample_site import NIGHT, make_project, read_params, sample_run

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W18.html"
# Between them they have every colour that a page is written in.
COLOURED = ("index.html", PAGE, "farger/index.html", "enheter/ortopedi/index.html")
KINDS = (
    "index.html",
    PAGE,
    "uppfoljning/index.html",
    "uppfoljning/veckouppfoljning/index.html",
    "uppfoljning/veckouppfoljning/ortopedi/index.html",
    "enheter/index.html",
    "enheter/ortopedi/index.html",
    "sa-raknar-vi/index.html",
    "farger/index.html",
    "datakvalitet/index.html",
    "datakvalitet/tabeller/index.html",
    "dataset/index.html",
    "byggstatus/index.html",
    "om/index.html",
    "tillganglighet/index.html",
    "motesunderlag/index.html",
)
VERSIONS = ("2026-05-11", "2026-05-12")
# The law's level, and what axe takes for good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# What axe may leave undecided about a colour: signs that are no words or stand alone, what lies
# over or under something, and letters in charts, whose palette has tests of its own.
_UNDECIDED = {
    "nonBmp",
    "bgOverlap",
    "elmPartiallyObscured",
    "elmPartiallyObscuring",
    "imgNode",
    "shortTextContent",
}
# Shadows at the edges of what scrolls hide the colour below from axe; it is the paper's.
_PLAIN = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".scroll, .plot { background: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""


def publish_site(root: Path) -> Path:
    """Two versions of three weeks, the latter of a made-up night; its public folder."""
    project = make_project(root)
    params = read_params(project)
    runs = [
        sample_run(project, period=f"2026-W{week}", items=_items(week)) for week in (17, 18, 19)
    ]
    night = replace(FULL_NIGHT, source="demo", demo=True)
    told = Origin(NIGHT, night, loads=sample_loads(night), links=LINKS)
    folder = assemble(runs, project, params, told).folder
    for version in VERSIONS:
        shutil.copytree(folder, project.public / "v" / version)
    lead_to_newest(project.public, VERSIONS)
    return project.public


def _items(week: int) -> list[Item]:
    """The sample page, notes of every tone, and a table of more rows than a sheet of paper."""
    *sample, provenance = sample_items(week=week)
    notes = [NoteBlock(text=f"Så är det ({tone}).", tone=tone) for tone in ("flag", "good", "bad")]
    labels = (("unit", "Enhet", "text"), ("group", "Grupp", "text"), ("n", "Antal", "count"))
    rows = tuple(
        (unit, f"Grupp {number}", 10 + number)
        for unit in ("Bollnäs", "Gävle", "Hudiksvall")
        for number in range(25)
    )
    table = TableBlock(
        id="obokade",
        caption="Obokade",
        columns=tuple(TableColumn(id=i, label=label, type=t) for i, label, t in labels),  # type: ignore[arg-type]
        rows=rows,
        row_headers=2,
        filters=(0, 1),
    )
    return [*sample, *notes, "## Obokade patienter\n", table, provenance]


def barriers(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds on a page, and what it can not decide about its colours.

    Args:
        page: As it stands: with whatever is open.
        colours: Whether contrast is measured, too, which takes most of the time.
    """
    page.evaluate(_PLAIN)
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": RULES},
        "rules": {"color-contrast": {"enabled": colours}},
        "resultTypes": ["violations", "incomplete"],
    }
    found = Axe().run(page, options=options).response
    told = [
        f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]
    ]
    for rule in found["incomplete"]:
        for node in rule["nodes"]:
            keys = {(check["data"] or {}).get("messageKey") for check in node["any"]}
            if rule["id"] != "color-contrast" or keys - _UNDECIDED:
                told.append(f"{rule['id']} undecided: {node['target']} {sorted(map(str, keys))}")
    return told

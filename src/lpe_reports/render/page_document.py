"""A page's content as one Markdown document: front matter, prose, blocks in two formats.

What stands in a fixed place on every page (title, when, the sentence, the office's comment,
downloads, provenance) goes into the front matter and is drawn by the templates; everything
else keeps the order in which the notebook showed it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from lpe_reports import wording
from lpe_reports.display.blocks import (
    AnyBlock,
    ChartBlock,
    CommentBlock,
    ProvenanceBlock,
    SummaryBlock,
    TitleBlock,
    narrow_name,
)
from lpe_reports.display.content import ATTACHED, PageContent
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.display.markup.typst import block_typst
from lpe_reports.display.prose import Prose, harmless
from lpe_reports.render.addresses import (
    VERSION_SCRIPT,
    report_folder,
    root_from,
    unit_folder,
    way,
)
from lpe_reports.render.charts import Drawing, draw
from lpe_reports.render.document import PageDocument, made_of
from lpe_reports.render.front_matter import Value, front_matter
from lpe_reports.render.menus import menus
from lpe_reports.render.site_files import site_files
from lpe_reports.render.sitemap import PageSpot, SiteMap

GLOSSARY = "sa-raknar-vi/index.html"
_FIXED = (TitleBlock, SummaryBlock, CommentBlock, ProvenanceBlock)
# px; a chart wider than this would have letters too small to read on a phone.
_WIDE_CHART = 480
_BACKTICKS = re.compile(r"`{3,}")


def page_document(
    content: PageContent,
    spot: PageSpot,
    site: SiteMap,
    *,
    drawn: Callable[[ChartBlock], Drawing] = draw,
    pdf: bool = True,
) -> PageDocument:
    """The document of a report's page.

    Args:
        content: What the notebook showed.
        spot: Which page it becomes.
        site: The site around it.
        drawn: Draws a chart.
        pdf: Whether it becomes a PDF as well; the HTML is the same.

    Raises:
        RenderError: A chart cannot be drawn.
        NotebookError: The notebook showed no title or no provenance.
    """
    drawings = {chart.id: drawn(chart) for chart in content.charts()}
    context = _context(spot, site, drawings)
    body = "\n".join(
        _prose(item, spot) if isinstance(item, str) else _both_formats(item, context)
        for item in content.items
        if not isinstance(item, _FIXED)
    )
    metadata = _page_metadata(content, spot, site)
    made = made_of(front_matter(metadata) + body)
    metadata = {**metadata, "made": made}
    if not pdf and isinstance(lpe := metadata["lpe"], Mapping):
        metadata = {**metadata, "lpe": {**lpe, "html-only": True}}
    return PageDocument(
        address=spot.address,
        markdown=front_matter(metadata) + "\n" + body + "\n",
        made=made,
        pdf=pdf,
        files={_chart_file(spot, name): content for name, content in _drawn(drawings)}
        | {_picture(spot, name): data for name, data in content.pictures.items()},
    )


def _prose(text: str, spot: PageSpot) -> str:
    """An author's words, in which nothing is run; the filter reads from which cell they are."""
    written = ATTACHED.sub(lambda match: _picture(spot, match[1]), harmless(text))
    if not isinstance(text, Prose):
        return written
    return f"{_raw(f'cell {text.cell}', 'lpe')}\n{written}\n\n{_raw('end', 'lpe')}"


def _picture(spot: PageSpot, name: str) -> str:
    """Where a picture lies: as seen from the page and from its document alike."""
    return f"{spot.period.id}/{name}"


def frame(address: str, title: str, site: SiteMap) -> dict[str, Value]:
    """What the templates need on every page, for the `lpe` key of the front matter."""
    facts, files, root = site.params.site, site_files(), root_from(address)
    subject = quote(f"Fel på sidan: {title}")
    body = quote(f"Sida: {address}.html\n\nVad är fel?\n")
    return {
        "root": root,
        "path": f"{address}.html",
        "css": f"{root}assets/{files.css}",
        "script": f"{root}assets/{files.script}",
        "search": f"{root}assets/{files.search}",
        "version": f"{root}{VERSION_SCRIPT}",
        "icon": f"{root}assets/{files.icon}",
        "office": facts.office,
        "suffix": facts.suffix,
        "contact": facts.contact,
        "fault": f"mailto:{facts.contact}?subject={subject}&body={body}",
    }


def _chart_file(spot: PageSpot, chart_id: str) -> str:
    """Where a chart lies beside its document; several periods' documents may share a folder."""
    return f"{spot.period.id}.files/{chart_id}.svg"


def _drawn(drawings: Mapping[str, Drawing]) -> Iterator[tuple[str, bytes]]:
    """The files of the PDF's charts by what each is called, with those for narrow places."""
    for name, drawing in drawings.items():
        yield name, drawing.literal
        if drawing.narrow_literal:
            yield narrow_name(name), drawing.narrow_literal


def _plot(chart: ChartBlock, drawing: Drawing) -> str:
    """A drawing in a box of its own, and the one for phones where there is one.

    What is wide even so scrolls sideways in its box there, at its own size.
    """
    if not drawing.narrow:
        wide = " wide" if chart.width > _WIDE_CHART else ""
        return f'<div class="plot{wide}">{drawing.inline}</div>'
    tight = " wide" if drawing.narrow_width > _WIDE_CHART else ""
    return (
        f'<div class="plot roomy">{drawing.inline}</div>\n'
        f'<div class="plot narrow{tight}">{drawing.narrow}</div>'
    )


def _context(spot: PageSpot, site: SiteMap, drawings: Mapping[str, Drawing]) -> MarkupContext:
    return MarkupContext(
        root=root_from(spot.address),
        svg=lambda chart: _plot(chart, drawings[chart.id]),
        image=lambda chart: _chart_file(spot, chart.id),
        csv_href=lambda table_id: f"{spot.period.id}/{table_id}.csv",
        definition_name=lambda entry: site.params.glossary.get(entry).name,
        glossary=GLOSSARY,
    )


def _both_formats(block: AnyBlock, context: MarkupContext) -> str:
    parts = {
        "html": block_html(block, context=context),
        "typst": block_typst(block, context=context),
    }
    return "\n".join(_raw(text, name) for name, text in parts.items() if text)


def _raw(text: str, name: str) -> str:
    """A raw block whose fence nothing in the text can end."""
    if name == "typst":
        # In a string, the only place where Typst has it; Quarto would run what begins so.
        text = text.replace("{{<", "{\\u{7b}<")
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{{={name}}}\n{text}\n{fence}\n"


def _targets(content: PageContent) -> list[Value]:
    """What prose may refer to beside its own headings, figures and tables: by the calls' ids."""
    charts = [(chart.id, chart.caption) for chart in content.charts()]
    tables = [(table.id, table.caption) for table in content.tables()]
    named = [(f"fig-{id_.removeprefix('diagram-')}", id_, text) for id_, text in charts]
    named += [(id_, id_, text) for id_, text in charts]
    for id_, text in tables:
        named += [(f"{kind}-{id_}", f"tabell-{id_}", text) for kind in ("tbl", "tabell")]
    return [{"id": id_, "href": href, "text": text} for id_, href, text in named]


def _page_metadata(content: PageContent, spot: PageSpot, site: SiteMap) -> dict[str, Value]:
    title, comment = content.title, content.comment
    lpe: dict[str, Value] = {
        **frame(spot.address, f"{spot.report.title}, {title.title}", site),
        **menus(spot.address, site, spot.report, spot.subject),
        "crumbs": _crumbs(spot, site),
        "report-title": spot.report.title,
        "when": title.when,
        "ongoing": title.ongoing,
        "lead": content.summary,
        "comment": {"text": comment.text, "updated_on": comment.updated_on} if comment else None,
        "downloads": _downloads(content, spot),
        "provenance": _provenance(content.provenance, spot),
        "pictures": _picture(spot, ""),
        # Only a page that refers to something needs to know what there is.
        "targets": _targets(content) if any("@" in text for text in content.prose()) else None,
    }
    office = site.params.site.office
    pagetitle = f"{title.title} · {spot.report.title} · {office}"
    return {"title": title.title, "pagetitle": pagetitle, "lang": site.website.lang, "lpe": lpe}


def _crumbs(spot: PageSpot, site: SiteMap) -> list[Value]:
    area, report, subject = spot.report.area, spot.report, spot.subject
    steps = (
        (site.website.area_name(area), f"{area}/index.html"),
        (report.title, f"{report_folder(report)}/index.html"),
        (subject.name, f"{unit_folder(report, subject)}/index.html"),
    )
    return [{"text": text, "href": way(spot.address, target)} for text, target in steps]


def _downloads(content: PageContent, spot: PageSpot) -> dict[str, Value]:
    name = spot.period.id
    csv = [{"text": t.caption, "href": f"{name}/{t.id}.csv"} for t in content.tables()]
    return {"pdf": f"{name}.pdf", "xlsx": f"{name}.xlsx", "json": f"{name}.json", "csv": csv}


def _provenance(block: ProvenanceBlock, spot: PageSpot) -> dict[str, Value]:
    return {
        "extract": block.extract,
        "rows": wording.number(block.rows),
        "digest": block.digest[:12],
        "notebook": block.notebook.removeprefix("reports/").removesuffix(".ipynb"),
        "unit": spot.subject.id,
        "period": spot.period.id,
    }

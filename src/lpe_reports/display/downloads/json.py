"""A page's numbers as JSON: every table and key figure, typed, for comparing versions."""

import json
from typing import Any

from lpe_reports.display.blocks import KeyFigure, TableBlock
from lpe_reports.display.content import PageContent


def page_json(page: PageContent) -> dict[str, Any]:
    """What the file holds; null for none and for hidden, and `hidden` tells which."""
    title, provenance = page.title, page.provenance
    selections = page.selections()
    return {
        "report": title.report,
        "unit": title.unit,
        "period": title.period,
        "title": title.title,
        "summary": page.summary,
        "comment": page.comment.text if page.comment else "",
        "key_figures": [_key_figure(figure) for figure in page.key_figures()],
        "tables": [_table(table, selections[table.id]) for table in page.tables()],
        "provenance": provenance.model_dump(mode="json", exclude={"type"}),
    }


def json_bytes(page: PageContent) -> bytes:
    """The file's bytes."""
    text = json.dumps(page_json(page), ensure_ascii=False, allow_nan=False, indent=1)
    return f"{text}\n".encode()


def _key_figure(figure: KeyFigure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit,
        "before": figure.before,
        "target": figure.target,
        "hidden": figure.hidden,
        "type": figure.type,
        "last_year": figure.last_year,
    }


def _table(table: TableBlock, selection: str) -> dict[str, Any]:
    return {
        "id": table.id,
        "caption": table.caption,
        "selection": selection,
        "columns": [
            {"id": column.id, "label": column.label, "type": column.type, "unit": column.unit}
            for column in table.columns
        ],
        "rows": [list(row) for row in table.rows],
        "hidden": [list(place) for place in table.hidden],
    }

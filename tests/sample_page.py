"""The mock page of the design as blocks: Ortopedi, vecka 19 2026, with the office's figures."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from lpe_reports.display.blocks import (
    MIME,
    Block,
    ChartBlock,
    CommentBlock,
    KeyFigure,
    KeyFiguresBlock,
    Mark,
    NoteBlock,
    ProvenanceBlock,
    RowBlock,
    SelectionBlock,
    SummaryBlock,
    TableBlock,
    TableColumn,
    TitleBlock,
)
from lpe_reports.display.palette import PALETTE
from lpe_reports.display.theme import themed

Item = str | Block
_WEEKS = range(12, 20)


def sample_items(*, unit: str = "ortopedi", week: int = 19) -> list[Item]:
    """The page in order: prose as text, everything else as blocks."""
    return [
        TitleBlock(
            report="weekly",
            unit=unit,
            period=f"2026-W{week:02d}",
            title=f"{unit.capitalize()}, vecka {week} 2026",
            when="4–10 maj 2026",
        ),
        SummaryBlock(
            text="Bollnäs hade 18 av 20 salar öppna och gjorde 46 operationer, en över målet och "
            "flest på åtta veckor. Väntelistorna till operation är i stort sett oförändrade. I "
            "Hudiksvall har tre av tio väntat längre än vårdgarantins 90 dagar."
        ),
        CommentBlock(
            text="Många ortopediska operationer och 18 salar igång", updated_on="2026-05-11"
        ),
        KeyFiguresBlock(items=tuple(_key_figures())),
        "## Produktion i Bollnäs\n",
        SelectionBlock(
            text="Operationscentrum Bollnäs, ortopedi, vecka 11–19 2026, genomförda operationer",
            definitions=("open_theatres", "operations"),
        ),
        RowBlock(
            items=(
                trend("oppna-salar", "Öppna salar", [18, 18, 17, 12, 17, 19, 20, 18], 20),
                trend(
                    "operationer", "Ortopediska operationer", [38, 38, 33, 25, 34, 40, 35, 46], 45
                ),
                trend("proteser", "Höft- och knäproteser", [22, 20, 17, 12, 24, 24, 19, 20], 24),
            )
        ),
        "## Väntelista till operation\n\nAndelen räknas *utan* patientvald väntan.\n",
        SelectionBlock(text="väntande på måndagen efter veckan", definitions=("waiting",)),
        RowBlock(items=(shares(), waiting_table(16))),
        NoteBlock(text="Uppgifter om bemanning har inte levererats."),
        "## Operationer i Bollnäs för andra orters patienter\n",
        flows_table(),
        ProvenanceBlock(
            extract="2026-05-11",
            digest="7f3a9c" * 10,
            rows=48312,
            notebook="reports/followup/weekly.ipynb",
            parameters={"unit": unit, "period": f"2026-W{week:02d}"},
            definitions=("open_theatres", "operations", "waiting"),
        ),
    ]


def _key_figures() -> list[KeyFigure]:
    return [
        KeyFigure(
            id="open_theatres", label="Öppna salar, Bollnäs", value=18, type="count",
            before=20, before_label="förra veckan", target=20, target_direction="up",
            judgements=(("plain", "vanlig variation"),), definition="open_theatres",
        ),
        KeyFigure(
            id="operations", label="Operationer, Bollnäs", value=46, type="count",
            before=35, before_label="förra veckan", target=45, target_direction="up",
            last_year=41, last_year_label="vecka 19 2025",
            judgements=(("good", "når målet"),), definition="operations",
        ),
        KeyFigure(
            id="arthroplasties", label="Höft- och knäproteser", value=20, type="count",
            before=19, before_label="förra veckan", target=24, target_direction="up",
            judgements=(("bad", "under målet"),),
        ),
        KeyFigure(
            id="within", label="Inom vårdgarantin, Hudiksvall", value=0.705, type="share",
            unit="%", decimals=1, numerator=172, denominator=244, before=0.705,
            before_label="förra veckan", judgements=(("good", "stiger sedan v. 12"),),
        ),
    ]  # fmt: skip


def trend(name: str, caption: str, values: list[int], target: int) -> ChartBlock:
    """A small chart with target, mean and band."""
    mean = sum(values) / len(values)
    moving = [abs(a - b) for a, b in pairwise(values)]
    spread = 2.66 * sum(moving) / len(moving)
    data = [{"v": str(week), "n": value} for week, value in zip(_WEEKS, values, strict=True)]
    x = {"field": "v", "type": "ordinal", "title": "vecka 2026", "sort": None}
    y = {"field": "n", "type": "quantitative", "title": None, "scale": {"zero": False}}
    spec = {
        "data": {"values": data},
        "width": 300,
        "height": 120,
        "layer": [
            {
                "mark": {"type": "rect", "color": PALETTE["series-1"], "opacity": 0.07},
                "data": {"values": [{"u": mean + spread, "l": max(0, mean - spread)}]},
                "encoding": {
                    "y": {"field": "l", "type": "quantitative"},
                    "y2": {"field": "u"},
                },
            },
            {
                "mark": {"type": "rule", "color": PALETTE["mean"]},
                "encoding": {"y": {"datum": mean}},
            },
            {
                "mark": {"type": "rule", "color": PALETTE["target"], "strokeDash": [5, 4]},
                "encoding": {"y": {"datum": target}},
            },
            {"mark": {"type": "line", "clip": True}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point"}, "encoding": {"x": x, "y": y}},
        ],
    }
    columns = (
        TableColumn(id="week", label="År-vecka", type="week"),
        TableColumn(id="value", label=caption, type="count"),
    )
    rows = tuple((f"2026-W{week}", value) for week, value in zip(_WEEKS, values, strict=True))
    return ChartBlock(
        id=f"diagram-{name}",
        caption=caption,
        subtitle=f"mål {target} · streck medel · band normal variation, preliminärt",
        alt=f"{caption} per vecka: {values[-1]} vecka 19, målet är {target}.",
        spec=themed(spec),
        width=340,
        table=TableBlock(
            id=name, caption=f"{caption} per vecka", columns=columns, rows=rows[::-1], current_row=0
        ),
    )


def shares() -> ChartBlock:
    """Two lines of shares with labels at their ends."""
    series = {
        "Bo - Op-c": [93.8, 94.3, 96.1, 96.9, 96.8, 96.6, 97.6, 97.7],
        "Hu - C-op": [58.9, 64.4, 69.7, 69.4, 69.5, 66.7, 70.5, 70.5],
    }
    data = [
        {"v": str(week), "p": value, "e": name}
        for name, values in series.items()
        for week, value in zip(_WEEKS, values, strict=True)
    ]
    colour = {"field": "e", "type": "nominal", "legend": None}
    x = {"field": "v", "type": "ordinal", "title": "vecka 2026"}
    axis = {"labelExpr": "datum.label + ' %'"}
    scale = {"domain": [50, 100]}
    y = {"field": "p", "type": "quantitative", "title": None, "axis": axis, "scale": scale}
    label = {"type": "text", "align": "left", "dx": 6}
    spec = {
        "data": {"values": data},
        "width": 320,
        "height": 170,
        "padding": {"right": 70, "left": 5, "top": 5, "bottom": 5},
        "layer": [
            {"mark": "line", "encoding": {"x": x, "y": y, "color": colour}},
            {"mark": "point", "encoding": {"x": x, "y": y, "color": colour}},
            {
                "mark": label,
                "transform": [{"filter": "datum.v == '19'"}],
                "encoding": {
                    "x": x, "y": y, "color": colour, "text": {"field": "e", "type": "nominal"},
                },
            },
        ],
    }  # fmt: skip
    return ChartBlock(
        id="diagram-andel",
        caption="Andel inom vårdgarantin (90 dagar)",
        alt="Bollnäs ligger kring 97 procent, Hudiksvall har stigit från 59 till 70,5 procent.",
        spec=themed(spec),
        width=440,
        table=waiting_table(8).model_copy(update={"id": "andel"}),
    )


def waiting_table(weeks: int) -> TableBlock:
    """The weeks back from 19, the newest first, with a hidden cell and marks."""
    rows = tuple(
        (
            f"2026-W{19 - n:02d}",
            260 - n,
            0.977 - n / 1000,
            None if n == 3 else 254 - n,
            None if n == 3 else 0.705 - n / 100,
        )
        for n in range(weeks)
    )
    return TableBlock(
        id="vantelista",
        caption="Väntande och andel inom vårdgarantin",
        columns=(
            TableColumn(id="week", label="År-vecka", type="week"),
            TableColumn(id="bo", label="Bo - Op-c", type="count"),
            TableColumn(id="bo_share", label="inom", type="share", decimals=1),
            TableColumn(id="hu", label="Hu - C-op", type="count"),
            TableColumn(id="hu_share", label="inom", type="share", decimals=1),
        ),
        rows=rows,
        hidden=((3, 3), (3, 4)),
        marks=(Mark(row=0, column=4, tone="bad", words="under målet", side="under"),),
        current_row=0,
        window=8,
    )


def flows_table() -> TableBlock:
    """Operations in Bollnäs for others' patients."""
    rows = ((19, 3, 1, 4), (18, 5, 2, 7), (17, 2, 0, 2), (16, 6, 1, 7), (15, 1, 2, 3))
    return TableBlock(
        id="floden",
        caption="Genomförda operationer på patienter från Gävles och Hudiksvalls listor",
        columns=(
            TableColumn(id="week", label="År-vecka", type="week"),
            TableColumn(id="ga", label="Från Gävle", type="count"),
            TableColumn(id="hu", label="Från Hudiksvall", type="count"),
            TableColumn(id="all", label="Totalt", type="count"),
        ),
        rows=tuple((f"2026-W{week}", *numbers) for week, *numbers in rows),
        current_row=0,
    )


def write_notebook(path: Path, items: Sequence[Item]) -> Path:
    """The items as an executed notebook: prose as Markdown cells, blocks as outputs."""
    cells: list[dict[str, Any]] = []
    for number, item in enumerate(items):
        cell: dict[str, Any] = {"id": f"cell-{number}", "metadata": {}}
        if isinstance(item, str):
            cell |= {"cell_type": "markdown", "source": item}
        else:
            data = {MIME: item.model_dump(mode="json"), "text/plain": ""}
            output = {"output_type": "display_data", "metadata": {}, "data": data}
            cell |= {"cell_type": "code", "source": "p", "outputs": [output], "execution_count": 1}
        cells.append(cell)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return path

"""Notebooks of a few cells, as their JSON, for tests of what is wrong with them."""

from typing import Any

TITLE = "---\ntitle: Provrapport\n---"
PARAMETERS = 'unit = "ortopedi"\nperiod = "2026-W19"\nweeks = 26'
OPEN = (
    'from lpe_reports import page\n\np = page.open("weekly", unit=unit, period=period, weeks=weeks)'
)
NAME = "reports/followup/weekly.ipynb"


def cell(kind: str, source: str, number: int, **more: Any) -> dict[str, Any]:
    """One cell, with an id of its own."""
    made = {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {}) | more


def notebook(*sources: str, parameters: str = PARAMETERS, opening: str = OPEN) -> dict[str, Any]:
    """A notebook: title (1), parameters (2), opening (3), and these from 4 on.

    A source that begins with `#:` is prose.
    """
    cells = [cell("raw", TITLE, 1), cell("code", parameters, 2), cell("code", opening, 3)]
    cells[1]["metadata"] = {"tags": ["parameters"]}
    for number, source in enumerate(sources, start=4):
        prose = source.startswith("#:")
        text = source.removeprefix("#:")
        cells.append(cell("markdown" if prose else "code", text, number))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3 (ipykernel)"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}

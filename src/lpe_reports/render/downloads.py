"""The files that lie beside a page: Excel, JSON, CSV per table, what charts answer, pictures."""

from lpe_reports.display.content import PageContent
from lpe_reports.display.downloads.csv import csv_bytes
from lpe_reports.display.downloads.json import json_bytes
from lpe_reports.display.downloads.xlsx import xlsx_bytes
from lpe_reports.params.glossary import Glossary
from lpe_reports.render.live_charts import FILE, live_charts


def download_files(content: PageContent, glossary: Glossary, made: str = "") -> dict[str, bytes]:
    """A page's downloads, by their names in the store; `made` is which content they are of."""
    files = {f"tables/{table.id}.csv": csv_bytes(table) for table in content.tables()}
    files["page.json"] = json_bytes(content)
    if charts := content.charts():
        files[f"tables/{FILE}"] = live_charts(charts, made)
    # Beside the CSV files: the folder's name is the page's.
    files |= {f"figures/{name}": data for name, data in content.pictures.items()}
    files["page.xlsx"] = xlsx_bytes(content, definition_name=lambda name: glossary.get(name).name)
    return files

"""Which pages of docs/ are made from the program, and by what."""

from collections.abc import Callable, Mapping
from pathlib import Path

from lpe_reports.cli.checks.table import table as rules_of_check
from lpe_reports.cli.manual.commands import commands_page
from lpe_reports.cli.manual.definitions import definitions_page
from lpe_reports.cli.manual.params_page import params_page
from lpe_reports.settings import Project
from lpe_reports.warehouse.dictionary import dictionary

PAGES: Mapping[str, Callable[[Project], str]] = {
    "commands.md": lambda project: commands_page(),
    "params.md": params_page,
    "definitions.md": definitions_page,
    "checks.md": lambda project: rules_of_check(),
    "data-contract.md": lambda project: dictionary(),
}


def write_pages(project: Project, folder: Path) -> list[str]:
    """Write every page that is not as it should be; returns the names of those written."""
    written = []
    for name, page in PAGES.items():
        text, place = page(project), folder / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            place.write_text(text, encoding="utf-8", newline="\n")
            written.append(name)
    return written

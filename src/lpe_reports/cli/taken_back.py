"""What commands say of pages that are taken back, which no build shows."""

from dataclasses import asdict

from lpe_reports.publish.journal import retracted
from lpe_reports.settings import Project

# More lines than this help nobody at a terminal.
_TOLD = 5


def retracted_lines(project: Project) -> list[str]:
    """A line for each page that is taken back; nothing where none is."""
    found = sorted(retracted(project.public).items())
    lines = [
        f"retracted: {address}, since {each.since[:10]}: {each.why} "
        f"(`lpe retract {address} --lift` ends it)"
        for address, each in found[:_TOLD]
    ]
    more = len(found) - _TOLD
    return lines + ([f"retracted: {more} more; public/journal.jsonl has them"] if more > 0 else [])


def retracted_json(project: Project) -> dict[str, dict[str, str]]:
    """Those pages, by address, with since when and why."""
    return {address: asdict(each) for address, each in retracted(project.public).items()}

"""`diff.json`: what differs from the version before, for programs; and read back."""

import json
from dataclasses import asdict
from typing import Any

from lpe_reports.render.changes.compare import Changes

FORMAT = 1
DIFF_FILE = "diff.json"


def diff_record(changes: Changes, before: str | None, nights: tuple[str | None, str]) -> bytes:
    """The file's bytes.

    Args:
        changes: What differs.
        before: The id of the version compared with; None where there was none.
        nights: The nights of the two versions.
    """
    record = {
        "format": FORMAT,
        "from": {"version": before, "night": nights[0]} if before else None,
        "to": {"night": nights[1]},
        **changes_json(changes),
    }
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


def changes_json(changes: Changes) -> dict[str, Any]:
    """What differs, as JSON."""
    return {
        "same": changes.same,
        "new": [asdict(page) for page in changes.new],
        "gone": [asdict(page) for page in changes.gone],
        "changed": [
            {
                **asdict(change.page),
                "over": change.over,
                "past": change.past,
                "figures": [asdict(figure) for figure in change.figures],
                "tables": [asdict(table) for table in change.tables],
            }
            for change in changes.changed
        ],
    }

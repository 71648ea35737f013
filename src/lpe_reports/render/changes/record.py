"""`diff.json`: what differs from the version before, for programs; and read back."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from lpe_reports.render.changes.compare import Changes, Comparison

FORMAT = 1
DIFF_FILE = "diff.json"


def diff_record(compared: Comparison | None, night: date) -> bytes:
    """The file's bytes.

    Args:
        compared: What differs, and from which version; None where there is none before.
        night: The night of the version that the file lies in.
    """
    before = None
    if compared:
        before = {"version": compared.version, "night": compared.night.isoformat()}
    record = {
        "format": FORMAT,
        "from": before,
        "to": {"night": night.isoformat()},
        **changes_json(compared.changes if compared else Changes()),
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

"""What leads readers to a published sample: `latest` and the list of versions."""

import json
from collections.abc import Iterable
from pathlib import Path


def lead_to_newest(public: Path, versions: Iterable[str]) -> None:
    """Let `latest` lead to the newest of some versions, and the menu know all of them."""
    newest_first = sorted(versions, reverse=True)
    (public / "latest").symlink_to(f"v/{newest_first[0]}")
    listed = {"latest": newest_first[0], "versions": [{"id": each} for each in newest_first]}
    (public / "versions.json").write_text(json.dumps(listed))

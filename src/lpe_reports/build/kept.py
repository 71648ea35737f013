"""A run that failed keeps the page that the last published version has of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from lpe_reports.build.runs import ExecutedRun, Kept, RunKey, RunStatus
from lpe_reports.settings import Project

Addresses = Callable[[RunKey], str]

# In the first tag of the page that stands in the place of one that was taken back.
RETRACTED_MARK = "data-retracted"
_FIRST_TAGS = 200  # bytes


def keep_failed(
    project: Project, runs: Sequence[ExecutedRun], addresses: Addresses, today: date
) -> list[ExecutedRun]:
    """The runs, with those that failed kept where `public/latest` has their page.

    Args:
        project: The project.
        runs: What came of all runs.
        addresses: The address of a run's page in a version, without its ending.
        today: The day from which a page is kept that was not kept before.
    """
    if all(run.status is not RunStatus.FAILED for run in runs):
        return list(runs)
    latest = _Latest(project.public)
    kept = [_keep(run, latest, addresses, today) for run in runs]
    return [
        replace(run, status=RunStatus.KEPT, kept=found) if found else run
        for run, found in zip(runs, kept, strict=True)
    ]


def _keep(run: ExecutedRun, latest: "_Latest", addresses: Addresses, today: date) -> Kept | None:
    if run.status is not RunStatus.FAILED or run.error is None:
        return None
    address = f"{addresses(run.key)}.html"
    if latest.id is None or not latest.has(latest.id, address):
        return None
    version, since = latest.id, today.isoformat()
    earlier = latest.kept.get(address)
    if isinstance(earlier, Mapping):
        # Kept already: the page is still the one of the version that made it.
        since = str(earlier.get("since", since))
        made_by = str(earlier.get("version", version))
        version = made_by if latest.has(made_by, address) else version
    return Kept(version, since, run.error.words)


class _Latest:
    """What the last published version says of itself."""

    def __init__(self, public: Path) -> None:
        self._versions = public / "v"
        self.id: str | None = None
        self.kept: Mapping[str, Any] = {}
        try:
            record = json.loads((public / "latest" / "version.json").read_bytes())
            self.id, self.kept = str(record["id"]), dict(record["kept"])
        except (OSError, ValueError, KeyError, TypeError):
            # Nothing published yet, or nothing that we could vouch for.
            return

    def has(self, version: str, address: str) -> bool:
        """Whether a version has a page, and not one that says that it was taken back."""
        try:
            with (self._versions / version / address).open("rb") as file:
                return RETRACTED_MARK.encode() not in file.read(_FIRST_TAGS)
        except OSError:
            return False

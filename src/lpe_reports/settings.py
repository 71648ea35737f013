"""Where the project's files lie, and what the environment decides."""

import os
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.errors import SettingsError

MARKER = "_quarto.yml"


@dataclass(frozen=True)
class Project:
    """One project folder: the place of everything, so that no other module spells a path."""

    root: Path

    @property
    def params(self) -> Path:
        return self.root / "params"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def extracts(self) -> Path:
        return self.data / "extracts"

    @property
    def snapshots(self) -> Path:
        return self.data / "snapshots"

    @property
    def demo_warehouse(self) -> Path:
        return self.data / "demo" / "warehouse.duckdb"

    @property
    def office(self) -> Path:
        return self.data / "office"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def store(self) -> Path:
        return self.build / "store"

    @property
    def candidate(self) -> Path:
        return self.build / "candidate"

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def lock(self) -> Path:
        return self.build / "lock"

    def relative(self, path: Path) -> str:
        """A path as the reader knows it: relative to the project, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.name


def find_project(start: Path | None = None) -> Project:
    """The project that a folder lies in.

    Args:
        start: Where to begin; LPE_PROJECT or the current folder when not given.

    Raises:
        SettingsError: No folder from there upwards holds `_quarto.yml` and `params/`.
    """
    begin = (start or Path(os.environ.get("LPE_PROJECT") or Path.cwd())).resolve()
    for folder in (begin, *begin.parents):
        if (folder / MARKER).is_file() and (folder / "params").is_dir():
            return Project(folder)
    raise SettingsError(
        f"no project here: neither this folder nor one above it holds {MARKER} and params/. "
        "Go to the project's folder, or name it in LPE_PROJECT."
    )

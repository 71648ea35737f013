"""A candidate of a few small files, for tests of what publishing does with it."""

import json
from pathlib import Path

from lpe_reports.settings import Project


def make_candidate(
    project: Project, pages: dict[str, str], *, kept: object = None, at: int = 0, **told: object
) -> Path:
    """A candidate with these pages, one asset and a record."""
    folder = project.candidate
    for name, text in {"index.html": "front", **pages}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "site.0a1b.css").unlink(missing_ok=True)
    (folder / "assets" / "site.0a1b.css").write_text("body{}")
    record = {"night": "2026-05-11", "kept": kept or {}, **told}
    for name, body in (("version.json", record), ("build.json", {"pages": len(pages), "at": at})):
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(json.dumps(body))
    return folder

"""Whatever a params file says: it is an object of its model, or one clear error with its line.

50 changed files of each kind in every run; 2,000 of each, 28,000 in all, with LPE_LONG=1, which
takes three minutes of a processor.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from lpe_reports import wording
from lpe_reports.errors import ParamsError
from lpe_reports.params.calendar import load_calendar
from lpe_reports.params.citations import load_citations
from lpe_reports.params.disclosure import load_disclosure
from lpe_reports.params.glossary import load_glossary
from lpe_reports.params.loading import load_params
from lpe_reports.params.moved import load_moved
from lpe_reports.params.packs import load_packs
from lpe_reports.params.procedures import load_procedures
from lpe_reports.params.reports import load_reports
from lpe_reports.params.retention import load_retention
from lpe_reports.params.site import load_site
from lpe_reports.params.sources import load_sources
from lpe_reports.params.units import load_units
from lpe_reports.render.website import load_website, unknown_keys
from lpe_reports.settings import Project
from lpe_reports.warehouse.sources.source import wrong_names
from lpe_reports.warehouse.spellings import alias_problems
from params_objects import ROOT, arbitrary, changed, small, written

pytestmark = [
    pytest.mark.promise(
        "params", "Whatever a params file says, it is an object of its model or one clear error"
    ),
    pytest.mark.timeout(1200),  # where a machine has much else to do
]

LONG = bool(os.environ.get("LPE_LONG"))
MANY = settings(
    max_examples=2_000 if LONG else 50,
    derandomize=not LONG,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
REAL = load_params(Project(ROOT))


def _load_sources(path: Path, root: Path) -> object:
    sources = load_sources(path, root)
    for name, entry in sources.sources.items():
        list(wrong_names(name, entry))
    list(alias_problems(REAL.units, sources))
    return sources


def _load_report(path: Path, root: Path) -> object:
    return load_reports(path.parent, root, REAL.units, REAL.procedures, notebooks=False)


def _load_website(path: Path, root: Path) -> object:
    return load_website(path, root), unknown_keys(path)


LOADERS: dict[str, Callable[[Path, Path], object]] = {
    "params/units.yml": load_units,
    "params/calendar.yml": lambda path, root: load_calendar(path, root, REAL.units),
    "params/procedures.yml": load_procedures,
    "params/glossary.yml": load_glossary,
    "params/disclosure.yml": load_disclosure,
    "params/sources.yml": _load_sources,
    "params/retention.yml": load_retention,
    "params/site.yml": load_site,
    "params/moved.yml": load_moved,
    "params/citations.yml": load_citations,
    "params/packs.yml": lambda path, root: load_packs(path, root, REAL.reports),
    "params/reports/weekly.yml": _load_report,
    "_quarto.yml": _load_website,
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A project's folder that nothing was built in."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "params" / "reports").mkdir(parents=True)
        yield Path(name)


def test_every_params_file_is_tried(root: Path) -> None:
    """A new one needs its line here."""
    files = {path.relative_to(root).as_posix() for path in (root / "params").glob("*.yml")}

    assert files <= LOADERS.keys()


@pytest.mark.parametrize("name", LOADERS)
def test_changed_file_is_valid_or_a_clear_error(folder: Path, name: str) -> None:
    """Keys left out, added and renamed, values of other kinds and of other places, odd ones."""
    # (The on-call categories of a calendar fill the week together.)
    most = {"params/calendar.yml": 9, "params/sources.yml": 1}.get(name, 2)
    document = small(name, most)
    path = folder / name

    @MANY
    @given(changed(document))
    def try_one(made: Any) -> None:
        text = written(made)
        note(text)
        _try(LOADERS[name], path, folder, text.encode("utf-8", "surrogatepass"))

    path.write_text(written(document), encoding="utf-8")
    LOADERS[name](path, folder)
    try_one()


def test_any_bytes_are_valid_or_a_clear_error(folder: Path) -> None:
    """Files cut anywhere, with YAML's own signs strewn in."""

    @MANY
    @given(st.integers(0, 2**32))
    def try_one(seed: int) -> None:
        _try(load_units, folder / "params" / "units.yml", folder, arbitrary(seed))

    try_one()


def _try(load: Callable[[Path, Path], object], path: Path, root: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        load(path, root)
    except ParamsError as error:
        said = str(error)
        name = path.relative_to(root).as_posix()
        lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1

        assert said.startswith(f"{name}:{error.line}: "), said
        assert error.line is not None
        assert 1 <= error.line <= lines
        assert wording.legible(said) == said
        assert "\n" not in said
        assert len(said) < 1200
        assert not any(word in said for word in ("Traceback", "pydantic", "ordereddict", "<class"))

"""A real night of a few weeks, made once, and pages opened on it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.settings import Project
from page_office import page_office
from parsed_params import share_parsed_params

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of `page_office`."""
    return page_office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def open_page(office: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens a page as a build does, without showing its title."""
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(
        unit: str = "ortopedi",
        period: str = "2026-W19",
        *,
        report: str = "weekly",
        night: date | None = None,
        **parameters: Any,
    ) -> Page:
        if night is not None:
            monkeypatch.setenv("LPE_NIGHT", night.isoformat())
        return Page(find_opening(report, unit, period, parameters))

    return opened


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project's params, to be changed."""
    import shutil

    from small_warehouse import ROOT

    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    shutil.copy(ROOT / "_quarto.yml", tmp_path / "_quarto.yml")
    share_parsed_params(Project(tmp_path))
    return tmp_path

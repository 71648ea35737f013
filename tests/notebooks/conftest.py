"""A project of its own on the real demo, with real kernels, built once for all tests here."""

import shutil
from pathlib import Path

import pytest
from office_pages import PAGES, Office


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Office:
    """The demo's three years and one night of it."""
    folder = tmp_path_factory.mktemp("office")
    for name in ("params", "reports"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "_quarto.yml", folder)
    office = Office(folder)
    office.lpe("demo")
    office.lpe("extract", "--source", "demo")
    return office


@pytest.fixture(scope="session")
def office(extracted: Office) -> Office:
    """That office with a candidate of the pages above."""
    office = extracted
    reports, units, periods = (sorted(set(names)) for names in zip(*PAGES.values(), strict=True))
    chosen = [["--report", name] for name in reports] + [["--unit", name] for name in units]
    chosen += [["--period", name] for name in periods]
    office.lpe("build", *(word for pair in chosen for word in pair))
    return office

"""A project of its own on the real demo, with real kernels, built once for all tests here."""

import shutil
from pathlib import Path

import pytest
from office_pages import PAGES, Office
from ruamel.yaml import YAML


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Office:
    """The demo's last year and one night of it: enough for a page of each report."""
    return _extracted(tmp_path_factory.mktemp("year"), root, years=1)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Office:
    """The demo's three years and one night, and a candidate with the pages of `PAGES`."""
    office = _extracted(tmp_path_factory.mktemp("office"), root, years=3)
    params = office.root / "params"
    (params / "packs.yml").unlink()  # it names more units than these
    reports, _, periods = (sorted(set(names)) for names in zip(*PAGES.values(), strict=True))
    for report in reports:
        _only_these_units(params / "reports" / f"{report}.yml")
    chosen = [["--report", name] for name in reports] + [["--period", name] for name in periods]
    office.build(PAGES.values(), *(word for pair in chosen for word in pair))
    return office


def _extracted(folder: Path, root: Path, *, years: int) -> Office:
    for name in ("params", "reports"):
        shutil.copytree(root / name, folder / name)
    shutil.copy(root / "_quarto.yml", folder)
    office = Office(folder)
    office.lpe("demo", "--years", str(years))
    office.lpe("extract", "--source", "demo")
    return office


def _only_these_units(path: Path) -> None:
    """Let a report be about the units of the pages above; each period would else be made for all.

    A unit's `sections:` stay, so that its pages are those of the whole site.
    """
    asked = {unit: None for report, unit, _ in PAGES.values() if report == path.stem}
    yaml = YAML()
    file = yaml.load(path)
    of_procedures = "procedures" in file["units"]
    file["units"] = {"procedures": list(asked)} if of_procedures else list(asked)
    sections = file.get("sections", {})
    file["sections"] = {unit: said for unit, said in sections.items() if unit in asked}
    yaml.dump(file, path)

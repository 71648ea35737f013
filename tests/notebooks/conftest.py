"""A project of its own on the real demo, with real kernels, built once for all tests here."""

import shutil
from pathlib import Path

import pytest
from office_pages import PAGES, Office
from ruamel.yaml import YAML

from demo_project import copy_sources, demo_project, shared_folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The demo's three years and one night, which every test shares: nobody writes in it."""
    return Office(demo_project(shared_folder(tmp_path_factory.getbasetemp())))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, demo: Office) -> Office:
    """The same in a folder of its own, and a candidate with the pages of `PAGES`."""
    office = Office(tmp_path_factory.mktemp("office"))
    copy_sources(office.root)
    shutil.copytree(demo.root / "data", office.root / "data")
    params = office.root / "params"
    (params / "packs.yml").unlink()  # it names more units than these
    reports, _, periods = (sorted(set(names)) for names in zip(*PAGES.values(), strict=True))
    for report in reports:
        _only_these_units(params / "reports" / f"{report}.yml")
    chosen = [["--report", name] for name in reports] + [["--period", name] for name in periods]
    office.build(PAGES.values(), *(word for pair in chosen for word in pair))
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

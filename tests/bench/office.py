"""Offices to measure builds in: the real params, a demo's extract, and as many pages as wanted.

An office has one report, made for up to ten units and as many weeks as that takes.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import nbformat
from tests.bench.measuring import LPE, cost_of
from tests.bench.reference import reference_notebook, small_notebook

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "build" / "bench"
REPORT = "reference"
# Six verksamhetsområden and the four operating units.
UNITS = (
    "ortopedi", "kirurgi", "kvinnosjukvard", "onh", "ogon", "anestesi",
    "bo-opc", "ga-cop", "hu-cop", "ga-dagkir",
)  # fmt: skip


@dataclass(frozen=True)
class Demo:
    """How large the office's warehouse is.

    Fields:
        name: What it is called.
        options: Of `lpe demo`.
    """

    name: str
    options: tuple[str, ...]


# 160,000 operations.
FULL = Demo("full", ("--years", "8", "--scale", "1.1", "--snapshots", "monthly"))
# 1.9 million operations and 16 million rows of waiting lists.
LARGE = Demo("large", ("--years", "8", "--scale", "13", "--snapshots", "monthly"))
DEFAULT = Demo("default", ())
TINY = Demo("tiny", ("--years", "1", "--scale", "0.1", "--snapshots", "monthly"))


@dataclass(frozen=True)
class Office:
    """A project with one report and a given number of pages."""

    root: Path
    pages: int

    @property
    def warehouse(self) -> Path:
        return self.root / "data" / "demo" / "warehouse.duckdb"

    @property
    def notebook(self) -> Path:
        return self.root / "reports" / f"{REPORT}.ipynb"

    @property
    def units(self) -> tuple[str, ...]:
        return UNITS[: min(len(UNITS), self.pages)]

    @property
    def operations(self) -> int:
        """How many operations its warehouse has."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            [(count,)] = connection.sql("SELECT count(*) FROM operations").fetchall()
        return int(count)

    def change_newest(self, weeks: int) -> None:
        """Make every patient of the last weeks a year older, as of tonight.

        All pages of those weeks change, and none of an earlier one.
        """
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(
                "UPDATE operations SET age = age + 1, changed_at = "
                "(SELECT max(changed_at) FROM operations) + INTERVAL 1 MINUTE "
                "WHERE surgery_start_at >= (SELECT date_trunc('week', max(surgery_start_at)) "
                f"FROM operations) - INTERVAL {7 * (weeks - 1)} DAY"
            )


def make_office(name: str, pages: int, demo: Demo, *, small: bool = False) -> Office:
    """A new office with an extract and nothing built; its warehouse is made once and kept."""
    office = Office(BENCH / "offices" / name, pages)
    shutil.rmtree(office.root, ignore_errors=True)
    made = _made(demo)
    lay_out(office.root)
    shutil.copytree(made / "data", office.root / "data")
    _write_report(office, (small_notebook if small else reference_notebook)(REPORT))
    # Knows from now on what its source was like, as every office does after its first night.
    cost_of([LPE, "extract", "--source", "demo"], office.root)
    return office


def real_office(name: str, demo: Demo) -> Path:
    """An office with the project's own reports and a demo, of which nothing is extracted yet."""
    root = BENCH / "offices" / name
    shutil.rmtree(root, ignore_errors=True)
    lay_out(root)
    shutil.copytree(_made(demo, extracted=False) / "data", root / "data")
    return root


def _made(demo: Demo, *, extracted: bool = True) -> Path:
    """A project whose demo is made, and its extract where wanted."""
    root = BENCH / "demos" / f"{demo.name}{'-extracted' if extracted else ''}"
    if not (root / "done").is_file():
        shutil.rmtree(root, ignore_errors=True)
        lay_out(root)
        cost_of([LPE, "demo", *demo.options], root)
        if extracted:
            cost_of([LPE, "extract", "--source", "demo"], root)
        (root / "done").touch()
    return root


def lay_out(root: Path) -> None:
    """A project in a new folder: the real params and reports, and no data."""
    root.mkdir(parents=True)
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copyfile(ROOT / "_quarto.yml", root / "_quarto.yml")


def _write_report(office: Office, notebook: dict[str, Any]) -> None:
    """One report in the place of the office's own."""
    (office.root / "params" / "packs.yml").unlink()
    for folder in (office.root / "reports", office.root / "params" / "reports"):
        shutil.rmtree(folder)
        folder.mkdir()
    nbformat.write(nbformat.from_dict(notebook), office.notebook)
    report = {
        "notebook": f"reports/{REPORT}.ipynb",
        "area": "nyttjande",
        "slug": "referens",
        "title": "Referens",
        "question": "Vad kostar en sida?",
        "owner": "analys@example.invalid",
        "units": list(office.units),
        "periods": {"kind": "week", "last": -(-office.pages // len(office.units))},
    }
    place = office.root / "params" / "reports" / f"{REPORT}.yml"
    # JSON is YAML, too.
    place.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")

"""Makes the demo: lives the office through and writes what its systems would hold."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lpe_reports.errors import UsageError
from lpe_reports.progress import Progress, Silent
from lpe_reports.settings import Project
from lpe_reports.system import move
from lpe_reports.warehouse.demo.database import write_database
from lpe_reports.warehouse.demo.office import QUEUES
from lpe_reports.warehouse.demo.postgres import PostgresPlace, fill_postgres, refuse_real_tables
from lpe_reports.warehouse.demo.sheets import office_sheets
from lpe_reports.warehouse.demo.simulation import live
from lpe_reports.warehouse.demo.workbook import refuse_others, write_workbook
from lpe_reports.warehouse.demo.written import TABLES, Tables, write_down

LAST_NIGHT = date(2026, 5, 11)
SEED = 20260511
SNAPSHOTS = ("weekly", "nightly", "monthly")
WORKBOOK = "plan.xlsx"


@dataclass(frozen=True)
class Size:
    """What a demo depends on, as in make_demo."""

    until: date = LAST_NIGHT
    years: int = 3
    scale: float = 1.0
    seed: int = SEED
    snapshots: str = "weekly"


def make_demo(
    project: Project,
    *,
    until: date = LAST_NIGHT,
    years: int = 3,
    scale: float = 1.0,
    seed: int = SEED,
    snapshots: str = "weekly",
    progress: Progress | None = None,
) -> Path:
    """Make the demo warehouse and the office's workbook, whole or not at all.

    Args:
        project: Where: data/demo/warehouse.duckdb and data/office/plan.xlsx.
        until: The last night; what is known on its morning is in the tables.
        years: Whole calendar years before the year of `until`.
        scale: Multiplies theatres, patients and surgeons.
        seed: The same seed gives the same tables.
        snapshots: "weekly": waiting lists of every Monday and of the last fourteen nights;
            "nightly": of every night; "monthly": of each month's first Monday and the last
            fourteen nights, for demos that are very large.
        progress: Who is told how far it is.

    Returns:
        The DuckDB file.

    Raises:
        UsageError: An argument makes no sense, or the workbook is an office's own.
    """
    size = Size(until, years, scale, seed, snapshots)

    def write(tables: Tables) -> None:
        with _written_whole(project.demo_warehouse) as database:
            write_database(database, tables)

    _make(project, size, write, progress or Silent())
    return project.demo_warehouse


def make_demo_in_postgres(
    project: Project, place: PostgresPlace, size: Size, progress: Progress | None = None
) -> int:
    """The same, but in a PostgreSQL database; gives how many rows were written.

    Raises:
        UsageError: An argument makes no sense, or the workbook or a table is an office's own.
        SettingsError: The driver is not installed.
        SourceError: The server refused or was lost; its tables are as they were.
    """
    _check(size)
    refuse_real_tables(place, TABLES)
    written = []
    _make(project, size, lambda tables: written.append(fill_postgres(place, tables)),
          progress or Silent())  # fmt: skip
    return sum(written)


def _make(project: Project, size: Size, write: Callable[[Tables], None], told: Progress) -> None:
    """Live the office through, and write the tables and then the workbook."""
    _check(size)
    workbook = project.office / WORKBOOK
    refuse_others(workbook, project.relative(workbook))
    told.start("demo warehouse", len(QUEUES) + 2)
    lived = live(size.until, size.years, scale=size.scale, seed=size.seed, progress=told)
    told.running(["tables"])
    written = write_down(lived, snapshots=size.snapshots, scale=size.scale, seed=size.seed)
    with _written_whole(workbook) as book:
        write_workbook(book, office_sheets(lived, written, seed=size.seed))
        told.advance()
        told.running(["warehouse"])
        write(written.tables)
        told.advance()
    told.done()


def _check(size: Size) -> None:
    if size.years < 1:
        raise UsageError("the demo needs at least one whole year; write --years 1 or more")
    if not 0.05 <= size.scale <= 1000:
        raise UsageError("the demo's scale must lie between 0.05 and 1000; 1 is the office's size")
    if size.snapshots not in SNAPSHOTS:
        raise UsageError(f"the demo's snapshots are one of {', '.join(SNAPSHOTS)}")


@contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """A path to write to; it takes the place of `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield unfinished
        move(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_name(f"{unfinished.name}.wal").unlink(missing_ok=True)

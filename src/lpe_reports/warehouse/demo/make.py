"""Makes the demo: lives the office through and writes what its systems would hold."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from lpe_reports.errors import UsageError
from lpe_reports.progress import Progress, Silent
from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.database import write_database
from lpe_reports.warehouse.demo.faults import plant
from lpe_reports.warehouse.demo.office import QUEUES
from lpe_reports.warehouse.demo.plan import capacities, production_plan, targets
from lpe_reports.warehouse.demo.simulation import Lived, live
from lpe_reports.warehouse.demo.tables import needs_table, operations_table, sessions_table
from lpe_reports.warehouse.demo.texts import activities, comments
from lpe_reports.warehouse.demo.waiting_table import WaitingTable, snapshot_days
from lpe_reports.warehouse.demo.workbook import Sheet, refuse_others, write_workbook

LAST_NIGHT = date(2026, 5, 11)
SEED = 20260511
SNAPSHOTS = ("weekly", "nightly")
WORKBOOK = "plan.xlsx"


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
            "nightly": of every night.
        progress: Who is told how far it is.

    Returns:
        The DuckDB file.

    Raises:
        UsageError: An argument makes no sense, or the workbook is an office's own.
    """
    _check(years, scale, snapshots)
    workbook = project.office / WORKBOOK
    refuse_others(workbook, project.relative(workbook))
    told = progress or Silent()
    told.start("demo warehouse", len(QUEUES) + 2)
    lived = live(until, years, scale=scale, seed=seed, progress=told)
    told.running(["tables"])
    operations, needs, sessions = _frames(lived, scale)
    days = snapshot_days(lived.first, lived.until, snapshots)
    tables: Mapping[str, Iterable[pa.Table]] = {
        "operations": [_arrow(plant(operations, until=until, seed=seed))],
        "needs": [_arrow(needs)],
        "sessions": [_arrow(sessions)],
        "waiting_list": WaitingTable(lived.people, lived.referred).parts(days),
    }
    with _written_whole(workbook) as book, _written_whole(project.demo_warehouse) as database:
        write_workbook(book, _sheets(lived, operations, sessions, until, seed))
        told.advance()
        told.running(["waiting_list"])
        write_database(database, tables)
        told.advance()
    told.done()
    return project.demo_warehouse


def _check(years: int, scale: float, snapshots: str) -> None:
    if years < 1:
        raise UsageError("the demo needs at least one whole year; write --years 1 or more")
    if not 0.05 <= scale <= 1000:
        raise UsageError("the demo's scale must lie between 0.05 and 1000; 1 is the office's size")
    if snapshots not in SNAPSHOTS:
        raise UsageError(f"the demo's snapshots are one of {', '.join(SNAPSHOTS)}")


def _frames(lived: Lived, scale: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    span = {"first": lived.first, "until": lived.until}
    return (
        operations_table(lived.people, lived.sessions, scale=scale, **span),
        needs_table(lived.people, **span),
        sessions_table(lived.sessions, first=lived.first),
    )


def _sheets(
    lived: Lived, operations: pd.DataFrame, sessions: pd.DataFrame, until: date, seed: int
) -> list[Sheet]:
    known = capacities(operations, lived.first)
    plan = production_plan(known, first=lived.first, until=lived.until, seed=seed)
    return [
        Sheet(
            "production_plan",
            ("vo", "section", "month", "version", "operations", "hours"),
            list(plan),
        ),
        Sheet(
            "targets",
            ("measure", "unit", "valid_from", "valid_to", "value", "direction"),
            list(targets(known, lived.first)),
        ),
        Sheet(
            "comments",
            ("unit", "period", "text", "updated_on"),
            list(comments(operations, sessions, until)),
        ),
        Sheet(
            "activities",
            ("activity_id", "vo", "title", "responsible_role", "due_on", "status", "updated_on"),
            list(activities(until)),
        ),
    ]


def _arrow(table: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(table, preserve_index=False)


@contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """A path to write to; it takes the place of `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
        unfinished.with_name(f"{unfinished.name}.wal").unlink(missing_ok=True)

"""What an extract costs, beside what it costs to read and write the same rows and do nothing.

Sizes are those of a demo of eight years: as large as the office, and ten times that. Each step
runs in a process of its own, one after the other, on the same warehouse.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlalchemy import make_url
from tests.bench.measuring import LPE, Cost, cost_of

from lpe_reports.warehouse.demo.postgres import PostgresPlace, fill_postgres
from postgres_server import PostgresDatabase, running_server

ROOT = Path(__file__).resolve().parents[2]
YEARS = 8
_BATCH_ROWS = 250_000
_URL = "LPE_WAREHOUSE_URL"


@dataclass(frozen=True)
class Step:
    """One line of the table."""

    source: str
    size: str
    what: str
    cost: Cost
    times_limit: float | None


@dataclass(frozen=True)
class Warehouse:
    """A demo of one size in a project of its own, made once and kept."""

    project: Path
    scale: int

    @property
    def file(self) -> Path:
        return self.project / "data" / "demo" / "warehouse.duckdb"

    @property
    def size(self) -> str:
        """How many rows it has."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            counted = {
                name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
                for name in ("operations", "waiting_list", "referrals")
            }
        return ", ".join(f"{rows / 1e6:.2f} M {name}" for name, rows in counted.items())

    def make(self) -> None:
        """Make it, unless it is there."""
        for name in ("params", "reports", "_quarto.yml"):
            target = self.project / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(ROOT / name, target)
        years = ("--years", str(YEARS), "--scale", str(self.scale), "--snapshots", "monthly")
        cost_of([LPE, "demo", "--if-missing", *years], self.project)

    def forget_nights(self) -> None:
        """As if nothing had ever been extracted."""
        for name in ("extracts", "snapshots"):
            shutil.rmtree(self.project / "data" / name, ignore_errors=True)
        (self.project / "build" / "source.json").unlink(missing_ok=True)


def extract_steps(scales: tuple[int, ...]) -> Iterator[Step]:
    """Every source and size, step by step."""
    for scale in scales:
        warehouse = Warehouse(ROOT / "build" / "bench" / f"scale-{scale}", scale)
        warehouse.make()
        yield from _steps(warehouse, "DuckDB", "demo", ["duckdb", warehouse.file], {})
        with running_server() as server, server.database() as database:
            _fill(warehouse, database)
            environment = {_URL: database.url}
            yield from _steps(warehouse, "PostgreSQL", "postgres", ["postgres", _URL], environment)


def _steps(
    warehouse: Warehouse,
    title: str,
    source: str,
    limit: list[str | Path],
    environment: Mapping[str, str],
) -> Iterator[Step]:
    size, target = warehouse.size, warehouse.project / "limit"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    command = [sys.executable, "-m", "tests.bench.limits", *limit, target]
    least = cost_of(command, ROOT, environment)
    shutil.rmtree(target)
    yield Step(title, size, "read and written, nothing done to it", least, None)
    warehouse.forget_nights()
    for what, options in (
        ("the first night: all of it", []),
        ("the next: what has changed", []),
        ("a weekly one: all of it, compared", ["--full"]),
    ):
        cost = cost_of(
            [LPE, "extract", "--source", source, *options], warehouse.project, environment
        )
        yield Step(title, size, what, cost, cost.cpu_seconds / least.cpu_seconds)


def _fill(warehouse: Warehouse, database: PostgresDatabase) -> None:
    """The same rows in PostgreSQL."""
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        names = [name for (name,) in connection.sql("SHOW TABLES").fetchall()]

        def parts(name: str) -> Iterator[pa.Table]:
            reader = connection.sql(f'SELECT * FROM "{name}"').to_arrow_reader(_BATCH_ROWS)
            for batch in reader:
                yield pa.Table.from_batches([batch])

        place = PostgresPlace(make_url(database.owner_url), _URL)
        fill_postgres(place, {name: parts(name) for name in names})
    database.let_read()

"""What an extract is measured against: the same rows read and written with nothing done to them.

python -m tests.bench.limits duckdb FILE TARGET
python -m tests.bench.limits postgres URL_VARIABLE TARGET
"""

import os
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

_BATCH_ROWS = 250_000


def copy_duckdb(file: Path, target: Path) -> None:
    """Every table of a DuckDB file as it comes, into one Parquet file each."""
    with duckdb.connect(str(file), read_only=True) as connection:
        names = [
            name for (name,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()
        ]
        for name in names:
            reader = connection.sql(f'SELECT * FROM "{name}"').to_arrow_reader(_BATCH_ROWS)
            with pq.ParquetWriter(
                target / f"{name}.parquet", reader.schema, compression="zstd"
            ) as out:
                for batch in reader:
                    out.write_table(pa.Table.from_batches([batch]))


def copy_postgres(url: str, target: Path) -> None:
    """Every table of a PostgreSQL database as its own COPY gives it, into one file each."""
    import psycopg

    with psycopg.connect(url) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            )
        ]
        for name in names:
            with (
                connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT csv)') as rows,
                (target / f"{name}.csv").open("wb") as out,
            ):
                for block in rows:
                    out.write(block)


if __name__ == "__main__":
    kind, where, into = sys.argv[1:]
    if kind == "duckdb":
        copy_duckdb(Path(where), Path(into))
    else:
        copy_postgres(os.environ[where].replace("+psycopg", ""), Path(into))

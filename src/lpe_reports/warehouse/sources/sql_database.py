"""A database server: one connection and one transaction, in which all tables are of one moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.sql.selectable import Select

from lpe_reports.errors import SettingsError
from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.sources.sql_dialects import ServerDialect, dialect_of
from lpe_reports.warehouse.sources.sql_errors import Asked, told
from lpe_reports.warehouse.sources.sql_types import SqlType
from lpe_reports.warehouse.sources.sql_url import DRIVERS, server_url

# Rows of Python's objects in memory at a time, and rows of one batch.
FETCHED_ROWS = 10_000
BATCH_ROWS = 100_000
_FAULTS = (sa.exc.SQLAlchemyError, pa.ArrowException, OverflowError, UnicodeError)
# What a driver says of options in the URL that it can make nothing of.
_SENSELESS = (TypeError, ValueError)


class SqlDatabase:
    """A connection to a database server, for reading only.

    Args:
        source: The source's name.
        entry: The source.
        environment: Where its URL stands.

    Raises:
        SettingsError: The URL is not set or wrong, or its driver is not installed.
        SourceError: The server refuses us.
        SourceGoneError: It does not answer now.
    """

    def __init__(self, source: str, entry: SourceEntry, environment: Mapping[str, str]) -> None:
        self.name = f"the database of source '{source}'"
        self._entry = entry
        url = server_url(entry, source, environment)
        self.dialect = dialect_of(url)
        engine = _engine(url, self.dialect, entry, source)
        with self._telling(None, *_SENSELESS):
            self._connection = engine.connect().execution_options(**self.dialect.options())
        try:
            with self._telling(None):
                self.dialect.prepare(self._connection, entry)
                # The first question is what fixes the moment.
                self._connection.execute(sa.select(sa.literal(1)))
        except BaseException:
            self.close()
            raise

    @property
    def sql_dialect(self) -> Dialect:
        """How SQLAlchemy writes for this server."""
        return self._connection.dialect

    def describe(self, everything: Select[Any], place: str) -> tuple[list[str], list[SqlType]]:
        """The names and types of the columns that a SELECT of everything has.

        Args:
            everything: A SELECT of all columns and no rows.
            place: What it is of, for messages.
        """
        with self._telling(place):
            result = self._connection.execute(everything)
            description = result.cursor.description if result.cursor else ()
            names = list(result.keys())
            result.close()
            return names, self.dialect.describe(self._connection, everything, description)

    def rows(self, select: Select[Any], types: list[SqlType], place: str) -> Iterator[pa.Table]:
        """What a SELECT gives, some rows at a time, through a cursor on the server.

        About 300,000 rows of a waiting list a second: sixteen million in a minute. COPY would
        be half as fast again, but would be a second way for one server only.

        Args:
            select: The SELECT, its columns called c0, c1 …
            types: The types of its columns.
            place: What it is of, for messages.
        """
        names = [column.name for column in select.selected_columns]
        with self._telling(place):
            result = self._connection.execute(select, execution_options={"yield_per": FETCHED_ROWS})
            try:
                some: list[pa.Table] = []
                for rows in result.partitions():
                    values = list(zip(*rows, strict=True))
                    arrays = [type_.array(v) for type_, v in zip(types, values, strict=True)]
                    some.append(pa.table(arrays, names=names))
                    if sum(table.num_rows for table in some) >= BATCH_ROWS:
                        yield pa.concat_tables(some).combine_chunks()
                        some = []
                if some:
                    yield pa.concat_tables(some).combine_chunks()
            finally:
                with suppress(sa.exc.SQLAlchemyError):
                    result.close()

    def close(self) -> None:
        """End the transaction and the connection.

        Nothing was written, and what was read is whole as soon as the last row is here: a
        server that is lost on the way out has taken nothing with it.
        """
        with suppress(sa.exc.SQLAlchemyError):
            self._connection.close()

    @contextmanager
    def _telling(self, place: str | None, *more: type[Exception]) -> Iterator[None]:
        try:
            yield
        except (*_FAULTS, *more) as error:
            asked = Asked(self.name, self._entry, place, self.dialect.name)
            raise told(error, asked) from None


def _engine(url: URL, dialect: ServerDialect, entry: SourceEntry, source: str) -> sa.Engine:
    try:
        return sa.create_engine(
            url,
            poolclass=sa.pool.NullPool,
            hide_parameters=True,
            connect_args=dialect.arguments(url, entry),
        )
    except ImportError:
        driver = url.get_driver_name()
        raise SettingsError(
            f"source '{source}' needs the driver '{driver}' for {dialect.title}, which is not "
            f"installed: {_how_to_install(dialect, driver, entry)}"
        ) from None
    except sa.exc.ArgumentError:
        raise SettingsError(
            f"{entry.url_env} (of source '{source}') names a kind of database or a driver that "
            "is not known here; it begins with postgresql+psycopg:// or mssql+mssqlpython://"
        ) from None


def _how_to_install(dialect: ServerDialect, driver: str, entry: SourceEntry) -> str:
    ours = DRIVERS.get(dialect.name)
    if ours is None:
        return "install it, or use a driver of PostgreSQL or SQL Server"
    if ours != f"{dialect.name}+{driver}":
        return f"write {ours}:// in {entry.url_env}, or install it"
    command = "run `make drivers`, or " if dialect.name == "mssql" else ""
    return f"{command}install the extra `{dialect.extra}` (lpe-reports[{dialect.extra}])"

"""Where each table comes from: databases and files, and how they spell columns, units and codes."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lpe_reports.errors import UsageError
from lpe_reports.params.reading import ParamsModel, read_model
from lpe_reports.params.units import unknown

Name = Annotated[str, Field(min_length=1, max_length=200)]
Scalar = str | int | float | bool
UnitAliasKind = Literal[
    "hospital", "operating_unit", "vo", "section", "clinic", "postop_unit", "any"
]


class CsvDialect(ParamsModel):
    """How a system writes its CSV files.

    Fields:
        delimiter: What stands between two fields.
        encoding: `auto` takes UTF-8 (with or without BOM), and cp1252 where it is not UTF-8.
        line_breaks: Whether a field in quotation marks may hold line breaks. Where it may not,
            one that is not closed in its own line is refused: a stray mark swallows rows.
    """

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    line_breaks: bool = False


class Spellings(ParamsModel):
    """How one system (Provisio, Cosmic, SPOR …) spells units and codes.

    Fields:
        units: Per kind of unit, the system's spelling → the unit's id. Names, short names and
            ids of units.yml are known already; upper and lower case and spaces do not matter.
        codes: Per column of the contract, the system's spelling → the contract's code (null: as
            if it were empty).
    """

    units: dict[UnitAliasKind, dict[str, str]] = {}
    codes: dict[str, dict[str, str | None]] = {}


class TableSource(ParamsModel):
    """Where one table of the data contract comes from, and how it is spelt there.

    Fields:
        table: The table or view in the database; the contract's own name when nothing is said.
        query: A SELECT in place of a table.
        file: A file, or a pattern (`operationer_*.csv`), in the source's folder.
        sheet: The sheet of an Excel workbook; its first when not given.
        columns: The contract's column → the source's; those spelt alike need not stand here.
        constants: The contract's column → a value that every row gets.
        codes: Per column, the source's spelling → the contract's (null: as if it were empty).
        systems: Whose spellings (of `dim_alias`) it uses, where they are not the source's own.
        watermark: The source's column that tells when a row was last changed, a time or a number
            that only grows: each night then fetches what has changed, and every
            `reload.full_every_days` the whole table to compare. Without it all is fetched.
        may_be_empty: Whether no row at all is an answer; as the contract says when not given.
        csv: How this file is written, where it is not as the source's other files.
    """

    table: Annotated[Name | None, Field(examples=["lpe.operations"])] = None
    query: Annotated[
        Annotated[str, Field(min_length=1, max_length=20_000)] | None,
        Field(examples=["SELECT * FROM plan.salspass WHERE ersatt_av IS NULL"]),
    ] = None
    file: Name | None = None
    sheet: Name | None = None
    columns: dict[str, Name] = {}
    constants: dict[str, Scalar] = {}
    codes: dict[str, dict[str, str | None]] = {}
    systems: list[Name] | None = None
    watermark: Name | None = None
    may_be_empty: bool | None = None
    csv: CsvDialect | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.table, self.query, self.file)) > 1:
            raise ValueError("a table comes from one place: 'table', 'query' or 'file'")
        if self.sheet and not (self.file and self.file.lower().endswith((".xlsx", ".xls"))):
            raise ValueError("'sheet' is for an Excel file, named in 'file'")
        if both := set(self.columns) & set(self.constants):
            raise ValueError(f"'{min(both)}' is both a column and a constant")
        return self


class KeyringEntry(ParamsModel):
    """Where a password lies in the machine's keyring.

    Fields:
        service: What the entry is called there.
        user: Whose password it is.
    """

    service: Annotated[Name, Field(examples=["lpe"])]
    user: Annotated[Name, Field(examples=["reader"])]


class Freshness(ParamsModel):
    """How old what the site shows may be.

    Fields:
        days: The newest night may be so many days old.
        tables: Per table, how many days before the night its newest event may lie; a source
            that stands still is found by this.
        then: What happens when it is older: `banner` says so on the site, `stop` holds the
            extract (or the build) until a person has looked (exit code 6).
    """

    days: Annotated[int, Field(ge=1, le=366)] = 2
    tables: dict[str, Annotated[int, Field(ge=1, le=366)]] = {}
    then: Literal["banner", "stop"] = "banner"


class SourceEntry(ParamsModel):
    """One source: a database or a folder of files, and the tables that it hands over.

    Fields:
        kind: `duckdb` (a database file), `sql` (a database server) or `files` (a folder).
        demo: Made-up data; the only kind of source that may have `demo_key_secret`.
        demo_key_secret: What the demo's ids are re-keyed with; a real source takes its secret
            from LPE_KEY_SECRET and refuses this one.
        path: The database file, from the project's folder.
        url_env: The environment variable that holds the server's URL, as SQLAlchemy writes it
            (postgresql+psycopg://user@host/database, mssql+mssqlpython://…). The URL itself
            stands in no file.
        keyring: Where the password lies, when it is not in the URL.
        lock_seconds: How long to wait for a table that somebody has locked.
        statement_seconds: How long one question to the server may take.
        attempts: How often to try when the server does not answer, or is lost on the way.
        folder: Where `file` is looked for, from the project's folder; that folder itself when
            not given.
        csv: How the source's CSV files are written.
        nulls: Spellings that mean "not known"; the empty one always does.
        systems: Whose spellings (of `dim_alias`) this source uses; a later one wins.
        aliases: Per kind of unit, the source's own spelling → the unit's id, beside `systems`.
        freshness: How old what it hands over may be.
        exempt: `table.column` → why values that look like personal identity numbers are not.
        tables: What this source hands over. A table that is not here is not in the extract.
    """

    kind: Literal["duckdb", "sql", "files"]
    demo: bool = False
    demo_key_secret: Annotated[str, Field(min_length=16)] | None = None
    path: Name | None = None
    url_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=60)] = (
        "LPE_WAREHOUSE_URL"
    )
    keyring: KeyringEntry | None = None
    lock_seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    statement_seconds: Annotated[int, Field(ge=1, le=86_400)] = 1800
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    folder: Name | None = None
    csv: CsvDialect = CsvDialect()
    nulls: list[str] = ["NULL", "(Tom)"]
    systems: list[Name] = []
    aliases: dict[UnitAliasKind, dict[str, str]] = {}
    freshness: Freshness = Freshness()
    exempt: Annotated[
        dict[str, Annotated[str, Field(min_length=10)]],
        Field(examples=[{"activities.name": "Projektnummer, tolv siffror"}]),
    ] = {}
    tables: Annotated[dict[str, TableSource], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.demo_key_secret and not self.demo:
            raise ValueError(
                "only a source with 'demo: true' has its secret here; set LPE_KEY_SECRET"
            )
        if self.demo and not self.demo_key_secret:
            raise ValueError("a demo source needs 'demo_key_secret'")
        if self.kind == "duckdb" and not self.path:
            raise ValueError("a duckdb source needs 'path', its database file")
        if self.kind == "files":
            for name, table in self.tables.items():
                if not table.file:
                    raise ValueError(
                        f"table '{name}' needs 'file'; this source is a folder of files"
                    )
        return self


class Limits(ParamsModel):
    """When what was loaded is refused, and when it is held for a person to look at.

    Fields:
        rejected_share: The largest share of a table's rows that may be set aside.
        unknown_share: The largest share of a table's rows in which one column may have
            spellings that no alias explains.
        row_change: A table, or a unit's share of it, whose rows differ by more than this share
            from the night before holds the night until `lpe extract --accept`.
        row_change_from: Only tables and units that had at least so many rows are compared.
    """

    rejected_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    unknown_share: Annotated[float, Field(ge=0, le=1)] = 0.02
    row_change: Annotated[float, Field(gt=0, le=1)] = 0.30
    row_change_from: Annotated[int, Field(ge=1)] = 100


class Reload(ParamsModel):
    """How tables with a watermark are kept true.

    Fields:
        full_every_days: After so many days a table is fetched whole again and compared, which
            finds history that was changed without a newer watermark.
        overlap_hours: Each night fetches again what changed this long before the last watermark:
            a row may become visible later than its time says.
    """

    full_every_days: Annotated[int, Field(ge=1, le=366)] = 7
    overlap_hours: Annotated[int, Field(ge=0, le=24 * 31)] = 24


class Sources(ParamsModel):
    """All sources: where each table comes from, and how it is spelt there.

    Fields:
        default: The source that a night reads where none is named.
        limits: When what was loaded is refused or held.
        reload: How tables with a watermark are kept true.
        sources: The sources by name, as `--source` takes them.
        dim_alias: Per system, how it spells units and codes; sources and tables name the
            systems whose spellings they use.
    """

    default: Name
    limits: Limits = Limits()
    reload: Reload = Reload()
    dim_alias: dict[str, Spellings] = {}
    sources: Annotated[dict[str, SourceEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _default_exists(self) -> Self:
        if self.default not in self.sources:
            raise ValueError(f"default '{self.default}' is none of the sources")
        for name, entry in self.sources.items():
            named = [*entry.systems, *(s for t in entry.tables.values() for s in t.systems or ())]
            if unknown_systems := sorted(set(named) - self.dim_alias.keys()):
                raise ValueError(
                    f"source '{name}' uses the spellings of '{unknown_systems[0]}', which "
                    "dim_alias does not have"
                )
        return self

    def get(self, name: str | None = None) -> SourceEntry:
        """The source with a name, or the default one.

        Raises:
            UsageError: There is none; names the nearest spelling.
        """
        try:
            return self.sources[name or self.default]
        except KeyError:
            raise UsageError(unknown("source", str(name), self.sources)) from None


def load_sources(path: Path, root: Path) -> Sources:
    """The sources of `params/sources.yml`."""
    return read_model(path, Sources, root)

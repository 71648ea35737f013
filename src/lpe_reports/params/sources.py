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
    """

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"
    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"


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
        csv: How this file is written, where it is not as the source's other files.
    """

    table: Name | None = None
    query: Annotated[str, Field(min_length=1, max_length=20_000)] | None = None
    file: Name | None = None
    sheet: Name | None = None
    columns: dict[str, Name] = {}
    constants: dict[str, Scalar] = {}
    codes: dict[str, dict[str, str | None]] = {}
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


class SourceEntry(ParamsModel):
    """One source: a DuckDB file or a folder of files, and the tables that it hands over.

    Fields:
        kind: `duckdb` (a database file) or `files` (a folder).
        demo: Made-up data; the only kind of source that may have `demo_key_secret`.
        demo_key_secret: What the demo's ids are re-keyed with; a real source takes its secret
            from LPE_KEY_SECRET and refuses this one.
        path: The database file, from the project's folder.
        folder: Where `file` is looked for, from the project's folder; that folder itself when
            not given.
        csv: How the source's CSV files are written.
        nulls: Spellings that mean "not known"; the empty one always does.
        aliases: Per kind of unit, the source's spelling → the unit's id. Names, short names and
            ids of units.yml are known already; upper and lower case and spaces do not matter.
        exempt: `table.column` → why values that look like personal identity numbers are not.
        tables: What this source hands over. A table that is not here is not in the extract.
    """

    kind: Literal["duckdb", "files"]
    demo: bool = False
    demo_key_secret: Annotated[str, Field(min_length=16)] | None = None
    path: Name | None = None
    folder: Name | None = None
    csv: CsvDialect = CsvDialect()
    nulls: list[str] = ["NULL", "(Tom)"]
    aliases: dict[UnitAliasKind, dict[str, str]] = {}
    exempt: dict[str, Annotated[str, Field(min_length=10)]] = {}
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
    """When rows that are set aside become a refused table.

    Fields:
        rejected_share: The largest share of a table's rows that may be set aside.
    """

    rejected_share: Annotated[float, Field(ge=0, le=1)] = 0.02


class Sources(ParamsModel):
    """All sources; `default` is the one that a night reads."""

    default: Name
    limits: Limits = Limits()
    sources: Annotated[dict[str, SourceEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _default_exists(self) -> Self:
        if self.default not in self.sources:
            raise ValueError(f"default '{self.default}' is none of the sources")
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

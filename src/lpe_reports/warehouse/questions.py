"""What a notebook asked of an extract, so that a plan can tell whether the answer still holds.

A plan compares digests of manifest entries first, for thousands of questions, so nothing here
imports pandas or PyArrow. Only where they differ is a question asked again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lpe_reports.errors import UsageError
from lpe_reports.warehouse.nights.manifest import Manifest, Part, digest_of_parts
from lpe_reports.warehouse.tables import TABLES, table_contract

Value = str | int | float | bool | date | None


@dataclass(frozen=True, init=False)
class Prefix:
    """A condition that a text begins with one of some beginnings: `Prefix("NF", "NG")`."""

    starts: tuple[str, ...]

    def __init__(self, *starts: str) -> None:
        object.__setattr__(self, "starts", tuple(sorted(set(starts))))


Condition = Value | tuple[Value, ...] | Prefix


@dataclass(frozen=True)
class Question:
    """One question, with the digests of what it was answered from and of the answer.

    Attributes:
        table: The table.
        units: Values of the table's unit column; None for all.
        start, end: Half-open, local days, on the table's time column.
        where: Column → a value, several values, or beginnings; by column name.
        columns: The columns of the answer; None for all.
        about: `rows`; or `has`, `dates`, `nearest`, `first`, which the manifest alone can answer.
        parts_digest: Of the content of the parts that could hold the answer, also when none do.
        answer_digest: Of the answer.
        rows: How many rows the answer had.
    """

    table: str
    units: tuple[str, ...] | None = None
    start: date | None = None
    end: date | None = None
    where: tuple[tuple[str, Condition], ...] = ()
    columns: tuple[str, ...] | None = None
    about: str = "rows"
    parts_digest: str = field(default="", compare=False)
    answer_digest: str = field(default="", compare=False)
    rows: int = field(default=0, compare=False)

    def answered(self, parts_digest: str, answer_digest: str, rows: int) -> "Question":
        """The same question with its answer's digests."""
        return replace(self, parts_digest=parts_digest, answer_digest=answer_digest, rows=rows)

    def to_json(self) -> dict[str, Any]:
        """As it is stored in a trace."""
        return {
            "table": self.table,
            "units": None if self.units is None else list(self.units),
            "start": self.start and self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
            "where": {column: _condition_to_json(c) for column, c in self.where},
            "columns": None if self.columns is None else list(self.columns),
            "about": self.about,
            "parts_digest": self.parts_digest,
            "answer_digest": self.answer_digest,
            "rows": self.rows,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Question":
        """The question that `to_json` stored."""
        return cls(
            table=content["table"],
            units=None if content["units"] is None else tuple(content["units"]),
            start=_day(content["start"]),
            end=_day(content["end"]),
            where=tuple((c, _condition_from_json(v)) for c, v in content["where"].items()),
            columns=None if content["columns"] is None else tuple(content["columns"]),
            about=content["about"],
            parts_digest=content["parts_digest"],
            answer_digest=content["answer_digest"],
            rows=content["rows"],
        )


def make_question(
    table: str,
    *,
    units: Sequence[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    where: Mapping[str, object] | None = None,
    columns: Sequence[str] | None = None,
) -> Question:
    """A question in the one form in which it is compared and stored.

    Raises:
        UsageError: The contract has no such table or column, or the table no such selector.
    """
    contract = table_contract(table)
    for name in (*(where or ()), *(columns or ())):
        contract.column(name)
    if units is not None and contract.unit is None:
        raise UsageError(f"table {table} has no unit to select by")
    if (start or end) and contract.time is None:
        raise UsageError(f"table {table} has no time to select by; use where={{…}}")
    if isinstance(units, str):
        raise UsageError(f"units takes a list of unit ids, not the text '{units}'")
    return Question(
        table,
        None if units is None else tuple(sorted(set(units))),
        start,
        end,
        tuple(sorted((name, _condition(name, c)) for name, c in (where or {}).items())),
        None if columns is None else tuple(columns),
    )


def select_parts(manifest: Manifest, question: Question) -> list[Part]:
    """The parts of a night that could hold the answer to a question."""
    table = manifest.tables.get(question.table)
    if table is None:
        return []
    return table.select(**_selector(question), start=question.start, end=question.end)


def parts_digest(manifest: Manifest, question: Question) -> str:
    """The digest of what a question would be answered from, by the manifest alone."""
    if question.about != "rows":
        return digest_of(answer_from_manifest(manifest, question))
    table = manifest.tables.get(question.table)
    if table is None:
        return digest_of_parts([])
    return table.digest_of(**_selector(question), start=question.start, end=question.end)


def _selector(question: Question) -> dict[str, frozenset[str] | None]:
    group = TABLES[question.table].group
    groups = next((_values(c) for name, c in question.where if name == group), None)
    units = None if question.units is None else frozenset(question.units)
    return {"units": units, "groups": groups}


def answer_from_manifest(manifest: Manifest, question: Question) -> list[str]:
    """The answer to a question about what there is: a table, a list's days, the nearest day."""
    table = manifest.tables.get(question.table)
    if question.about == "has":
        return [] if table is None else [question.table]
    if table is None:
        return []
    days = sorted({part.period for part in select_parts(manifest, question)})
    match question.about:
        case "nearest":
            return days[-1:]
        case "first":
            return days[:1]
        case _:
            return days


def digest_of(answer: list[str]) -> str:
    """The digest of an answer that the manifest gave."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()[:32]


def _values(condition: Condition) -> frozenset[str] | None:
    if isinstance(condition, Prefix):
        return None
    values = condition if isinstance(condition, tuple) else (condition,)
    return frozenset(str(value) for value in values)


def _condition(column: str, given: object) -> Condition:
    if given is None or isinstance(given, Prefix | str | int | float | bool | date):
        return given
    if isinstance(given, list | tuple | set | frozenset):
        values = set(given)
        if all(v is None or isinstance(v, str | int | float | bool | date) for v in values):
            return tuple(sorted(values, key=lambda v: (v is None, str(v))))
    raise UsageError(f"where: '{column}' takes a value, a list of values or a Prefix")


def _condition_to_json(condition: Condition) -> Any:
    if isinstance(condition, Prefix):
        return {"prefix": list(condition.starts)}
    if isinstance(condition, tuple):
        return {"in": [_condition_to_json(value) for value in condition]}
    return {"date": condition.isoformat()} if isinstance(condition, date) else condition


def _condition_from_json(content: Any) -> Condition:
    match content:
        case {"prefix": starts}:
            return Prefix(*starts)
        case {"in": values}:
            return tuple(_condition_from_json(value) for value in values)  # type: ignore[misc]
        case {"date": day}:
            return date.fromisoformat(day)
        case _:
            return content  # type: ignore[no-any-return]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

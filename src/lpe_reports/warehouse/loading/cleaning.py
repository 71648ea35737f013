"""From a source's rows to the contract's: converted, translated, re-keyed and checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import ContractError
from lpe_reports.params.sources import SourceEntry
from lpe_reports.warehouse.aliases import Aliases, plain, translate
from lpe_reports.warehouse.columns import UNKNOWN, Column, Kind, TableContract
from lpe_reports.warehouse.contracts import broken_rules, null_rule, type_rule
from lpe_reports.warehouse.conversion import EXPECTED, Converted, convert
from lpe_reports.warehouse.distinct import counts, decoded, distinct_texts, map_distinct
from lpe_reports.warehouse.frames import ZONE, stored_schema, to_frame
from lpe_reports.warehouse.keys import Keys
from lpe_reports.warehouse.loading.findings import DUPLICATE, Found, Mask, findings_of
from lpe_reports.warehouse.loading.tally import Tally
from lpe_reports.warehouse.nights.dividing import periods_of
from lpe_reports.warehouse.nights.hashes import Hashes, shared_rows
from lpe_reports.warehouse.personal_numbers import LEAST_DISTINCT, SUSPECT_SHARE, NumbersSeen
from lpe_reports.warehouse.rules import Consequence, Passes, Rule, rules_of

# Re-keyed ids may be personal numbers in the source; times and flags cannot be any.
_UNGUARDED = (Kind.KEY, Kind.TIME, Kind.DATE, Kind.FLAG)
_EQUAL = "rows with the same key to be equal"
_MISSING_HOUR = "a time that exists: the spring change leaves out 02:00–03:00"
_REPEATED_HOUR = "a time that the autumn change does not repeat (taken as the first)"


@dataclass(frozen=True)
class Means:
    """What a source's rows are cleaned with: also the night, and the day it is in Sweden."""

    source: str
    entry: SourceEntry
    aliases: Aliases
    keys: Keys
    night: date
    today: date


@dataclass(frozen=True)
class Cleaned:
    """A batch, cleaned.

    Attributes:
        keys: The columns of the key, of every row of the batch.
        here: Which rows happened up to the night.
        kept: Which rows the contract takes.
        rows: Those, as they are stored.
        findings: What is wrong with which rows.
    """

    keys: pa.Table
    here: Mask
    kept: Mask
    rows: pa.Table
    findings: pa.Table


class Cleaner:
    """Cleans one table, batch by batch, and counts what it finds.

    Args:
        contract: The table.
        means: Aliases, keys and the night.
    """

    def __init__(self, contract: TableContract, means: Means) -> None:
        self.contract = contract
        self.tally = Tally(contract.name)
        self._means = means
        self._codes = {c.name: means.aliases.codes(contract.name, c) for c in contract}
        self._schema = stored_schema(contract.columns)
        self._spellings = {c.name: means.aliases.spellings(contract.name, c) for c in contract}
        self._numbers = {
            c.name: NumbersSeen()
            for c in contract
            if c.kind not in _UNGUARDED and f"{contract.name}.{c.name}" not in means.entry.exempt
        }

    def clean(self, raw: pa.Table) -> Cleaned:
        """The rows of a batch that the contract takes, and what is wrong with them.

        Args:
            raw: All columns of the contract, with the source's values.
        """
        converted = {column.name: self._column(column, raw) for column in self.contract}
        table = pa.table([c.values for c in converted.values()], schema=self._schema)
        keys = table.select(list(self.contract.key))
        here = self._up_to_night(table)
        if not here.all():
            self.tally.count_left_out(int((~here).sum()), self._newest(table, ~here))
            mask = pa.array(here)
            table = table.filter(mask)
            converted = {name: _filtered(column, mask) for name, column in converted.items()}
        self.tally.fetched += table.num_rows
        rows, keep, findings = self._checked(table, converted)
        kept = here.copy()
        kept[here] = keep
        return Cleaned(keys, here, kept, rows, findings)

    def alone(self, table: pa.Table, hashes: Hashes) -> tuple[Mask, pa.Table]:
        """Which rows are no copies of an earlier one, and the findings about those that are.

        Args:
            table: Rows, with the columns of the contract.
            hashes: The numbers of their keys.
        """
        keep = np.ones(table.num_rows, dtype=bool)
        if len(np.unique(hashes)) < len(hashes):
            _, places, numbers = np.unique(hashes, return_inverse=True, return_counts=True)
            positions = np.flatnonzero(numbers[places] > 1)
            doubled = table.select(list(self.contract.names)).take(pa.array(positions))
            keep[positions[doubled.to_pandas().duplicated().to_numpy()]] = False
        rule = Rule(DUPLICATE, Consequence.REPAIR, self.contract.key, _EQUAL, self._never)
        return keep, self._findings(table, [Found(rule, ~keep)])

    def refuse_shared_keys(self, hashes: Hashes) -> None:
        """Count the rows that share their key with another row, of all rows without copies."""
        rule = Rule("duplicate_key", Consequence.LOAD, self.contract.key, _EQUAL, self._never)
        self.tally.count(rule, shared_rows(hashes))

    def together(self, table: pa.Table, context: int) -> pa.Table:
        """The findings of the checks that look at rows together.

        Args:
            table: Rows of the contract, without copies.
            context: So many of them, the first, are only there to be compared with.
        """
        if not any(rule.whole for rule in rules_of(self.contract)):
            return self._findings(table, [])
        frame = to_frame(table, self.contract, nullable=True)
        found = broken_rules(frame, self.contract, whole=True)
        own = [Found(each.rule, each.rows[context:]) for each in found]
        return self._findings(table.slice(context), own)

    def says(self) -> dict[str, str]:
        """What each rule about single rows expects, by its id."""
        hours = [_missing_hour(column.name) for column in self.contract]
        return {rule.id: rule.says for rule in (*rules_of(self.contract), *hours)}

    def refuse_personal(self) -> None:
        """Refuse the table when a column of it looks like personal identity numbers.

        Raises:
            ContractError: Names table, column and number of rows.
        """
        for column, seen in self._numbers.items():
            if seen.looks_personal:
                raise ContractError(
                    f"table {self.contract.name} of source '{self._means.source}' is refused: "
                    f"column {column} looks like personal identity numbers in {seen.rows} rows "
                    f"({SUSPECT_SHARE:.0%} or more of at least {LEAST_DISTINCT} different values). "
                    "Leave it out of the export or map the right column; if they are something "
                    f"else, say so under 'exempt' of the source ({self.contract.name}.{column})."
                )

    def _column(self, column: Column, raw: pa.Table) -> Converted:
        values = raw.column(column.name).combine_chunks()
        if isinstance(values, pa.ChunkedArray):
            values = values.chunk(0) if values.num_chunks else pa.array([], values.type)
        nulls = self._means.entry.nulls
        if codes := self._codes.get(column.name):
            values = _decoded(distinct_texts(values, nulls), codes)
        if (seen := self._numbers.get(column.name)) is not None:
            seen.add(counts(distinct_texts(values)))
        match column.kind:
            case Kind.KEY:
                texts = distinct_texts(values, nulls)
                return Converted(self._means.keys.rekey(column.name, column.prefix, texts))
            case Kind.UNIT | Kind.CODE:
                return Converted(self._translated(column, distinct_texts(values, nulls)))
        converted = convert(values, column.kind, nulls)
        if converted.unreadable:
            rule = type_rule(column, EXPECTED[column.kind])
            self.tally.count(rule, converted.unreadable)
        return converted

    def _translated(self, column: Column, texts: pa.DictionaryArray) -> pa.Array:
        translated = translate(texts, self._spellings[column.name])
        spellings = zip(
            texts.dictionary.to_pylist(), translated.dictionary.to_pylist(), strict=True
        )
        unknown = {text for text, meaning in spellings if meaning == UNKNOWN}
        if unknown:
            self.tally.count_unknown(column.name, (c for c in counts(texts) if c[0] in unknown))
        return decoded(translated)

    def _up_to_night(self, table: pa.Table) -> Mask:
        """Which rows happened up to the night's day."""
        if not self.contract.happened or self.contract.event_time is None:
            return np.ones(table.num_rows, dtype=bool)
        times = table.column(self.contract.event_time).combine_chunks()
        return _numpy(pc.fill_null(_up_to(times, self._means.night), True))

    def _newest(self, table: pa.Table, rows: Mask) -> date | None:
        """The day of the newest event of some rows; one that has not been is a mistake."""
        assert self.contract.event_time is not None
        times = table.column(self.contract.event_time).combine_chunks().filter(pa.array(rows))
        newest = pc.max(times.filter(_up_to(times, self._means.today))).as_py()
        return newest.astimezone(ZONE).date() if isinstance(newest, datetime) else newest

    def _checked(
        self, table: pa.Table, converted: dict[str, Converted]
    ) -> tuple[pa.Table, Mask, pa.Table]:
        """The rows that the contract takes, which those are, and what is wrong with all."""
        found = list(_clock_changes(converted))
        lost = np.zeros(table.num_rows, dtype=bool)
        frame = to_frame(table, self.contract, nullable=True)
        mended = table
        for broken in broken_rules(frame, self.contract):
            if broken.rule.consequence is Consequence.LOAD:
                lost |= broken.rows
                # What cannot be read has been counted, and was null only thereby.
                if broken.rule.name != "null" or not converted[broken.rule.columns[0]].unreadable:
                    self.tally.count(broken.rule, int(broken.rows.sum()))
                continue
            found.append(Found(broken.rule, broken.rows))
            if broken.rule.consequence is Consequence.REPAIR:
                mended = _without_values(mended, broken.rule.columns[0], broken.rows)
        for each in found:
            if each.rule.consequence is Consequence.ROW:
                lost = lost | each.rows
        keep = ~lost
        rows = mended if keep.all() else mended.filter(pa.array(keep))
        return rows, keep, self._findings(table, found)

    def _findings(self, table: pa.Table, found: Sequence[Found]) -> pa.Table:
        periods: Sequence[str] = ()
        if any(each.rows.any() for each in found):
            periods = periods_of(table, self.contract)
        return findings_of(table, periods, found, self.contract)

    @property
    def _never(self) -> Passes:
        return null_rule(self.contract.key[0]).passes


def _up_to(times: pa.Array, day: date) -> pa.Array:
    """Which times are not after a day."""
    after = day + timedelta(days=1)
    midnight = datetime.combine(after, time(), ZONE).astimezone(UTC)
    limit = pa.scalar(after if pa.types.is_date(times.type) else midnight, times.type)
    return pc.less(times, limit)


def _clock_changes(converted: Mapping[str, Converted]) -> Iterator[Found]:
    for name, column in converted.items():
        for rule, mask in (
            (_missing_hour(name), column.spring),
            (_repeated_hour(name), column.autumn),
        ):
            if mask is not None and (rows := _numpy(mask)).any():
                yield Found(rule, rows)


def _filtered(column: Converted, mask: pa.Array) -> Converted:
    """The clock changes of the rows that stay; the values are in the table."""
    return replace(
        column,
        autumn=None if column.autumn is None else column.autumn.filter(mask),
        spring=None if column.spring is None else column.spring.filter(mask),
    )


def _missing_hour(column: str) -> Rule:
    return _hour("missing_hour", Consequence.ROW, column, _MISSING_HOUR)


def _repeated_hour(column: str) -> Rule:
    return _hour("repeated_hour", Consequence.REPAIR, column, _REPEATED_HOUR)


def _hour(name: str, consequence: Consequence, column: str, says: str) -> Rule:
    return Rule(name, consequence, (column,), says, lambda frame: frame[column].notna())


def _decoded(texts: pa.DictionaryArray, codes: dict[str, str | None]) -> pa.Array:
    known = {plain(spelling): code for spelling, code in codes.items()}
    return map_distinct(
        texts, lambda given: [None if t is None else known.get(plain(t), t) for t in given],
        pa.string(),
    )  # fmt: skip


def _without_values(table: pa.Table, column: str, rows: npt.NDArray[np.bool_]) -> pa.Table:
    position = table.column_names.index(column)
    field = table.schema.field(position)
    values = pc.if_else(pa.array(rows), pa.scalar(None, field.type), table.column(position))
    return table.set_column(position, field, values)


def _numpy(mask: pa.Array) -> npt.NDArray[np.bool_]:
    rows: npt.NDArray[np.bool_] = mask.to_numpy(zero_copy_only=False).astype(bool)
    return rows

"""From a source's rows to the contract's: converted, translated, re-keyed and checked."""

from dataclasses import dataclass
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
from lpe_reports.warehouse.personal_numbers import LEAST_DISTINCT, SUSPECT_SHARE, NumbersSeen
from lpe_reports.warehouse.rules import Consequence, Rule
from lpe_reports.warehouse.tally import Tally

# Re-keyed ids may be personal numbers in the source; times and flags cannot be any.
_UNGUARDED = (Kind.KEY, Kind.TIME, Kind.DATE, Kind.FLAG)
_DUPLICATE = "duplicate"
_DUPLICATE_KEY = "duplicate_key"


@dataclass(frozen=True)
class Means:
    """What a source's rows are cleaned with."""

    source: str
    entry: SourceEntry
    aliases: Aliases
    keys: Keys
    night: date


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

    def clean(self, raw: pa.Table) -> pa.Table:
        """The rows of a batch that the contract takes, in the form in which they are stored.

        Args:
            raw: All columns of the contract, with the source's values.
        """
        converted = {column.name: self._column(column, raw) for column in self.contract}
        table = pa.table([c.values for c in converted.values()], schema=self._schema)
        here = self._up_to_night(table)
        if here is not None:
            self.tally.left_out += table.num_rows - (pc.sum(here).as_py() or 0)
            table = table.filter(here)
        self.tally.fetched += table.num_rows
        return self._checked(table, converted, here)

    def whole(self, table: pa.Table) -> pa.Table:
        """Rows that belong together, without copies, with the checks that look at them together."""
        table = self._without_copies(table)
        frame = to_frame(table, self.contract, nullable=True)
        for broken in broken_rules(frame, self.contract, whole=True):
            self.tally.count(broken.rule, int(broken.rows.sum()))
        return table

    def refuse_if_broken(self, rejected_share: float) -> None:
        """Refuse the table when it must be.

        Raises:
            ContractError: Names table, column, rule and number of rows.
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
        self.tally.refuse_if_broken(self._means.source, rejected_share)

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

    def _up_to_night(self, table: pa.Table) -> pa.Array | None:
        """Which rows happened up to the night's day; None when all may stand."""
        if not self.contract.happened or self.contract.event_time is None:
            return None
        times = table.column(self.contract.event_time).combine_chunks()
        after = self._means.night + timedelta(days=1)
        midnight = datetime.combine(after, time(), ZONE).astimezone(UTC)
        limit = pa.scalar(after if pa.types.is_date(times.type) else midnight, times.type)
        return pc.fill_null(pc.less(times, limit), True)

    def _checked(
        self, table: pa.Table, converted: dict[str, Converted], here: pa.Array | None
    ) -> pa.Table:
        rows = table.num_rows
        lost, dropped, mended = (np.zeros(rows, dtype=bool) for _ in range(3))
        for name, column in converted.items():
            for rule, mask, marks in (
                (_missing_hour(name), column.spring, dropped),
                (_repeated_hour(name), column.autumn, mended),
            ):
                if mask is not None:
                    found = _numpy(mask if here is None else mask.filter(here))
                    self.tally.count(rule, int(found.sum()))
                    marks |= found
        frame = to_frame(table, self.contract, nullable=True)
        for broken in broken_rules(frame, self.contract):
            if broken.rule.name == "null" and converted[broken.rule.columns[0]].unreadable:
                lost |= broken.rows
                continue
            self.tally.count(broken.rule, int(broken.rows.sum()))
            match broken.rule.consequence:
                case Consequence.LOAD:
                    lost |= broken.rows
                case Consequence.ROW:
                    dropped |= broken.rows
                case Consequence.REPAIR:
                    mended |= broken.rows
                    table = _without_values(table, broken.rule.columns[0], broken.rows)
        self.tally.rejected += int(dropped.sum())
        self.tally.repaired += int((mended & ~dropped).sum())
        keep = ~(dropped | lost)
        return table if keep.all() else table.filter(pa.array(keep))

    def _without_copies(self, table: pa.Table) -> pa.Table:
        """Rows without those equal to an earlier one; other rows with the same key are refused."""
        keys = table.select(list(self.contract.key)).to_pandas()
        doubled = keys.duplicated(keep=False).to_numpy()
        if not doubled.any():
            return table
        positions = np.flatnonzero(doubled)
        same_key = table.take(pa.array(positions)).to_pandas()
        copies = same_key.duplicated(keep="first").to_numpy()
        differing = same_key[~copies].duplicated(subset=list(self.contract.key), keep=False)
        key = self.contract.key
        never = null_rule(key[0]).passes
        says = "rows with the same key to be equal"
        self.tally.count(
            Rule(_DUPLICATE_KEY, Consequence.LOAD, key, says, never), int(differing.sum())
        )
        copied = int(copies.sum())
        self.tally.count(Rule(_DUPLICATE, Consequence.REPAIR, key, says, never), copied)
        self.tally.repaired += copied
        keep = np.ones(table.num_rows, dtype=bool)
        keep[positions[copies]] = False
        return table.filter(pa.array(keep))


def _missing_hour(column: str) -> Rule:
    says = "a time that exists: the spring change leaves out 02:00–03:00"
    return Rule("missing_hour", Consequence.ROW, (column,), says, lambda f: f[column].notna())


def _repeated_hour(column: str) -> Rule:
    says = "a time that the autumn change does not repeat (taken as the first)"
    return Rule("repeated_hour", Consequence.REPAIR, (column,), says, lambda f: f[column].notna())


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

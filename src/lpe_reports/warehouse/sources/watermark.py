"""How far a table has been fetched: the newest of the times or numbers that tell its changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import total_ordering
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.conversion import convert

_WHOLE = r"^\s*[-+]?\d{1,18}\s*$"
_OFFSET = r":\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)\s*$"
_WORDS = {"time": "a time without zone", "instant": "a time with zone", "number": "a whole number"}


@total_ordering
@dataclass(frozen=True, eq=False)
class Watermark:
    """A time without zone, an instant (a time with zone) or a whole number.

    A time without zone is compared as the source writes it and never localised: the hour that
    the autumn change repeats is in order in no zone. That is what `minus` is for.

    Attributes:
        value: An instant is in UTC.
    """

    value: datetime | int

    def __post_init__(self) -> None:
        if isinstance(self.value, datetime) and self.value.tzinfo is not None:
            object.__setattr__(self, "value", self.value.astimezone(UTC))

    @classmethod
    def of(cls, raw: pa.Array | pa.ChunkedArray) -> Self | None:
        """The newest in a column, as `Source.fetch` hands it over; None where there is none.

        Raises:
            SourceError: The column holds neither times nor whole numbers.
        """
        newest = pc.max(_comparable(raw)).as_py()
        return None if newest is None else cls(newest)

    @classmethod
    def oldest(cls, raw: pa.Array | pa.ChunkedArray) -> Self | None:
        """The oldest in a column, as `Source.fetch` hands it over; None where there is none.

        Raises:
            SourceError: The column holds neither times nor whole numbers.
        """
        oldest = pc.min(_comparable(raw)).as_py()
        return None if oldest is None else cls(oldest)

    @property
    def kind(self) -> str:
        """`time` (without zone), `instant` or `number`."""
        if isinstance(self.value, int):
            return "number"
        return "time" if self.value.tzinfo is None else "instant"

    def minus(self, hours: float) -> "Watermark":
        """So many hours earlier; a number, which knows no hours, stays as it is."""
        if isinstance(self.value, int):
            return self
        return Watermark(self.value - timedelta(hours=hours))

    def reached(self, raw: pa.Array | pa.ChunkedArray) -> pa.Array:
        """Which rows of a column are at or after this; rows without a value are among them.

        Raises:
            SourceError: The column is of another kind.
        """
        values = _comparable(raw)
        if pa.types.is_null(values.type) or not len(values.drop_null()):
            return pa.array([True] * len(values), pa.bool_())
        self._same_kind(_kind(values.type))
        least = pa.scalar(self.value).cast(values.type)
        return pc.fill_null(pc.greater_equal(values, least), True)

    def to_json(self) -> dict[str, str | int]:
        """As a manifest keeps it."""
        value = self.value
        return {self.kind: value if isinstance(value, int) else value.isoformat()}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        ((kind, value),) = given.items()
        return cls(int(value) if kind == "number" else datetime.fromisoformat(value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Watermark) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: "Watermark") -> bool:
        self._same_kind(other.kind)
        return bool(self.value < other.value)  # type: ignore[operator]

    def _same_kind(self, kind: str) -> None:
        if self.kind != kind:
            raise _changed(self.kind, kind)


def one_kind(raw: pa.Array | pa.ChunkedArray, was: str | None, where: str) -> str | None:
    """The kind of watermark that a column holds, held to what it was before.

    Args:
        raw: The column, as `Source.fetch` hands it over.
        was: The kind that it was; None where that is not known.
        where: The column, the table and the place, for messages.

    Returns:
        The kind; what it was, where the column holds nothing.

    Raises:
        SourceError: It holds neither times nor whole numbers, or is of another kind than it was.
    """
    try:
        values = _comparable(raw)
        if pa.types.is_null(values.type) or values.null_count == len(values):
            return was
        if was is not None and was != _kind(values.type):
            raise _changed(was, _kind(values.type))
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from None
    return _kind(values.type)


def _kind(type_: pa.DataType) -> str:
    if not pa.types.is_timestamp(type_):
        return "number"
    return "time" if type_.tz is None else "instant"


def _comparable(raw: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A source's column as times, instants or whole numbers."""
    values = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    type_ = values.type
    try:
        if pa.types.is_dictionary(type_):
            return _comparable(values.cast(type_.value_type))
        if pa.types.is_null(type_):
            return values
        if pa.types.is_timestamp(type_):
            return values.cast(pa.timestamp("us", "UTC" if type_.tz else None), safe=False)
        if pa.types.is_date(type_):
            return values.cast(pa.timestamp("us"))
        if pa.types.is_integer(type_) or pa.types.is_decimal(type_):
            return values.cast(pa.int64())
        if pa.types.is_string(type_) or pa.types.is_large_string(type_):
            return _read(values.cast(pa.string()))
    except pa.ArrowInvalid:
        raise _no_watermark() from None
    raise _no_watermark()


def _read(texts: pa.Array) -> pa.Array:
    """Times or whole numbers that a file spells as text."""
    given = pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), None, texts)
    known = given.drop_null()
    if not len(known):
        return pa.nulls(len(given))
    if pc.all(pc.match_substring_regex(known, _WHOLE)).as_py():
        return pc.utf8_trim_whitespace(given).cast(pa.int64())
    times = convert(given, Kind.TIME)
    with_zone = pc.match_substring_regex(known, _OFFSET)
    if times.unreadable or pc.any(with_zone).as_py() != pc.all(with_zone).as_py():
        raise _no_watermark()
    if pc.all(with_zone).as_py():
        return times.values
    return pc.local_timestamp(times.values.cast(pa.timestamp("us", "Europe/Stockholm")))


def _changed(was: str, now: str) -> SourceError:
    return SourceError(
        f"a watermark that was {_WORDS[was]} is now {_WORDS[now]}: the source has changed its "
        "column. Load everything anew with `lpe extract --full`"
    )


def _no_watermark() -> SourceError:
    return SourceError(
        "a watermark must be a column of times or of whole numbers, one kind in every row; name "
        "another column in params/sources.yml, or leave the watermark out"
    )

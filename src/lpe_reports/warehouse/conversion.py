"""From a source's values to those of the contract: times, dates, numbers, flags.

Takes values as databases give them (typed) and as files spell them: `2026-05-18`, `18/5 2026`,
`2026-05-18 07:45`, with seconds or a `T`, `2,5`, `1 044`, `Ja`. A comma is a decimal comma. A
point is a decimal point but where it could part thousands: `12.500` is refused, as nobody can
know whether it is twelve and a half.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.distinct import (
    Texts,
    decoded,
    distinct_texts,
    map_distinct,
    null_rows,
)
from lpe_reports.warehouse.frames import ZONE, ZONE_NAME, stored_type

EXPECTED = {
    Kind.TIME: "a timestamp like 2026-05-18 07:45",
    Kind.DATE: "a date like 2026-05-18",
    Kind.MONTH: "a month like 2026-05",
    Kind.WHOLE: "a whole number",
    Kind.NUMBER: "a number like 2,5 or 1 044 (12.500 could be twelve thousand)",
    Kind.FLAG: "yes or no (ja/nej, true/false, 1/0)",
}

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
# Thousands may be parted by spaces (\s has the hard and the narrow one too).
_NUMBER = re.compile(r"([-+−]?)\s?(\d{1,3}(?:\s\d{3})+|\d+)(?:([.,])(\d+))?")
_MAY_BE_THOUSANDS = re.compile(r"[-+−]?\s?[1-9]\d{0,2}\.\d{3}")
_LARGEST_WHOLE = 2**63 - 1
_FLAGS = {
    **dict.fromkeys(("1", "ja", "j", "true", "sant", "yes", "y", "x", "t"), True),
    **dict.fromkeys(("0", "nej", "n", "false", "falskt", "no", "f"), False),
}
_TIME = r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?$"
_TIME_WITH_OFFSET = (
    r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)$"
)
_TIME_DAY_FIRST = r"^(\d{1,2})/(\d{1,2})[ -](\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$"


@dataclass(frozen=True)
class Converted:
    """A column in the contract's type, and what was noticed on the way.

    Attributes:
        values: As stored; null where there was nothing, and where it could not be read.
        unreadable: How many rows hold what is not of the kind.
        autumn: Which rows fell in the hour that the autumn change repeats (taken as the first).
        spring: Which rows fell in the hour that the spring change leaves out.
    """

    values: pa.Array
    unreadable: int = 0
    autumn: pa.Array | None = None
    spring: pa.Array | None = None


def convert(raw: pa.Array, kind: Kind, nulls: Sequence[str] = ()) -> Converted:
    """A source's column as the contract's kind.

    Args:
        raw: As the source gave it, of any Arrow type.
        kind: What it is to be.
        nulls: Spellings that mean "not known".
    """
    type_ = raw.type
    if pa.types.is_null(type_):
        return Converted(pa.nulls(len(raw), stored_type(kind)))
    if kind is Kind.TIME:
        return _convert_time(raw, nulls)
    if kind is Kind.DATE and (pa.types.is_date(type_) or pa.types.is_timestamp(type_)):
        return Converted(_local(raw).cast(pa.date32(), safe=False))
    if kind is Kind.MONTH and (pa.types.is_date(type_) or pa.types.is_timestamp(type_)):
        return Converted(pc.strftime(_local(raw), format="%Y-%m"))
    # What does not fit into 64 bits with a sign is read like a text, and told.
    if kind is Kind.WHOLE and pa.types.is_integer(type_) and type_ != pa.uint64():
        return Converted(raw.cast(pa.int64()))
    if kind is Kind.NUMBER and _is_number(type_):
        return _finite(raw.cast(pa.float64(), safe=False))
    if kind is Kind.FLAG and pa.types.is_boolean(type_):
        return Converted(raw)
    texts = distinct_texts(raw, nulls)
    if kind not in _READERS:
        return Converted(decoded(texts))
    read = _READERS[kind]
    values = map_distinct(
        texts, lambda given: [None if t is None else read(t) for t in given], stored_type(kind)
    )
    return Converted(values, values.null_count - null_rows(texts))


def _is_number(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_floating(type_) or pa.types.is_integer(type_) or pa.types.is_decimal(type_)
    )


def _convert_time(raw: pa.Array, nulls: Sequence[str]) -> Converted:
    if pa.types.is_timestamp(raw.type) and raw.type.tz is not None:
        return Converted(raw.cast(stored_type(Kind.TIME), safe=False))
    if pa.types.is_timestamp(raw.type) or pa.types.is_date(raw.type):
        return _localised(raw.cast(pa.timestamp("us"), safe=False))
    text = decoded(distinct_texts(raw, nulls))
    with_offset = pc.fill_null(pc.match_substring_regex(text, _TIME_WITH_OFFSET), False)
    if not pc.any(with_offset).as_py():
        naive = _naive_times(text)
        local = _localised(naive)
        unreadable = naive.null_count - text.null_count
        return Converted(local.values, unreadable, local.autumn, local.spring)
    instants = pd.to_datetime(
        pd.Series(text.to_pylist(), dtype="str").where(with_offset.to_pandas()),
        utc=True, format="ISO8601", errors="coerce",
    )  # fmt: skip
    exact = pa.Array.from_pandas(instants, type=stored_type(Kind.TIME), safe=False)
    naive = _naive_times(pc.if_else(with_offset, pa.scalar(None, pa.string()), text))
    local = _localised(naive)
    values = pc.coalesce(exact, local.values)
    return Converted(values, values.null_count - text.null_count, local.autumn, local.spring)


def _naive_times(text: pa.Array) -> pa.Array:
    """Local times, without zone; null where the text is no time."""
    rebuilt = pc.if_else(
        pc.fill_null(pc.match_substring_regex(text, _TIME_DAY_FIRST), False),
        map_distinct(text.dictionary_encode(), _iso_spellings, pa.string()),
        text,
    )
    good = pc.fill_null(pc.match_substring_regex(rebuilt, _TIME), False)
    series = pd.Series(pc.if_else(good, rebuilt, pa.scalar(None, pa.string())).to_pandas())
    times = pd.to_datetime(series, format="ISO8601", errors="coerce")
    return pa.Array.from_pandas(times, type=pa.timestamp("us"), safe=False)


def _iso_spellings(given: Texts) -> list[str | None]:
    spellings: list[str | None] = []
    for text in given:
        match = re.fullmatch(_TIME_DAY_FIRST, text) if text is not None else None
        if match is None:
            spellings.append(None)
            continue
        day, month, year, hour, minute, second = match.groups()
        clock = f"{int(hour or 0):02d}:{minute or '00'}:{second or '00'}"
        spellings.append(f"{year}-{int(month):02d}-{int(day):02d} {clock}")
    return spellings


def _localised(naive: pa.Array) -> Converted:
    """Local Swedish times as instants, with the hours that a clock change doubles or skips."""
    first = _assume(naive, "earliest", "latest")
    autumn = spring = None
    # No change touches another hour than that from 2 to 3.
    at_two = pc.indices_nonzero(pc.fill_null(pc.equal(pc.hour(naive), 2), False))
    if len(at_two):
        few, taken = naive.take(at_two), first.take(at_two)
        autumn = _marked(naive, at_two, pc.not_equal(taken, _assume(few, "latest", "latest")))
        spring = _marked(naive, at_two, pc.not_equal(taken, _assume(few, "earliest", "earliest")))
    return Converted(first.cast(stored_type(Kind.TIME)), 0, autumn, spring)


def _assume(naive: pa.Array, ambiguous: str, nonexistent: str) -> pa.Array:
    return pc.assume_timezone(naive, ZONE_NAME, ambiguous=ambiguous, nonexistent=nonexistent)


def _marked(rows: pa.Array, positions: pa.Array, marks: pa.Array) -> pa.Array:
    """True for the rows at the marked ones of some positions."""
    mask = np.zeros(len(rows), dtype=bool)
    mask[positions.filter(marks).to_numpy()] = True
    return pa.array(mask)


def _local(raw: pa.Array) -> pa.Array:
    """A date or timestamp as Swedish local time without zone."""
    if pa.types.is_timestamp(raw.type) and raw.type.tz is not None:
        return pc.local_timestamp(raw.cast(pa.timestamp(raw.type.unit, ZONE_NAME)))
    return raw


def _finite(numbers: pa.Array) -> Converted:
    finite = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
    missing = pc.is_nan(numbers)
    unreadable = finite.null_count - numbers.null_count - (pc.sum(missing).as_py() or 0)
    return Converted(finite, unreadable)


def _date(text: str) -> date | None:
    """The Swedish day: that of an instant with a zone can be the day after the one it names."""
    text = _iso_spellings([text])[0] or text
    if not re.match(_TIME, text) and not re.match(_TIME_WITH_OFFSET, text):
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.date() if time.tzinfo is None else time.astimezone(ZONE).date()
    except (ValueError, OverflowError):
        return None


def _month(text: str) -> str | None:
    if _MONTH.fullmatch(text):
        return text
    day = _date(text)
    return None if day is None else f"{day:%Y-%m}"


def _number(text: str) -> float | None:
    digits = _digits(text)
    number = None if digits is None else float(digits)
    return number if number is not None and math.isfinite(number) else None


def _whole(text: str) -> int | None:
    whole, _, fraction = (_digits(text) or "").partition(".")
    if not whole or fraction.strip("0") or len(whole) > len(str(-_LARGEST_WHOLE)):
        return None
    return int(whole) if abs(int(whole)) <= _LARGEST_WHOLE else None


def _digits(text: str) -> str | None:
    """A number as Python writes it; null where it is none, or could be two."""
    match = _NUMBER.fullmatch(text)
    if match is None or _MAY_BE_THOUSANDS.fullmatch(text):
        return None
    sign, whole, _, fraction = match.groups()
    return f"{'-' if sign in ('-', '−') else ''}{''.join(whole.split())}.{fraction or '0'}"


def _flag(text: str) -> bool | None:
    return _FLAGS.get(text.casefold())


_READERS: dict[Kind, Callable[[str], Any]] = {
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.FLAG: _flag,
}

"""Numbers and words as Swedish readers write them; every output goes through here.

Thousands are parted by a no-break space, decimals by a comma, a minus is U+2212, and a unit
follows its number after a no-break space. Halves are rounded up, as people do by hand.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal, Protocol

from lpe_reports.periods import MONTHS, PeriodKind, parse_period

ColumnType = Literal[
    "text",  # as it is
    "week",  # a period id 2026-W08, shown 2026-8
    "month",  # 2026-05
    "period",  # any period id, shown by its short name
    "date",  # ISO date
    "count",  # whole number
    "number",  # decimals as given
    "share",  # 0–1, shown as per cent
    "days",  # decimals as given
    "hours",  # decimal hours
    "minutes",  # whole minutes, shown h:mm
]

HIDDEN = "dold"  # a number that disclosure control hides
NONE = "–"  # a statistic over nobody
NONE_SPOKEN = "inga"  # the same, read aloud
MISSING = "saknas"  # a number that was not delivered
UNCHANGED = "oförändrat"

NBSP = "\u00a0"
MINUS = "\u2212"

_WORDS = (
    "noll", "en", "två", "tre", "fyra", "fem", "sex",
    "sju", "åtta", "nio", "tio", "elva", "tolv",
)  # fmt: skip
_PERIOD_TYPES = ("week", "month", "period")
_TEXT_TYPES = ("text", "date", *_PERIOD_TYPES)
_STATISTICS = ("share", "days", "minutes")


# Line ends of other worlds; and what no reader sees while programs stumble on it or write the
# words around it backwards: control signs, halves of signs, no characters, directions forced.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_CHARACTERS = "".join(f"{chr(p * 0x10000 - 2)}{chr(p * 0x10000 - 1)}" for p in range(1, 18))
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    f"\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb{_NO_CHARACTERS}]"
)


def legible(text: str) -> str:
    """A text without the signs that no reader sees and programs stumble on."""
    if text.isprintable():
        return text  # nearly all are, a page's tens of thousands; none of the signs is printable
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


class CellFormat(Protocol):
    """What a cell's text depends on beside its value; tables' columns and key figures have it."""

    @property
    def type(self) -> ColumnType: ...
    @property
    def decimals(self) -> int: ...


@dataclass(frozen=True)
class _Rounded:
    type: ColumnType
    decimals: int


@dataclass(frozen=True)
class PeriodWords:
    """How one period of a kind is spoken of."""

    one: str  # "vecka"
    many: str  # "veckor"
    before: str  # "förra veckan"
    last_year: str  # "samma vecka förra året"
    axis: str  # over an axis: "vecka"
    these: str  # "veckorna"


PERIOD_WORDS = {
    PeriodKind.WEEK: PeriodWords(
        "vecka", "veckor", "förra veckan", "samma vecka förra året", "vecka", "veckorna"
    ),
    PeriodKind.MONTH: PeriodWords(
        "månad", "månader", "förra månaden", "samma månad förra året", "månad", "månaderna"
    ),
    PeriodKind.QUARTER: PeriodWords(
        "kvartal", "kvartal", "förra kvartalet", "samma kvartal förra året", "kvartal",
        "kvartalen",
    ),
    PeriodKind.TERTIAL: PeriodWords(
        "tertial", "tertial", "förra tertialet", "samma tertial förra året", "tertial",
        "tertialen",
    ),
    PeriodKind.YEAR: PeriodWords("år", "år", "förra året", "förra året", "år", "åren"),
    PeriodKind.ROLLING12: PeriodWords(
        "tolvmånadersperiod", "tolvmånadersperioder", "en månad tidigare", "ett år tidigare",
        "tolv månader till och med", "tolvmånadersperioderna",
    ),
    PeriodKind.SCHEDULE: PeriodWords(
        "schemaperiod", "schemaperioder", "förra schemat", "ett år tidigare", "schema",
        "schemaperioderna",
    ),
}  # fmt: skip


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number: 1 044, 218,60, −3; with `signed` also +3."""
    rounded = _rounded(Decimal(repr(float(value))), decimals)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def share(value: float, decimals: int = 1) -> str:
    """A share of 0–1 as per cent: 97,7 %."""
    percent = _rounded(Decimal(repr(float(value))) * 100, decimals)
    return f"{number(float(percent), decimals)}{NBSP}%"


def days(value: float, decimals: int = 0) -> str:
    """A number of days: 84 dagar, 1 dag, 84,2 dagar."""
    text = number(value, decimals)
    return f"{text}{NBSP}{'dag' if text == '1' else 'dagar'}"


def hours(value: float, decimals: int = 1) -> str:
    """Decimal hours: 2,5 tim."""
    return f"{number(value, decimals)}{NBSP}tim"


def whole_minutes(minutes: float) -> int:
    """Minutes as they are shown, by the clock or without decimals: half a minute is rounded up."""
    return int(_rounded(Decimal(repr(float(minutes))), 0))


def clock(minutes: float) -> str:
    """Minutes as hours and minutes: 95 is 1:35."""
    whole = whole_minutes(minutes)
    hour, minute = divmod(abs(whole), 60)
    return f"{MINUS if whole < 0 else ''}{number(hour)}:{minute:02d}"


@lru_cache(maxsize=4096)
def period(period_id: str) -> str:
    """A period's id as a table shows it: 2026-W08 is 2026-8."""
    return parse_period(period_id).short


def week(period_id: str) -> str:
    """A week's number as in running text: 2026-W08 is v. 8."""
    return f"v.{NBSP}{parse_period(period_id).start.isocalendar().week}"


def day(value: date) -> str:
    """A day as in running text: 11 maj 2026."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def listing(words: Sequence[str]) -> str:
    """Words in a row: a, b och c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} och {words[-1]}"


def count_word(count: int, *, neuter: bool = False) -> str:
    """A whole number in running text: in letters up to twelve, in digits above."""
    if count == 1 and neuter:
        return "ett"
    return _WORDS[count] if 0 <= count < len(_WORDS) else number(count)


def plural(count: float, one: str, many: str) -> str:
    """The word that goes with a number."""
    return one if count == 1 else many


def fraction_words(value: float) -> str | None:
    """A share in words where the words are true: 0,295 is "tre av tio", 0,34 has none.

    The words are used where the share is a whole tenth within one percentage point; nobody
    and everybody only where it is exactly so.
    """
    tenths = int(_rounded(Decimal(repr(float(value))) * 10, 0))
    if value in (0.0, 1.0):
        return "alla" if value else "ingen"
    if not 0 < tenths < 10 or abs(Decimal(repr(float(value))) * 100 - tenths * 10) > 1:
        return None
    return "hälften" if tenths == 5 else f"{_WORDS[tenths]} av tio"


def change(now: float, before: float, column: CellFormat) -> str:
    """What became of a number: oförändrat, upp 3, ner 1,2 procentenheter.

    What looks the same with the decimals shown is called unchanged.
    """
    scale = 100 if column.type == "share" else 1
    first, last = (
        _rounded(Decimal(repr(float(v))) * scale, column.decimals) for v in (before, now)
    )
    if first == last:
        return UNCHANGED
    size = float(abs(last - first))
    match column.type:
        case "share":
            amount = f"{number(size, column.decimals)}{NBSP}procentenheter"
        case "days":
            amount = days(size, column.decimals)
        case "hours":
            amount = hours(size, column.decimals)
        case "minutes":
            amount = clock(size)
        case _:
            amount = number(size, column.decimals)
    return f"{'upp' if last > first else 'ner'} {amount}"


def cell_text(value: object, column: CellFormat, hidden: bool = False) -> str:
    """A cell as every output shows it; the unit stands with the column's heading.

    Args:
        value: A value of the column's type, or None.
        column: Its type and decimals.
        hidden: Whether disclosure control hides it.
    """
    if hidden:
        return HIDDEN
    if value is None:
        return "" if column.type in _TEXT_TYPES else NONE if column.type in _STATISTICS else MISSING
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if column.type in _PERIOD_TYPES:
        return period(str(value))
    if column.type in _TEXT_TYPES or not isinstance(value, int | float):
        return value.isoformat() if isinstance(value, date) else str(value)
    match column.type:
        case "share":
            return share(value, column.decimals)
        case "minutes":
            return clock(value)
        case _:
            return number(value, column.decimals)


def short_text(value: float, column: CellFormat) -> str:
    """A target or a limit, without decimals that say nothing: mål 90 %, not 90,0 %."""
    exact = Decimal(repr(float(value))) * (100 if column.type == "share" else 1)
    whole = column.type != "minutes" and exact == exact.to_integral_value()
    return cell_text(value, _Rounded(column.type, 0 if whole else column.decimals))


def heading(label: str, unit: str) -> str:
    """A column's heading with its unit, unless the label already says it: Median, dagar."""
    return label if not unit or unit.casefold() in label.casefold() else f"{label}, {unit}"


def lower_first(text: str) -> str:
    """A name inside a sentence: Öppna salar is öppna salar, but SPOR and NGB49 stay."""
    if len(text) > 1 and (text[1].isupper() or text[1].isdigit()):
        return text
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """A sentence's beginning."""
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """A name as part of an address: Höft- och knäproteser is hoft-och-knaproteser."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)

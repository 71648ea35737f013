"""Charts that an author draws in Altair: their data are protected rows and nothing else."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError, UsageError

Spec = dict[str, Any]

_EMPTY = {"name": "empty"}  # what Altair writes for a chart without data
# Where a specification can hold numbers, or an address to fetch them from.
_CARRIERS = frozenset({"data", "datasets", "url", "usermeta", "keyvals"})
_FORMULAS = frozenset({"calculate", "expr", "filter", "test", "labelExpr"})
_TICKS = frozenset({"axis", "legend", "header"})
# A list or an object written out in a formula: [3, 2, 4][datum.place].
_WRITTEN_OUT = re.compile(r"\{|\[\s*[-+.\d'\"][^\]]*,")


def own_spec(chart: Any, data: Protected, caption: str) -> Spec:
    """The specification of an author's chart, with a protected table as its only data.

    Args:
        chart: An Altair chart made without data; fields are the table's column ids.
        data: Its data.
        caption: What the page calls it, for the message.

    Raises:
        DisclosureError: The chart brings data of its own: in it, in a lookup, a parameter, a
            formula, or by an address.
        UsageError: It is no Altair chart.
    """
    if not hasattr(chart, "to_dict") or isinstance(chart, Protected) or _is_frame(chart):
        raise UsageError(f"p.chart takes an Altair chart, not a {type(chart).__name__}")
    spec: Spec = chart.to_dict()
    without = _without_empty(spec)
    if not isinstance(without, dict) or _brings(without):
        raise DisclosureError(
            f"p.chart('{caption}'): the chart brings data of its own, which has not passed "
            "disclosure control. Write alt.Chart() without data, lists of numbers or addresses, "
            "and give the table as data=…"
        )
    names = [column.id for column in data.columns]
    values = [dict(zip(names, row, strict=True)) for row in data.cells()]
    return without | {"data": {"values": values}}


def _is_frame(chart: object) -> bool:
    return hasattr(chart, "iloc")


def _without_empty(part: Any) -> Any:
    """The specification without Altair's signs for no data."""
    if isinstance(part, list | tuple):
        return [_without_empty(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    kept = {}
    for name, value in part.items():
        if name == "datasets" and isinstance(value, Mapping):
            value = {n: rows for n, rows in value.items() if n != _EMPTY["name"] or any(rows)}
            if not value:
                continue
        if not (name == "data" and value == _EMPTY):
            kept[name] = _without_empty(value)
    return kept


def _brings(part: Any, under: str = "") -> bool:
    """Whether any part holds numbers of its own, or says where to fetch them."""
    if isinstance(part, list):
        return any(_brings(each, under) for each in part)
    if isinstance(part, str):
        return under in _FORMULAS and _WRITTEN_OUT.search(part) is not None
    if not isinstance(part, dict):
        return False
    return any(
        name in _CARRIERS or _is_list_of_numbers(name, value, under) or _brings(value, name)
        for name, value in part.items()
    )


def _is_list_of_numbers(name: str, value: Any, under: str) -> bool:
    """Whether a part that may hold a few literals holds rows or numbers instead."""
    if name == "values":
        return under not in _TICKS or _has_rows(value)
    if name == "value" and under == "params":
        return isinstance(value, list | dict)
    if name == "oneOf" and isinstance(value, list):
        return any(not isinstance(each, str) for each in value)
    return False


def _has_rows(value: Any) -> bool:
    return isinstance(value, Iterable) and any(isinstance(each, list | dict) for each in value)

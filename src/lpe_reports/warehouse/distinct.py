"""Doing something once per distinct value of a column, however many rows repeat it."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Texts = list[str | None]


def distinct_texts(raw: pa.Array, nulls: Sequence[str] = ()) -> pa.DictionaryArray:
    """A column of any type as text, by its distinct values.

    Args:
        raw: As a source gave it.
        nulls: Spellings that mean "not known".

    Returns:
        Trimmed texts, whole numbers without decimals; null where there is nothing or one of
        `nulls`.
    """
    encoded = raw if pa.types.is_dictionary(raw.type) else raw.dictionary_encode()
    texts = _texts(encoded.dictionary)
    trimmed = pc.utf8_trim_whitespace(texts)
    empty = pc.is_in(trimmed, value_set=pa.array(["", *nulls], pa.string()))
    known = pc.if_else(empty, pa.scalar(None, pa.string()), trimmed)
    return pa.DictionaryArray.from_arrays(encoded.indices, known)


def map_distinct(
    texts: pa.DictionaryArray, change: Callable[[Texts], Sequence[Any]], type_: pa.DataType
) -> pa.Array:
    """A column with every distinct text replaced by what `change` makes of it.

    Args:
        texts: Texts by their distinct values.
        change: Takes the distinct texts, None for null, and gives as many values.
        type_: The Arrow type of the new values.
    """
    return pa.array(change(texts.dictionary.to_pylist()), type_).take(texts.indices)


def decoded(texts: pa.DictionaryArray) -> pa.Array:
    """A column of texts, one for each row."""
    return texts.dictionary.take(texts.indices)


def null_rows(texts: pa.DictionaryArray) -> int:
    """How many rows of a column hold nothing."""
    return len(texts) - sum(rows for _, rows in counts(texts))


def counts(texts: pa.DictionaryArray) -> list[tuple[str, int]]:
    """The distinct texts of a column and the number of rows that hold each; nulls left out."""
    indices = texts.indices.drop_null().to_numpy(zero_copy_only=False)
    rows = np.bincount(indices, minlength=len(texts.dictionary))
    return [
        (text, int(n))
        for text, n in zip(texts.dictionary.to_pylist(), rows, strict=True)
        if text is not None and n
    ]


def _texts(values: pa.Array) -> pa.Array:
    type_ = values.type
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return pa.array([_number_text(value) for value in values.to_pylist()], pa.string())
    if pa.types.is_timestamp(type_):
        return pc.strftime(values, format="%Y-%m-%dT%H:%M:%S")
    return values.cast(pa.string())


def _number_text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return str(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)

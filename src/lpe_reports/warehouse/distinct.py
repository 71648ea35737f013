"""Doing something once per distinct text of a column, however many rows repeat it."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def map_distinct(
    texts: pa.Array, change: Callable[[Sequence[str]], Sequence[Any]], type_: pa.DataType
) -> pa.Array:
    """A column with every distinct text replaced by what `change` makes of it.

    Args:
        texts: Strings; nulls stay null.
        change: Takes the distinct texts and gives as many values, None for null.
        type_: The Arrow type of the new values.
    """
    encoded = texts.dictionary_encode()
    values = pa.array(change(encoded.dictionary.to_pylist()), type_)
    return values.take(encoded.indices)


def counts(texts: pa.Array) -> list[tuple[str, int]]:
    """The distinct texts of a column and the number of rows that hold each; nulls left out."""
    counted = pc.value_counts(texts.drop_null())
    values = counted.field("values").to_pylist()
    return list(zip(values, counted.field("counts").to_pylist(), strict=True))

"""A number of 64 bits for each row: what tells keys apart without keeping them.

Among two million rows the chance that two different keys share a number is one in ten million.
The numbers are stored beside a night, so they must stay the same on every machine.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]

_STEP = 1 << 15
_NULL = np.uint64(0x9E3779B97F4A7C15)
_WEIGHTS = np.frombuffer(
    b"".join(hashlib.sha256(f"weight {n}".encode()).digest() for n in range(256)), dtype="<u8"
) | np.uint64(1)


def row_hashes(table: pa.Table, columns: Sequence[str]) -> Hashes:
    """A number for each row; the same for rows that agree in every one of some columns.

    Args:
        table: Rows, as they are stored.
        columns: The columns that count, in this order.
    """
    pieces = [np.zeros(0, dtype=np.uint64)]
    for start in range(0, table.num_rows, _STEP):
        few = table.slice(start, _STEP)
        hashes = np.full(few.num_rows, _NULL)
        for name in columns:
            hashes = _mixed(hashes * _WEIGHTS[0] + _of_column(_one_array(few.column(name))))
        pieces.append(hashes)
    return np.concatenate(pieces)


def members(hashes: Hashes, of: Hashes) -> npt.NDArray[np.bool_]:
    """Which hashes are among some others.

    Args:
        hashes: Any, in any order.
        of: Those looked for, in order and each once (as `np.unique` gives them).
    """
    if not len(of):
        return np.zeros(len(hashes), dtype=bool)
    places = np.searchsorted(of, hashes)
    places[places == len(of)] = 0
    found: npt.NDArray[np.bool_] = of[places] == hashes
    return found


def shared_rows(hashes: Hashes) -> int:
    """How many rows share their number with another row."""
    _, counts = np.unique(hashes, return_counts=True)
    return int(counts[counts > 1].sum())


def _of_column(column: pa.Array) -> Hashes:
    type_ = column.type
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        hashes = _of_texts(pc.fill_null(column, "") if column.null_count else column)
    else:
        hashes = _mixed(_numbers(column))
    if column.null_count:
        hashes[column.is_null().to_numpy(zero_copy_only=False)] = _NULL
    return hashes


def _numbers(column: pa.Array) -> Hashes:
    if pa.types.is_floating(column.type):
        filled = pc.fill_null(column, 0.0).to_numpy(zero_copy_only=False)
        # Adding nought makes -0.0 the 0.0 that it equals.
        floats: Hashes = (filled.astype("<f8") + 0.0).view(np.uint64)
        return floats
    whole = column.cast(pa.int32()) if pa.types.is_date32(column.type) else column
    filled = pc.fill_null(whole.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    numbers: Hashes = filled.astype("<i8").view(np.uint64)
    return numbers


def _of_texts(texts: pa.Array) -> Hashes:
    """The sum of every byte times the weight of its place, which also tells lengths apart."""
    if not len(texts):
        return np.zeros(0, dtype=np.uint64)
    offset_type = np.dtype("<i8" if pa.types.is_large_string(texts.type) else "<i4")
    _, offsets, data = texts.buffers()
    edges = np.frombuffer(offsets, dtype=offset_type)[texts.offset :][: len(texts) + 1]
    lengths = np.diff(edges)
    letters = np.frombuffer(data or b"", dtype="u1")[edges[0] : edges[-1]].astype(np.uint64)
    letters += np.uint64(1)
    width = int(lengths[0])
    if width and (lengths == width).all():
        return _mixed(letters.reshape(-1, width) @ _weights(np.arange(width)))
    begins = (edges[:-1] - edges[0]).astype(np.int64)
    places = np.arange(len(letters)) - np.repeat(begins, lengths)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(letters * _weights(places), dtype=np.uint64)])
    return _mixed(sums[begins + lengths] - sums[begins])


def _weights(places: npt.NDArray[np.int64]) -> Hashes:
    length = len(_WEIGHTS)
    rounds = (places // length).astype(np.uint64) * np.uint64(2) + np.uint64(1)
    weights: Hashes = _WEIGHTS[places % length] * rounds
    return weights


def _mixed(hashes: Hashes) -> Hashes:
    """Every bit spread over all others (the last step of SplitMix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    if isinstance(combined, pa.ChunkedArray):
        return combined.chunk(0) if combined.num_chunks else pa.array([], combined.type)
    return combined

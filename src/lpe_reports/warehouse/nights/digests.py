"""Fingerprints: of files by their bytes, of rows by their values.

The digest of rows does not know how they are stored: another compression, other row groups or a
newer PyArrow give the same digest. A column that holds nothing does not count either, so that a
column added to the contract leaves the digests of older nights as they were.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Array = npt.NDArray[Any]

_STEP = 1 << 20
# 128 bits of SHA-256: a manifest holds thousands of these.
_LENGTH = 32


def bytes_sha256(content: bytes) -> str:
    """SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_STEP):
            digest.update(block)
    return digest.hexdigest()


def rows_digest(table: pa.Table) -> str:
    """A digest of a table's values: names, kinds, nulls, values and their order."""
    return Digester(table).digest(0, table.num_rows)


class Digester:
    """Digests of runs of a table's rows, prepared once for all of them."""

    def __init__(self, table: pa.Table) -> None:
        self._columns = [_prepared(n, _one_chunk(table.column(n))) for n in table.column_names]

    def digest(self, start: int, stop: int) -> str:
        """The digest of the rows from `start` until before `stop`."""
        digest = hashlib.sha256(f"rows {stop - start}".encode())
        for column in self._columns:
            column.add_to(digest, start, stop)
        return digest.hexdigest()[:_LENGTH]


class _Column:
    """A column as bytes that depend on nothing but its values."""

    def __init__(self, head: bytes, valid: Array | None, values: Array, data: Array | None) -> None:
        self._head = head
        self._valid = valid
        self._values = values  # the numbers; of texts, where each begins in `data`
        self._data = data

    def add_to(self, digest: "hashlib._Hash", start: int, stop: int) -> None:
        valid = None if self._valid is None else self._valid[start:stop]
        if start == stop or (valid is not None and not valid.any()):
            return
        digest.update(self._head)
        if valid is not None and not valid.all():
            digest.update(np.packbits(valid).tobytes())
        if self._data is None:
            digest.update(self._values[start:stop].tobytes())
        else:
            offsets = self._values[start : stop + 1]
            digest.update(np.diff(offsets).astype("<i4").tobytes())
            digest.update(self._data[offsets[0] : offsets[-1]].tobytes())


def _prepared(name: str, column: pa.Array) -> _Column:
    head = f"\0{name}\0{_kind(column.type)}\0".encode()
    valid = _numpy(column.is_valid()) if column.null_count else None
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        offsets, data = _texts(column)
        return _Column(head, valid, offsets, data)
    if pa.types.is_boolean(column.type):
        numbers = _numpy(pc.fill_null(column, False)).astype("u1")
    elif pa.types.is_floating(column.type):
        numbers = _numpy(pc.fill_null(column, 0.0)).astype("<f8")
    else:
        is_date = pa.types.is_date32(column.type)
        whole = column.cast(pa.int32()) if is_date else column
        numbers = _numpy(pc.fill_null(whole.cast(pa.int64()), 0)).astype("<i8")
    return _Column(head, valid, numbers, None)


def _texts(column: pa.Array) -> tuple[Array, Array]:
    """Where each text begins, and ends, in all texts one after the other."""
    filled = pc.fill_null(column, "") if column.null_count else column
    if not len(filled):
        return np.zeros(1, "<i4"), np.zeros(0, "u1")
    offset_type = np.dtype("<i8" if pa.types.is_large_string(filled.type) else "<i4")
    _, offsets, data = filled.buffers()
    begins = np.frombuffer(offsets, dtype=offset_type)
    begins = begins[filled.offset : filled.offset + len(filled) + 1]
    return begins, np.frombuffer(data or b"", dtype="u1")


def _numpy(column: pa.Array) -> Array:
    values: Array = column.to_numpy(zero_copy_only=False)
    return values


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    combined = column.combine_chunks()
    # Some versions of PyArrow give a ChunkedArray back, with at most one chunk.
    if isinstance(combined, pa.ChunkedArray):
        return combined.chunk(0) if combined.num_chunks else pa.array([], combined.type)
    return combined


def _kind(type_: pa.DataType) -> str:
    if pa.types.is_timestamp(type_):
        # An instant is the same instant in every zone.
        return f"instant[{type_.unit}]" if type_.tz else f"local[{type_.unit}]"
    if pa.types.is_date32(type_):
        return "date"
    if pa.types.is_boolean(type_):
        return "flag"
    if pa.types.is_integer(type_):
        return "whole"
    return "number" if pa.types.is_floating(type_) else "text"

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
    digest = hashlib.sha256(f"rows {table.num_rows}".encode())
    for name in table.column_names:
        column = _one_chunk(table.column(name))
        if column.null_count == len(column):
            continue
        digest.update(f"\0{name}\0{_kind(column.type)}\0".encode())
        if column.null_count:
            digest.update(np.packbits(_numpy(column.is_valid())).tobytes())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            _add_texts(digest, column)
        else:
            _add_numbers(digest, column)
    return digest.hexdigest()[:_LENGTH]


def _add_texts(digest: "hashlib._Hash", column: pa.Array) -> None:
    filled = pc.fill_null(column, "") if column.null_count else column
    lengths = _numpy(pc.binary_length(filled)).astype("<i4")
    digest.update(lengths.tobytes())
    digest.update(_join(filled))


def _join(column: pa.Array) -> bytes:
    """The texts of a column without nulls, one after the other."""
    offset_type = np.dtype("<i8" if pa.types.is_large_string(column.type) else "<i4")
    _, offsets_buffer, data = column.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=offset_type)
    first, last = offsets[column.offset], offsets[column.offset + len(column)]
    return bytes(memoryview(data)[first:last]) if data is not None else b""


def _add_numbers(digest: "hashlib._Hash", column: pa.Array) -> None:
    if pa.types.is_boolean(column.type):
        filled = pc.fill_null(column, False)
        digest.update(np.packbits(_numpy(filled)).tobytes())
    elif pa.types.is_floating(column.type):
        digest.update(_numpy(pc.fill_null(column, 0.0)).astype("<f8").tobytes())
    else:
        whole = column.cast(pa.int32()).cast(pa.int64()) if pa.types.is_date32(column.type) else (
            column.cast(pa.int64())
        )  # fmt: skip
        digest.update(_numpy(pc.fill_null(whole, 0)).astype("<i8").tobytes())


def _numpy(column: pa.Array) -> "npt.NDArray[Any]":
    values: npt.NDArray[Any] = column.to_numpy(zero_copy_only=False)
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

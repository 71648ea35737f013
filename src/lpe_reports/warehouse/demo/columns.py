"""Columns as Arrow arrays, spelled as the demo's systems spell them."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from lpe_reports.warehouse.demo.days import DAY_MINUTES, NEVER
from lpe_reports.warehouse.demo.draws import Ints
from lpe_reports.warehouse.demo.office import CLINICS

CLINIC_NAMES = tuple(clinic.name for clinic in CLINICS)


def words(known: Sequence[str], index: Ints) -> pa.DictionaryArray:
    """The words that an index points at; null where it is negative."""
    codes = pa.array(index.astype(np.int32), mask=index < 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(known))


def clinics(index: Ints) -> pa.DictionaryArray:
    """The names of clinics, by their index in CLINICS."""
    return words(CLINIC_NAMES, index)


def dates(numbers: Ints) -> pa.Array:
    """Dates; NEVER and later are null."""
    return pa.array(numbers.astype(np.int32), mask=numbers >= NEVER).cast(pa.date32())


def times(minutes: Ints) -> pa.Array:
    """Timestamps without a zone; those on the day NEVER or later are null."""
    times = minutes.astype("datetime64[m]").astype("datetime64[us]")
    return pa.array(times, mask=minutes >= NEVER * DAY_MINUTES)

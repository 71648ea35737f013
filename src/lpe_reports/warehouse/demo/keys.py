"""Made-up keys, as a source system has them: P00123456 for a patient, S0123 for a surgeon.

They are numbered in the order in which people and events appear, so that a longer demo gives
the same keys to the same ones. None has the form of a personal identity number.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, pick
from lpe_reports.warehouse.demo.office import SURGEON_HOMES, SURGEONS, UNITS
from lpe_reports.warehouse.demo.people import SECTION_NAMES

# Multiplying by a number that shares no factor with a hundred million shuffles them, once each.
_PATIENTS, _SHUFFLE, _SHIFT = 10**8, 73_687_871, 12_047_335


def numbered(letter: str, numbers: Ints, digits: int = 7) -> list[str]:
    """Keys made of a letter and a number with leading zeros."""
    return [f"{letter}{number:0{digits}d}" for number in numbers.tolist()]


def keys(letter: str, numbers: Ints, known: Bools | None = None, digits: int = 7) -> pa.Array:
    """The same for very many, as an Arrow array; null where they are not known."""
    width = digits + 1
    text = np.empty((len(numbers), width), dtype=np.uint8)
    text[:, 0] = ord(letter)
    rest = numbers.astype(np.int64)
    for at in range(digits, 0, -1):
        text[:, at] = ord("0") + rest % 10
        rest = rest // 10
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * width
    made = pa.LargeStringArray.from_buffers(
        len(numbers), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))
    )
    return made if known is None else pc.if_else(pa.array(known), made, None)


def patient_of_need(number: Ints) -> Ints:
    """The number of the patient who comes with a decision, and with no referral before it."""
    return 2 * number


def patient_of_referral(number: Ints) -> Ints:
    """The number of the patient who comes with a referral."""
    return 2 * number + 1


def patient_keys(numbers: Ints) -> pa.Array:
    """The keys of patients by number, in no visible order."""
    return keys("P", (numbers * _SHUFFLE + _SHIFT) % _PATIENTS, digits=8)


def surgeon_keys(numbers: Ints) -> list[str]:
    """The keys of surgeons by number."""
    return numbered("S", numbers, digits=4)


def surgeons_of(
    unit: Ints, section: Ints, guest: Ints, uniform: Floats, scale: float
) -> tuple[Ints, Ints]:
    """Who operates: the surgeon's number and home hospital.

    Args:
        unit: Where, as an index of UNITS.
        section: The section, as an index of SECTION_NAMES.
        guest: The hospital that the queue belongs to, where it is a guest's; else −1.
        uniform: Numbers in [0, 1): one for each session, or for each operation.
        scale: Multiplies how many surgeons there are.
    """
    number, home = np.zeros(len(unit), np.int64), np.zeros(len(unit), np.int64)
    base = 1
    for n, name in enumerate(SECTION_NAMES):
        sizes = [max(1, round(size * scale)) for size in SURGEONS[name]]
        starts = base + np.r_[0, np.cumsum(sizes)[:-1]]
        base += sum(sizes)
        for u, operating_unit in enumerate(UNITS):
            mine = np.flatnonzero((unit == u) & (section == n))
            usual = [0.015, 0.015, 0.015]
            usual[operating_unit.hospital] = 0.97
            shares = list(SURGEON_HOMES.get((operating_unit.id, name), usual))
            where = pick(uniform[mine], shares)
            where = np.where(guest[mine] >= 0, guest[mine], where)
            who = np.floor((uniform[mine] * 9973) % 1 * np.array(sizes)[where]).astype(np.int64)
            number[mine], home[mine] = starts[where] + who, where
    return number, home


def names(values: Sequence[str], index: Ints) -> np.ndarray:
    """The words that an index points at; None where it is negative."""
    words = np.array([*values, None], dtype=object)
    return words[np.where(index < 0, len(values), index)]

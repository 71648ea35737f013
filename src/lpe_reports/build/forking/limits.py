"""How much a notebook may take of the machine, and what stops one that takes more."""

import os

MEMORY_VARIABLE = "LPE_NOTEBOOK_MEMORY_MB"
_DEFAULT_MEMORY_MB = 4096
_NO_MEMORY = ("MemoryError", "OutOfMemoryException")


class TooMuchMemoryError(RuntimeError):
    """A notebook, or what it started, wanted more memory than it may have."""


class TooMuchOutputError(RuntimeError):
    """A notebook showed more than it may."""


def memory_limit_bytes() -> int:
    """How much memory a notebook and what it starts may have; 0 for no limit.

    LPE_NOTEBOOK_MEMORY_MB decides; 4096 where it says nothing that is a number.
    """
    said = os.environ.get(MEMORY_VARIABLE, "")
    return (int(said) if said.isdecimal() else _DEFAULT_MEMORY_MB) * 1024 * 1024


def tells_of_no_memory(error_class: str) -> bool:
    """Whether a cell's error of this class means that it got no more memory.

    Python's own, those that NumPy and PyArrow derive from it under names of their own, and
    DuckDB's.
    """
    return error_class.endswith(_NO_MEMORY)

"""How much a notebook may take of the machine."""

import os

MEMORY_VARIABLE = "LPE_NOTEBOOK_MEMORY_MB"
_DEFAULT_MEMORY_MB = 4096


def memory_limit_bytes() -> int:
    """How much memory a notebook and what it starts may have; 0 for no limit.

    LPE_NOTEBOOK_MEMORY_MB decides; 4096 where it says nothing that is a number.
    """
    said = os.environ.get(MEMORY_VARIABLE, "")
    return (int(said) if said.isdecimal() else _DEFAULT_MEMORY_MB) * 1024 * 1024

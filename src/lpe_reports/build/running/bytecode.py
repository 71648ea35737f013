"""Bytecode that is held against its source's content, not its time.

Python takes a module's bytecode for current where the source has the same size and was changed in
the same second. A module that was written twice in one would be run as it was, and noted as it is.
"""

import contextlib
import importlib.util
import py_compile
import threading
from collections.abc import Iterable
from pathlib import Path

_FLAGS = slice(4, 8)  # of a file of bytecode, behind its magic number
_CHECKED = (0b11).to_bytes(4, "little")  # goes by the source's hash, which is compared
_one_at_a_time = threading.Lock()


def hold_to_content(folders: Iterable[Path]) -> int:
    """Have the bytecode below some folders compared with its source by content from now on.

    Python keeps it so when it renews it. What has none is left without; where this account may
    not write, all stays as it is.

    Returns:
        How many files were made anew.
    """
    made = 0
    with _one_at_a_time:
        for folder in folders:
            made += sum(_hold(source) for source in folder.rglob("*.py"))
    return made


def _hold(source: Path) -> bool:
    compiled = Path(importlib.util.cache_from_source(str(source)))
    with contextlib.suppress(OSError, py_compile.PyCompileError):
        with compiled.open("rb") as file:
            if file.read(_FLAGS.stop)[_FLAGS] == _CHECKED:
                return False
        py_compile.compile(
            str(source), str(compiled), doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
        )  # fmt: skip
        return True
    return False

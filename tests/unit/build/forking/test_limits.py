"""A notebook that takes too much of the machine: an error of its own kind, and why in its cell."""

from pathlib import Path

import pytest

from engine_pair import FORK, code_notebook, environment, execute
from lpe_reports.build.forking.limits import (
    MEMORY_VARIABLE,
    TooMuchMemoryError,
    TooMuchOutputError,
    memory_limit_bytes,
    tells_of_no_memory,
)

pytestmark = pytest.mark.promise(
    "notebooks",
    "A notebook that wants too much memory or shows too much is stopped before the machine is",
)

MEMORY_MB = 400

MEMORY = {
    "at once": "block = bytearray(1_000_000_000)",
    "by numpy": "import numpy as np\nnp.ones(10**9)",
    "by pyarrow": "import pyarrow as pa\npa.allocate_buffer(10**10)",
    "in a process": (
        "import subprocess, sys\n"
        "code = 'b = b\"x\" * 600_000_000; import time; time.sleep(60)'\n"
        "subprocess.run([sys.executable, '-c', code])"
    ),
    "in processes left behind": (
        "import os, sys, time\n"
        "for _ in range(2):\n"
        "    os.system(sys.executable + ' -c \"b = bytes(1) * 300_000_000; '\n"
        "              'import time; time.sleep(60)\" &')\n"
        "time.sleep(20)"
    ),
}
OUTPUT = {
    "printed": "while True: print('x' * 99_999)",
    "displayed": "while True: display('x' * 1_000_000)",
    "by a program": "import os\nos.system('yes')",
}


@pytest.mark.parametrize("code", MEMORY.values(), ids=MEMORY)
def test_too_much_memory_is_an_error_of_its_own(tmp_path: Path, code: str) -> None:
    """Whatever wanted it; the cell says it too, and the cells after it are not run."""
    with environment(**{MEMORY_VARIABLE: str(MEMORY_MB)}):
        done = execute(code_notebook(["print(1)", code, "print(2)"]), FORK, tmp_path)

    assert isinstance(done.problem, TooMuchMemoryError)
    assert done.text == "1\n"
    assert [tells_of_no_memory(name) for name in done.errors] == [True]


@pytest.mark.parametrize("code", OUTPUT.values(), ids=OUTPUT)
def test_too_much_output_is_an_error_of_its_own(tmp_path: Path, code: str) -> None:
    """Whatever showed it; the cells after it are not run."""
    done = execute(code_notebook(["print(1)", code, "print(2)"]), FORK, tmp_path)

    assert isinstance(done.problem, TooMuchOutputError)
    assert done.errors == ["OutputTooLargeError"]
    assert done.outputs["cell-2"] == []


def test_notebook_that_catches_want_of_memory_goes_on(tmp_path: Path) -> None:
    """Caught, or allowed by the cell's tag, it is what any error is."""
    caught = "try:\n    bytearray(10**9)\nexcept MemoryError: print('caught')"
    notebook = code_notebook([caught, "bytearray(10**9)", "print('on')"])
    notebook["cells"][1]["metadata"]["tags"] = ["raises-exception"]
    with environment(**{MEMORY_VARIABLE: str(MEMORY_MB)}):
        done = execute(notebook, FORK, tmp_path)

    assert not isinstance(done.problem, TooMuchMemoryError)
    assert done.text == "caught\non\n"


@pytest.mark.parametrize(
    ("said", "bytes_"),
    [("1", 1 << 20), ("0", 0), ("", 4 << 30), ("much", 4 << 30), (None, 4 << 30)],
)
def test_memory_limit_is_what_the_environment_says(said: str | None, bytes_: int) -> None:
    """Megabytes; what is no number changes nothing."""
    with environment(**{MEMORY_VARIABLE: said}):
        assert memory_limit_bytes() == bytes_


@pytest.mark.parametrize(
    ("error_class", "tells"),
    [
        ("MemoryError", True),
        ("_ArrayMemoryError", True),
        ("ArrowMemoryError", True),
        ("OutOfMemoryException", True),
        ("ValueError", False),
        ("MemoryErrorGroup", False),
    ],
)
def test_errors_of_memory_are_known_by_name(error_class: str, tells: bool) -> None:
    """Python's, and those of the libraries that notebooks use."""
    assert tells_of_no_memory(error_class) is tells

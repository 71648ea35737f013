"""What native code writes while numbers are sought is seen by nobody."""

import ctypes
import os

import pytest

from lpe_reports.disclosure.silence import silence


def test_silence_takes_native_lines_and_no_others(capfd: pytest.CaptureFixture[str]) -> None:
    """A line of the C library, held back or not, is gone; what comes before and after stays."""
    print("before")
    with silence():
        ctypes.CDLL(None).puts(b"HighsMipSolverData")
        os.write(1, b"at once\n")
    print("after", flush=True)

    assert capfd.readouterr().out == "before\nafter\n"


def test_silence_ends_with_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    """An error inside leaves standard output as it was."""
    with pytest.raises(ValueError, match="inside"), silence():
        raise ValueError("inside")
    os.write(1, b"seen\n")

    assert capfd.readouterr().out == "seen\n"

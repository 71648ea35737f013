"""Being told to stop: what a command has started and taken is put in order before it ends."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

# The end of a service or of the machine, the end of the terminal, and Ctrl-Break on Windows; Ctrl-C
# is Python's own.
_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
_SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


@contextlib.contextmanager
def orderly_end() -> Iterator[None]:
    """Within the block a signal to stop is an exception, so that everything is put in order.

    A signal that is ignored (`nohup lpe nightly`) stays ignored. A second one ends at once.

    Raises:
        SystemExit: The signal came; the exit code is the shell's for it, 128 and its number.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number, handler in before.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)

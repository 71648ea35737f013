"""A notebook's process that waits for its first cell, so that nobody waits for the process."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lpe_reports
from lpe_reports.build.forking.server import Notebook, ServerError, fork_server
from lpe_reports.build.running.environment import own_folders
from lpe_reports.moment import Moment

# All notebooks begin with it. Where it cannot be imported, the cell that does so tells of it.
_PAGE = "lpe-page"
_FIRST = "try:\n    import lpe_reports.page\nexcept BaseException:\n    pass"
_PACKAGE = Path(lpe_reports.__file__).parent
_taking = threading.Lock()
_waiting: "Begun | None" = None


@dataclass(frozen=True)
class Begun:
    """A process that can run cells.

    Fields:
        notebook: The process.
        language_info: The kernel's.
        stack: What goes with it; closing it ends the process.
        began: When it began, before it imported anything of the package.
    """

    notebook: Notebook
    language_info: dict[str, Any]
    stack: ExitStack
    began: Moment

    @property
    def holds(self) -> bool:
        """Whether the package is as it was when this began."""
        newest = max(path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.py"))
        return newest < self.began.earliest_ns


def begin(seconds: float) -> Begun:
    """A process that has just begun.

    Args:
        seconds: How long it may take to come up.

    Raises:
        ServerError: None came up.
    """
    began = Moment()
    with ExitStack() as stack:
        stack.enter_context(own_folders())
        # Bounded from within: to look from outside at a chain that waits would never end.
        started = fork_server(seconds).notebook(folder="/", memory_bytes=0)
        notebook = stack.enter_context(started)
        language_info = notebook.wait_until_ready(seconds)
        _import_page(notebook)
        return Begun(notebook, language_info, stack.pop_all(), began)


def _import_page(notebook: Notebook) -> None:
    """Have it imported, and wait for that: what is sent meanwhile would not be heard."""
    try:
        notebook.channel.send({"id": _PAGE, "code": _FIRST, "cell_id": None})
        while (message := notebook.channel.receive()) is not None:
            if message["type"] == "execute_reply" and message["parent"] == _PAGE:
                return
    except OSError:
        pass
    raise ServerError("the notebook's process did not start")


def prepare(seconds: float) -> None:
    """Have one wait for whoever asks first.

    Raises:
        ServerError: None came up.
    """
    global _waiting
    begun = begin(seconds)
    with _taking:
        _waiting = begun


def take(seconds: float) -> Begun:
    """The one that waits, or a new one; it belongs to whoever took it.

    Raises:
        ServerError: None came up.
    """
    global _waiting
    with _taking:
        begun, _waiting = _waiting, None
    if begun is not None and begun.holds:
        return begun
    if begun is not None:
        begun.stack.close()
    return begin(seconds)


def end() -> None:
    """End the one that waits, if there is one."""
    global _waiting
    with _taking:
        begun, _waiting = _waiting, None
    if begun is not None:
        begun.stack.close()

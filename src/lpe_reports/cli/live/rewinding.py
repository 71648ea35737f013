"""Notebooks that go on from where they were changed: what ran before it is not run again.

A notebook's process is kept, and before each cell that comes after some work it leaves a copy of
itself behind (a fork, which shares all memory), waiting there. When a later cell is changed, the
copy before it goes on: it is in the very state in which the night's own run would be there. A copy
counts only as long as all files that it had imported or read are as they were.
"""

import copy
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

from lpe_reports.build.forking.client import ForkedClient
from lpe_reports.build.forking.limits import memory_limit_bytes
from lpe_reports.build.forking.server import Notebook, ServerError
from lpe_reports.build.running.engines import announce
from lpe_reports.cli.live.standby import take
from lpe_reports.moment import Moment

NAME = "lpe-rewinding"
# So much work before a cell is worth a copy: to make one, and to write to what the two share,
# costs some hundredths of a second.
_WORK_SECONDS = 0.25
_WORK_SHARE = 0.2  # of all that was done before it
_MOST_COPIES = 8
# A process that went on from a copy and then hangs (a library that does not survive a fork in the
# middle of its work) is told by how long its cells took before.
_LEAST_SECONDS = 5.0
_TIMES_AS_LONG = 6.0

_Look = tuple[int, int, int] | None


class StuckError(RuntimeError):
    """A process that went on from a copy does not come to an end, or is gone."""


@dataclass(frozen=True)
class _Point:
    """A copy that waits: before which cell, and the files that it had used, as they were."""

    at: int
    files: Mapping[str, _Look]

    @property
    def holds(self) -> bool:
        return all(look is not None and _look(name) == look for name, look in self.files.items())


@dataclass(frozen=True)
class _RanCell:
    source: str
    outputs: list[Any]
    seconds: float


@dataclass
class Session:
    """One notebook's process with its copies, and what its cells have shown.

    Args:
        root: The project's folder.
    """

    root: Path
    around: object = None  # what decides a run beside its files; another one begins anew
    notebook: Notebook | None = None
    ran: list[_RanCell] = field(default_factory=list)
    before: list[float] = field(default_factory=list)  # seconds of the cells, when they last ran
    went_on: bool = False  # from a copy
    language_info: dict[str, Any] = field(default_factory=dict)
    _points: list[_Point] = field(default_factory=list)
    _stack: ExitStack = field(default_factory=ExitStack)
    _work: float = 0.0
    _changed_at: int = -1
    _begun_around: object = None
    _began: Moment = field(default_factory=Moment)

    def begin(self, sources: Sequence[str], folder: str, seconds: float) -> int:
        """Be ready for the first cell that has to run; returns which that is.

        Args:
            sources: The cells.
            folder: Their working folder.
            seconds: How long a new process may take to come up.

        Raises:
            ServerError: No process came up.
        """
        self._began = Moment()
        self.before = [cell.seconds for cell in self.ran]
        point = self._point(sources)
        self.went_on = point is not None
        if point is not None:
            self._go_back(point)
        else:
            self.end()
            self._start(folder, seconds)
        return len(self.ran)

    def _point(self, sources: Sequence[str]) -> _Point | None:
        """The last copy before the first cell that is another one now."""
        if self.notebook is None or self.around != self._begun_around:
            return None
        pairs = zip(sources, self.ran, strict=False)
        same = next((n for n, (now, ran) in enumerate(pairs) if now != ran.source), None)
        self._changed_at = min(len(sources), len(self.ran)) if same is None else same
        fitting = (p for p in reversed(self._points) if p.at <= self._changed_at and p.holds)
        return next(fitting, None)

    def _start(self, folder: str, seconds: float) -> None:
        self._begun_around = self.around
        begun = take(seconds)
        self._stack, self.notebook = begun.stack, begun.notebook
        self.language_info = begun.language_info
        self._ask(f"__import__('os').chdir({folder!r})", "lpe-folder")
        text = (files("lpe_reports.cli.live") / "inside.py").read_text(encoding="utf-8")
        self._ask(f"exec({text!r}, {{'__name__': 'lpe_inside'}})", "lpe-begin")
        self._ask(f"__import__('lpe_inside').begin({memory_limit_bytes()})", "lpe-bound")
        self._leave_copy()

    def _go_back(self, point: _Point) -> None:
        del self.ran[point.at :]
        self._points = self._points[: self._points.index(point) + 1]
        self._ask(f"__import__('lpe_inside').back({point.at})", f"lpe-wait-{point.at}", "lpe-back")
        self._work = 0.0

    def wants_copy(self) -> bool:
        """Whether a copy shall wait before the next cell."""
        there = self._points[-1].at == len(self.ran)
        changed = len(self.ran) == self._changed_at
        least = max(_WORK_SECONDS, _WORK_SHARE * sum(cell.seconds for cell in self.ran))
        worth = self._work >= least and len(self._points) < _MOST_COPIES
        return not there and (changed or worth)

    def _leave_copy(self) -> None:
        at = len(self.ran)
        used = self._ask(f"__import__('lpe_inside').wait({at})", f"lpe-wait-{at}")
        looks = {name: self._seen(name) for name in used if self._counts(name)}
        self._points.append(_Point(at, looks))
        self._work = 0.0

    def copy_before_next(self) -> None:
        """Leave a copy where one is worth it."""
        if self.wants_copy():
            self._leave_copy()

    def has_run(self, source: str, outputs: list[Any], seconds: float) -> None:
        """Note a cell that came to its end."""
        self.ran.append(_RanCell(source, copy.deepcopy(outputs), seconds))
        self._work += seconds

    def _counts(self, name: str) -> bool:
        path = Path(name)
        if not path.is_relative_to(self.root):
            return True
        return path.relative_to(self.root).parts[0] not in ("data", "build", "public")

    def _seen(self, name: str) -> _Look:
        """How a file looks; None where it may have changed since it was read."""
        look = _look(name)
        return look if look and look[0] < self._began.earliest_ns else None

    def _ask(self, code: str, answered_as: str, sent_as: str = "") -> list[str]:
        """Have a line run that is no cell; returns the files that the process tells of.

        Raises:
            ServerError: The process is gone.
        """
        assert self.notebook is not None
        channel, used = self.notebook.channel, []
        try:
            channel.socket.settimeout(_LEAST_SECONDS)
            channel.send({"id": sent_as or answered_as, "code": code, "cell_id": None})
            while (message := channel.receive()) is not None:
                if message["type"] == "lpe_files":
                    used = list(message["content"])
                elif message["type"] == "execute_reply" and message["parent"] == answered_as:
                    if message["content"]["status"] == "ok":
                        return used
                    break
        except OSError:
            pass
        self.end()
        raise StuckError("the notebook's process did not go on")

    def end(self) -> None:
        """End the process and all its copies."""
        self.notebook = None
        self.ran, self._points = [], []
        self._work, self._changed_at = 0.0, -1
        self._stack.close()


def _look(name: str) -> _Look:
    try:
        found = os.stat(name)  # noqa: PTH116  # some hundred times before each run
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class _Client(ForkedClient):
    """Runs the cells that have to run, in the session's process."""

    def __init__(self, nb_man: Any, *, session: Session, **kwargs: Any) -> None:
        super().__init__(nb_man, memory_bytes=memory_limit_bytes(), **kwargs)
        self._session = session
        self._first = 0
        self._at = 0

    def execute(self, **kwargs: Any) -> Any:
        """Run all cells up to the first that raises; see `ForkedClient`."""
        self.reset_execution_trackers()
        sources = [cell.source for cell in self.nb.cells if self._runs(cell)]
        self._first = self._session.begin(sources, self._folder, self.startup_timeout)
        self._notebook = self._session.notebook
        self.papermill_execute_cells()
        if self._beyond is not None:
            raise self._beyond
        self.nb.metadata["language_info"] = self._session.language_info
        self.set_widgets_metadata()
        return self.nb

    def _runs(self, cell: Any) -> bool:
        tags = cell.metadata.get("tags", [])
        skipped = self.skip_cells_with_tag in tags
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        """Run one cell, or show again what it has shown."""
        if not self._runs(cell):
            return cell
        at, self._at = self._at, self._at + 1
        if at < self._first:
            cell.outputs = copy.deepcopy(self._session.ran[at].outputs)
            return cell
        self._session.copy_before_next()
        began = time.monotonic()
        super().execute_cell(cell, cell_index, *args, **kwargs)
        self._session.has_run(cell.source, cell.outputs, time.monotonic() - began)
        return cell

    def _run(self, cell: Any, cell_index: int) -> dict[str, Any]:
        """As `ForkedClient` does; `exit` and `quit` are told in their own cell, as `sys.exit`."""
        reply = super()._run(cell, cell_index)
        asked = [p for p in reply.get("payload", ()) if p.get("source") == "ask_exit"]
        if all(p.get("keepkernel") for p in asked):
            return reply
        self._session.end()
        error = {"ename": SystemExit.__name__, "evalue": "", "traceback": []}
        cell.outputs.append(new_output("error", **error))  # type: ignore[no-untyped-call]
        raise CellExecutionError.from_cell_and_msg(cell, error)

    def _get_timeout(self, cell: Any) -> float | None:
        if not self._session.went_on:
            return None
        known = self._session.before[self._at - 1 : self._at]
        return max(_LEAST_SECONDS, _TIMES_AS_LONG * sum(known)) if known else None


class RewindingEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """papermill's engine of that kind; the session is that of this process."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        start_timeout: float = 60,
        lpe_cell_started: Any,
        lpe_notebook: list[Any],
        lpe_session: Session,
        **kwargs: Any,
    ) -> Any:
        """Run the cells; `lpe_notebook` receives the notebook before the first one is run."""
        lpe_notebook.append(nb_man.nb)
        announce(nb_man, lpe_cell_started)
        client = _Client(
            nb_man,
            session=lpe_session,
            folder=os.getcwd(),  # noqa: PTH109  # papermill has gone to the cells' folder
            log=logger,
            startup_timeout=start_timeout,
        )
        return client.execute()


def register() -> None:
    """Make the engine known to papermill in this process."""
    papermill_engines.register(NAME, RewindingEngine)


def timer(session: Session, seconds: float) -> threading.Timer:
    """Ends a session's process after a time."""

    def end() -> None:
        if session.notebook is not None:
            session.notebook.end()

    found = threading.Timer(seconds, end)
    found.daemon = True
    return found


__all__ = ["NAME", "ServerError", "Session", "StuckError", "register", "timer"]

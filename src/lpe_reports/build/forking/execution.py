"""Running a notebook of papermill in a forked process."""

import os
from datetime import datetime
from typing import Any

from papermill.engines import Engine, NotebookExecutionManager
from papermill.log import logger

from lpe_reports.build.forking.client import ForkedClient
from lpe_reports.build.forking.limits import memory_limit_bytes
from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.running.engines import CellStarted, announce


class ForkedExecution(Engine):  # type: ignore[misc]  # papermill has no types
    """Runs cells by an IPython shell in a process forked from one with the libraries imported."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        lpe_cell_started: CellStarted | None = None,
        lpe_notebook: list[Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Run the cells; `lpe_notebook` receives the notebook before the first one is run.

        Raises:
            RuntimeError: This system cannot fork safely.
        """
        if not can_fork():
            raise RuntimeError("lpe-fork needs Linux; papermill's own engine runs everywhere")
        if lpe_notebook is not None:
            lpe_notebook.append(nb_man.nb)
        if lpe_cell_started is not None:
            announce(nb_man, lpe_cell_started)
        _time_cells(nb_man)
        client = ForkedClient(
            nb_man,
            folder=os.getcwd(),  # noqa: PTH109  # papermill has gone to the cells' folder
            memory_bytes=memory_limit_bytes(),
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            timeout=execution_timeout,
            startup_timeout=start_timeout,
        )
        return client.execute()


def _time_cells(nb_man: NotebookExecutionManager) -> None:
    """Say how long a cell took as papermill does, without its reader of dates of any form.

    That takes longer than many cells.
    """
    cell_complete = nb_man.cell_complete

    def complete(cell: Any, cell_index: int | None = None, **more: Any) -> None:
        times = cell.metadata.papermill
        started = times["start_time"]
        times["start_time"] = None
        cell_complete(cell, cell_index, **more)
        times["start_time"] = started
        if started:
            began, ended = (datetime.fromisoformat(times[f"{of}_time"]) for of in ("start", "end"))
            times["duration"] = (ended - began).total_seconds()

    nb_man.cell_complete = complete

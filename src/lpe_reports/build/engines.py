"""The papermill engines that a worker can run cells with.

A notebook is run by papermill whatever the engine. The one here starts an ordinary kernel for
each notebook; others (cells run in a process forked from one that has the libraries loaded)
only need a class with the same two abilities: tell when a cell starts, and hand over what
has been run so far when a run ends early.
"""

from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

KERNEL = "lpe-kernel"

CellStarted = Callable[[str], None]


class KernelEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's own engine, an ordinary kernel per notebook, that tells when a cell starts."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *args: Any,
        lpe_cell_started: CellStarted,
        lpe_notebook: list[Any],
        **kwargs: Any,
    ) -> Any:
        """Run the cells; `lpe_notebook` receives the notebook before the first one is run."""
        lpe_notebook.append(nb_man.nb)
        cell_start = nb_man.cell_start

        def announce(cell: Any, cell_index: int | None = None, **more: Any) -> Any:
            lpe_cell_started(str(cell["id"]))
            return cell_start(cell, cell_index, **more)

        nb_man.cell_start = announce
        return super().execute_managed_notebook(nb_man, kernel_name, *args, **kwargs)


def register() -> None:
    """Make the engines known to papermill in this process."""
    papermill_engines.register(KERNEL, KernelEngine)

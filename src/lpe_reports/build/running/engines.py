"""The papermill engines that a worker can run cells with.

A notebook is run by papermill whatever the engine. The one here starts an ordinary kernel for
each notebook; that of `forking` runs cells in a process forked from one that has the libraries
loaded. Both tell when a cell starts, and hand over what has been run so far when a run ends early.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.execute import (
    prepare_notebook_metadata,
    raise_for_execution_errors,
    remove_error_markers,
)
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir
from traitlets.config import Config

from lpe_reports.build.running.kernel_client import KernelClient
from lpe_reports.system import POSIX

KERNEL = "lpe-kernel"
_KERNEL_SPEC = "python3"

# Names of sockets may have 104 characters on some systems; a number is put behind this.
_LONGEST_SOCKET = 95

CellStarted = Callable[[str], None]


class KernelEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """An ordinary kernel per notebook, as papermill's own engine; tells when a cell starts."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        start_timeout: float = 60,
        lpe_cell_started: CellStarted,
        lpe_notebook: list[Any],
        **kwargs: Any,
    ) -> Any:
        """Run the cells; `lpe_notebook` receives the notebook before the first one is run."""
        lpe_notebook.append(nb_man.nb)
        announce(nb_man, lpe_cell_started)
        client = KernelClient(
            nb_man,
            kernel_name=kernel_name,
            config=_kernel_config(),
            log=logger,
            startup_timeout=start_timeout,
        )
        return client.execute()


def execute_in_memory(
    notebook: Mapping[str, Any],
    *,
    engine_name: str,
    folder: str,
    parameters: Mapping[str, object],
    **options: Any,
) -> None:
    """Run a notebook as `papermill.execute_notebook` does that is given no file to write to.

    Step for step the same, without the last: it brings the executed notebook into the form of a
    file, which costs a tenth of a second for a large page, and throws it away. Parameters that
    the notebook does not know are refused before a run.

    Args:
        notebook: What is run, nbformat 4.
        engine_name: The papermill engine.
        folder: The working folder of the cells.
        parameters: Its parameters.
        options: The engine's.

    Raises:
        PapermillExecutionError: A cell raised.
    """
    node = load_notebook_node(nbformat.from_dict(dict(notebook)))  # type: ignore[no-untyped-call]
    if parameters:
        node = parameterize_notebook(
            node, dict(parameters), kernel_name=_KERNEL_SPEC, engine_name=engine_name
        )
    node = remove_error_markers(prepare_notebook_metadata(node, None, None, False))
    with chdir(folder):
        node = papermill_engines.execute_notebook_with_engine(
            engine_name,
            node,
            kernel_name=_KERNEL_SPEC,
            input_path=None,
            output_path=None,
            progress_bar=False,
            **options,
        )
    raise_for_execution_errors(node, None)


def announce(nb_man: NotebookExecutionManager, cell_started: CellStarted) -> None:
    """Have it told when a cell starts."""
    cell_start = nb_man.cell_start

    def tell(cell: Any, cell_index: int | None = None, **more: Any) -> Any:
        cell_started(str(cell["id"]))
        return cell_start(cell, cell_index, **more)

    nb_man.cell_start = tell


def _kernel_config() -> Config:
    """Let build and kernel talk through sockets in a folder that only this account can open.

    What they say holds patients' values, and every account of a machine can reach its ports. So
    where there are no such sockets, what goes through a port is encrypted.
    """
    place = Path(os.environ.get("JUPYTER_RUNTIME_DIR") or ".") / secrets.token_hex(4)
    if not POSIX or len(str(place)) > _LONGEST_SOCKET:
        return Config(KernelManager={"transport_encryption": "auto"})
    place.parent.mkdir(parents=True, exist_ok=True)
    return Config(KernelManager={"transport": "ipc", "ip": str(place)})


def register() -> None:
    """Make the engine known to papermill in this process."""
    papermill_engines.register(KERNEL, KernelEngine)

"""papermill's client for a forked process: what comes back is treated as from any kernel."""

import base64
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient

from lpe_reports.build.forking.channel import MAX_OUTPUT_BYTES
from lpe_reports.build.forking.limits import (
    TooMuchMemoryError,
    TooMuchOutputError,
    tells_of_no_memory,
)
from lpe_reports.build.forking.server import Notebook, fork_server

# What the cell's own output calls them, as if it had raised it.
_SHOWN_AS: dict[type[Exception], str] = {
    TooMuchOutputError: "OutputTooLargeError",
    TooMuchMemoryError: "MemoryError",
}


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Runs the cells in a forked process.

    Outputs, display ids, clearing and errors are nbclient's own code, fed with the messages that
    an ordinary kernel would send.

    Args:
        nb_man: papermill's notebook.
        folder: The working folder of the cells.
        memory_bytes: How much memory the notebook may have; 0 for no limit.
    """

    def __init__(self, nb_man: Any, *, folder: str, memory_bytes: int, **kwargs: Any) -> None:
        super().__init__(nb_man, record_timing=False, **kwargs)
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._notebook: Notebook | None = None
        self._beyond: Exception | None = None  # the limit that ended the notebook

    def execute(self, **kwargs: Any) -> Any:
        """Run all cells up to the first that raises.

        Raises:
            DeadKernelError: The process ended before its last cell.
            CellTimeoutError: A cell took longer than it may.
            ServerError: No process came up.
            TooMuchMemoryError: It wanted more memory than it may have.
            TooMuchOutputError: It showed more than it may.
        """
        self.reset_execution_trackers()
        server = fork_server(self.startup_timeout)
        with server.notebook(folder=self._folder, memory_bytes=self._memory_bytes) as notebook:
            self._notebook = notebook
            language_info = notebook.wait_until_ready(self.startup_timeout)
            self.papermill_execute_cells()
            if self._beyond is not None:
                raise self._beyond
            self.nb.metadata["language_info"] = language_info
            self.set_widgets_metadata()
            notebook.end(at_once=False)
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        """Run one cell, as nbclient does."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._run(cell, cell_index)
        if reply["status"] == "error":
            try:
                run_sync(self._check_raise_for_error)(cell, cell_index, {"content": reply})
            except CellExecutionError:
                if tells_of_no_memory(reply["ename"]):
                    self._beyond = TooMuchMemoryError(self._memory_words())
                raise
        return cell

    def _run(self, cell: Any, cell_index: int) -> dict[str, Any]:
        assert self._notebook is not None
        channel = self._notebook.channel
        seconds = self._get_timeout(cell)
        channel.socket.settimeout(seconds)
        request = f"cell-{cell_index}"
        try:
            channel.send({"id": request, "code": cell.source, "cell_id": cell.get("id")})
            while (message := channel.receive()) is not None:
                if "exceeded" in message:
                    words = f"more than {MAX_OUTPUT_BYTES} bytes shown"
                    self._stop(cell, TooMuchOutputError(words))
                # What tasks of earlier cells show now has no place, in a kernel neither.
                if message["parent"] != request:
                    continue
                if message["type"] == "execute_reply":
                    return dict(message["content"])
                if not self._continues(message, cell):
                    self.process_message(_as_kernel_message(message), cell, cell_index)
        except TimeoutError:
            self._notebook.end()
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", int(seconds or 0), cell
            ) from None
        except OSError:
            pass
        if self._notebook.end().over_memory:
            self._stop(cell, TooMuchMemoryError(self._memory_words()))
        raise DeadKernelError("Kernel died")

    def _continues(self, message: dict[str, Any], cell: Any) -> bool:
        """Put text behind that of the same stream; how it was cut on its way shall not be seen."""
        last = cell.outputs[-1] if cell.outputs and not self.clear_before_next_output else {}
        if message["type"] != "stream" or last.get("name") != message["content"]["name"]:
            return False
        last["text"] += message["content"]["text"]
        return True

    def _memory_words(self) -> str:
        if not self._memory_bytes:
            return "more memory than there is"
        return f"more than {self._memory_bytes} bytes of memory"

    def _stop(self, cell: Any, beyond: Exception) -> None:
        """End the notebook with an error of its own in the cell."""
        assert self._notebook is not None
        self._notebook.end()
        self._beyond = beyond
        name, why = _SHOWN_AS[type(beyond)], str(beyond)
        error = {"ename": name, "evalue": why, "traceback": [f"{name}: {why}"]}
        cell.outputs.append(new_output("error", **error))  # type: ignore[no-untyped-call]
        raise CellExecutionError.from_cell_and_msg(cell, error)


def _as_kernel_message(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "msg_type": message["type"],
        "header": {"msg_type": message["type"]},
        "parent_header": {"msg_id": message["parent"]},
        "metadata": {},
        "content": message["content"],
        "buffers": [base64.b64decode(part) for part in message.get("buffers", [])],
    }

"""The papermill engine whose notebooks run in forked processes (entry point `papermill.engine`).

papermill loads it while it is imported itself, be it by the very modules that run notebooks here.
So this imports nothing, and what does the work is imported when there is some.
"""

from typing import Any

FORK = "lpe-fork"


class ForkEngine:
    """Runs cells by an IPython shell in a process forked from one with the libraries imported."""

    @classmethod
    def execute_notebook(cls, *args: Any, **kwargs: Any) -> Any:
        """Run a notebook."""
        return _execution().execute_notebook(*args, **kwargs)

    @classmethod
    def nb_kernel_name(cls, *args: Any, **kwargs: Any) -> Any:
        """The kernel that a notebook names."""
        return _execution().nb_kernel_name(*args, **kwargs)

    @classmethod
    def nb_language(cls, *args: Any, **kwargs: Any) -> Any:
        """A notebook's language."""
        return _execution().nb_language(*args, **kwargs)


def register() -> None:
    """Make the engine known to papermill in this process, whether it is installed or not."""
    from papermill.engines import papermill_engines

    papermill_engines.register(FORK, ForkEngine)


def _execution() -> Any:
    from lpe_reports.build.forking.execution import ForkedExecution

    return ForkedExecution

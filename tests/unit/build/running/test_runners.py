"""Where notebooks run: what the command line may say."""

import pytest

from lpe_reports.build.running.runners import open_runners
from lpe_reports.errors import UsageError


@pytest.mark.parametrize(
    "executor", ["", "nope", "dask", "dask:", "dask:nonsense", "dask:tcp://host", "dask:tcp:// :1"]
)
def test_an_executor_that_there_is_not_is_told(executor: str) -> None:
    """Before the build, and not on the night when there is something to run."""
    with (
        pytest.raises(UsageError, match=r"^there is no executor .*dask:tcp://HOST:8786$"),
        open_runners(executor),
    ):
        pass


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://10.0.0.1:8786", "[::1]:8786"])
def test_a_scheduler_s_address_is_taken(address: str) -> None:
    """It is connected to when the first notebook is to run, and not before."""
    pytest.importorskip("distributed")

    with open_runners(f"dask:{address}") as runners:
        assert callable(runners)

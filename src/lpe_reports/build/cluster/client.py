"""The cluster as the build sees it: connected to when the first notebook is to run."""

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any, TypeVar, cast

from distributed import Client

from lpe_reports.build.cluster import sameness
from lpe_reports.build.cluster.sameness import Description
from lpe_reports.errors import ClusterError, SettingsError

Result = TypeVar("Result")

WAIT_VARIABLE = "LPE_CLUSTER_WAIT_SECONDS"
_WAIT_SECONDS = 60.0
# What the scheduler and the workers answer at once, unless they hang.
_ANSWER_SECONDS = 60.0
_EXTRA = "`make cluster` installs it (pip: lpe-reports[dask])"


class Cluster:
    """A Dask cluster; a context manager that leaves nothing of the build in it.

    Args:
        address: Of its scheduler, like `tcp://scheduler:8786` or `tls://scheduler:8786`.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Client | None = None

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._client is not None:
            # Whatever is left to say goodbye to, the build is over.
            with contextlib.suppress(OSError, TimeoutError):
                self._client.close(timeout=10)

    @property
    def client(self) -> Client:
        """The connection, with at least one worker behind it.

        Raises:
            ClusterError: There is no scheduler, it lets nobody in, or no worker has come.
        """
        if self._client is None:
            self._client = self._connect()
            self._wait_for_workers(self._client)
        return self._client

    def lost(self, why: str = "") -> ClusterError:
        """The error of a build whose cluster has gone."""
        return ClusterError(
            f"the Dask cluster at {self._address} was lost{why and f' ({why})'}; what had ended "
            "is kept. When the cluster is back, the next build goes on from there"
        )

    def ask(self, question: Callable[[], Result]) -> Result:
        """What the scheduler or the workers answer, in bounded time.

        Raises:
            ClusterError: They do not answer.
        """
        answers: queue.SimpleQueue[tuple[Result | None, Exception | None]] = queue.SimpleQueue()

        def put() -> None:
            try:
                answers.put((question(), None))
            except Exception as error:
                answers.put((None, error))

        # A worker that hangs would let it wait for ever.
        threading.Thread(target=put, daemon=True).start()
        try:
            answer, error = answers.get(timeout=_ANSWER_SECONDS)
        except queue.Empty:
            raise self.lost(f"no answer in {_ANSWER_SECONDS:g} s") from None
        if isinstance(error, OSError):
            raise self.lost(type(error).__name__) from None
        if error is not None:
            raise error
        return cast(Result, answer)

    def threads(self) -> Mapping[str, int]:
        """The workers, and how many notebooks each runs at a time."""
        return self.ask(lambda: dict(self.client.nthreads()))

    def require_same(self, root: str, wanted: Description) -> None:
        """Pass when the scheduler and every worker give the pages that this machine gives.

        Args:
            root: The project's folder.
            wanted: This machine and its view of the folder.

        Raises:
            ClusterError: Names the machines and what to do.
        """
        self._require_same_scheduler(wanted)
        files = list(wanted["files"])
        began = time.monotonic()
        while True:
            told, wait = self._differences(root, wanted, files)
            if told and time.monotonic() - began > wait:
                raise _different(told)
            if not told:
                return
            time.sleep(1)

    def _differences(
        self, root: str, wanted: Description, files: Sequence[str]
    ) -> tuple[list[str], float]:
        """What workers have otherwise, and for how long that may yet come right."""
        told: list[str] = []
        wait = sameness.LONGEST_SECONDS
        for worker, found in self._described(root, files).items():
            if isinstance(found, OSError):
                continue  # It is just leaving.
            if isinstance(found, BaseException):
                told.append(f"worker {worker}: {_strange(found)}")
                wait = 0
                continue
            where = f"worker {worker} on {found['host']}"
            if differing := sameness.differences(wanted, found):
                wait = 0
            elif differing := sameness.folder_differences(wanted, found):
                wait = min(wait, sameness.folder_seconds(wanted, found))
            told += [f"{where}: {each}" for each in differing]
        return told, wait

    def _described(self, root: str, files: Sequence[str]) -> Mapping[str, Any]:
        run = partial(self.client.run, sameness.describe_worker, root, files, on_error="return")
        return self.ask(lambda: dict(run()))

    def _require_same_scheduler(self, wanted: Description) -> None:
        # It reads the tasks that it hands on, so it needs the package, but not the folder.
        try:
            ask = partial(self.client.run_on_scheduler, sameness.describe_machine)
            found: Description = self.ask(ask)
        except ClusterError:
            raise
        except Exception as error:
            raise _different([f"the scheduler: {_strange(error)}"]) from None
        if told := sameness.differences(wanted, found):
            raise _different([f"the scheduler on {found['host']}: {each}" for each in told])

    def _connect(self) -> Client:
        if not os.environ.get("LPE_DEBUG"):
            # What goes wrong is told by an error of ours; this would add its tracebacks.
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        try:
            return Client(self._address, set_as_default=False, name="lpe")
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"no Dask scheduler lets this machine in at {self._address} "
                f"({type(error).__name__}); start it (`dask scheduler`), or give its address, like "
                "--executor dask:tcp://HOST:8786"
            ) from None
        except (ValueError, TypeError, RuntimeError, ImportError) as error:
            raise ClusterError(
                f"the scheduler's address {self._address} cannot be used "
                f"({type(error).__name__}); it is like tcp://HOST:8786, or tls://HOST:8786 with "
                "the certificates in Dask's configuration (docs/cluster.md)"
            ) from None

    def _wait_for_workers(self, client: Client) -> None:
        seconds = wait_seconds()
        try:
            client.wait_for_workers(1, timeout=seconds)
        except (OSError, TimeoutError):
            raise ClusterError(
                f"no worker has come to the Dask scheduler at {self._address} in {seconds:g} s; "
                f"start some (`dask worker {self._address}`). {WAIT_VARIABLE} says how long to wait"
            ) from None


def wait_seconds() -> float:
    """How long a build waits for a worker, when there is none.

    Raises:
        SettingsError: The environment says something else than seconds.
    """
    said = os.environ.get(WAIT_VARIABLE)
    try:
        seconds = _WAIT_SECONDS if said is None else float(said)
    except ValueError:
        seconds = -1
    if not 0 < seconds < 86_400:
        raise SettingsError(f"{WAIT_VARIABLE} is not a number of seconds up to a day")
    return seconds


def _strange(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError | AttributeError | ImportError):
        return f"lpe-reports is not installed there, or is another version; {_EXTRA}"
    return f"it could not be asked ({type(error).__name__})"


def _different(told: Sequence[str]) -> ClusterError:
    shown, more = list(told[:5]), len(told) - 5
    rest = f"; and {more} more" if more > 0 else ""
    return ClusterError(
        f"the cluster would not give the same pages, so nothing was run: {'; '.join(shown)}{rest}"
    )

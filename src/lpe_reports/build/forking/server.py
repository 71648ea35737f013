"""The worker's side of the fork server: started when the first notebook needs it, kept, ended."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.build.forking.channel import MAX_OUTPUT_BYTES, Channel, Message
from lpe_reports.build.forking.processes import end_group
from lpe_reports.build.forking.warm import ENVIRONMENT

_START = Path(__file__).with_name("start.py")
_PACKET_BYTES = 4096
# How long a notebook's process may take to end by itself after its last cell.
_ORDERLY_END_SECONDS = 5
_END_SECONDS = 20


class ServerError(RuntimeError):
    """The fork server did not come up, or does not answer."""


@dataclass(frozen=True)
class Ending:
    """How a notebook's process ended.

    Fields:
        code: Its exit code, or the number of the signal that ended it, negative; None when the
            fork server itself was gone.
        over_memory: Whether it was ended because it used more memory than it may.
        peak_bytes: The most memory it had, without that of the processes it started.
    """

    code: int | None
    over_memory: bool = False
    peak_bytes: int = 0


class Notebook:
    """One forked process: its channel, and its end."""

    def __init__(self, server: "ForkServer", channel: Channel) -> None:
        self.channel = channel
        self._server = server
        self._leader: int | None = None
        self._ending: Ending | None = None

    def wait_until_ready(self, seconds: float) -> dict[str, object]:
        """Wait until it can run cells; returns the kernel's `language_info`.

        Raises:
            ServerError: It did not come up.
        """
        self.channel.socket.settimeout(seconds)
        try:
            ready = self.channel.receive()
        except OSError:
            ready = None
        if ready is None or "ready" not in ready:
            raise ServerError("the notebook's process did not start")
        self._leader = int(ready["ready"])
        return dict(ready["language_info"])

    def end(self, *, at_once: bool = True) -> Ending:
        """See it and all that it started end.

        Args:
            at_once: Kill it; otherwise it gets a moment to end by itself.
        """
        if self._ending is None:
            if not at_once:
                with contextlib.suppress(OSError):
                    self.channel.send({"end": True})
            # Nobody listens from here on, so that nothing can wait for being heard.
            self.channel.close()
            self._ending = self._server.wait_for_end(at_once)
            if self._ending.code is None and self._leader is not None:
                # The fork server was killed, and with it the notebook; what that had started
                # is still there.
                end_group(self._leader)
        return self._ending


class ForkServer:
    """A fork server that is a child of this process and ends with it.

    Raises:
        ServerError: It did not come up.
    """

    def __init__(self, start_seconds: float) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(_START), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**ENVIRONMENT, **os.environ},
            )
        self._control.settimeout(start_seconds)
        ready = self._receive()
        if ready is None:
            self.close()
            raise ServerError("the fork server did not start")
        self.threads = int(ready["threads"])
        self.peak_bytes = 0  # the most memory that the last notebook had
        self.missing: tuple[str, ...] = tuple(ready["missing"])

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @contextlib.contextmanager
    def notebook(
        self, *, folder: str, memory_bytes: int, output_bytes: int = MAX_OUTPUT_BYTES
    ) -> Iterator[Notebook]:
        """A process of its own for one notebook; it is gone afterwards, whatever happened.

        Args:
            folder: Its working folder.
            memory_bytes: How much memory it and what it starts may have; 0 for no limit.
            output_bytes: How much it may show.

        Raises:
            ServerError: The fork server is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            request = json.dumps({"memory_bytes": memory_bytes}).encode()
            try:
                socket.send_fds(self._control, [request], [theirs.fileno()])
            except OSError:
                ours.close()
                raise ServerError("the fork server is gone") from None
        notebook = Notebook(self, Channel(ours))
        try:
            with contextlib.suppress(OSError):
                notebook.channel.send(
                    {
                        "environment": dict(os.environ),
                        "folder": folder,
                        "memory_bytes": memory_bytes,
                        "output_bytes": output_bytes,
                    }
                )
            yield notebook
        finally:
            notebook.end()

    def wait_for_end(self, at_once: bool) -> Ending:
        """Wait until the notebook's process has ended, or make it."""
        self._control.settimeout(None if at_once else _ORDERLY_END_SECONDS)
        with contextlib.suppress(OSError):
            if at_once:
                self._control.send(b"end")
        answer = self._receive(_END_SECONDS if at_once else _ORDERLY_END_SECONDS)
        if answer is None and not at_once and self.alive:
            return self.wait_for_end(True)
        if answer is None:
            self.close()
            return Ending(None)
        self.peak_bytes = int(answer["peak_bytes"])
        return Ending(int(answer["ended"]), bool(answer["over_memory"]), self.peak_bytes)

    def close(self) -> None:
        """End it, and what it has started if that is still there."""
        self._control.close()
        try:
            self._process.wait(_ORDERLY_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _receive(self, seconds: float | None = None) -> Message | None:
        if seconds is not None:
            self._control.settimeout(seconds)
        try:
            packet = self._control.recv(_PACKET_BYTES)
        except OSError:
            return None
        return dict(json.loads(packet)) if packet else None


_running: ForkServer | None = None


def fork_server(start_seconds: float = 60) -> ForkServer:
    """The fork server of this process, started if there is none.

    Raises:
        ServerError: It did not come up.
    """
    global _running
    if _running is None or not _running.alive:
        if _running is not None:
            _running.close()
        else:
            atexit.register(_close)
        _running = None
        _running = ForkServer(start_seconds)
    return _running


def running_server() -> ForkServer | None:
    """The fork server of this process, if there is one."""
    return _running


def _close() -> None:
    if _running is not None:
        _running.close()

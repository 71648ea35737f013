"""papermill's client for an ordinary kernel, which takes no more output than a page can be.

Messages are counted as they come in and before they are taken apart, so a kernel that shows too
much is ended with the very message that goes over the limit. One that is larger than that by
itself is not even received.
"""

import asyncio
from collections.abc import Awaitable, Callable
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Type
from zmq.utils.monitor import parse_monitor_message

from lpe_reports.build.forking.channel import MAX_OUTPUT_BYTES
from lpe_reports.build.forking.limits import TooMuchOutputError

# ZeroMQ lets go of a sender whose message is too large and does not try to reach it again, as it
# does at once when the sender itself has gone.
_RETRY_MILLISECONDS = 500
# How many messages may wait; a kernel drops what goes beyond it, the end of a cell, too.
_MOST_WAITING = 100_000
# How long it may take to take in what a cell has shown by its end.
_TAKE_IN_SECONDS = 60
# Which part of a message is its content; what comes after it belongs to it.
_CONTENT = 4


class CountedChannel(AsyncZMQSocketChannel):
    """What a kernel shows, up to a limit.

    Fields:
        left: How many bytes may still come.
        on_full: Called once, when more comes; nothing is received after it.
    """

    def __init__(self, socket: zmq.asyncio.Socket, session: Any, loop: Any = None) -> None:
        super().__init__(socket, session, loop)
        self.left = MAX_OUTPUT_BYTES
        self.on_full: Callable[[], Awaitable[None]] | None = None
        self._monitor = socket.get_monitor_socket(
            zmq.EVENT_DISCONNECTED | zmq.EVENT_CONNECT_RETRIED
        )
        self._poller = zmq.asyncio.Poller()
        self._poller.register(socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)

    async def get_msg(  # type: ignore[override]  # the base class's base is not asynchronous
        self, timeout: float | None = None
    ) -> dict[str, Any]:
        """The next message.

        Raises:
            Empty: None has come in time (seconds).
            TooMuchOutputError: More than the limit has come, and nobody wants to be told.
        """
        assert self.socket is not None
        milliseconds = None if timeout is None else int(timeout * 1000)
        while ready := dict(await self._poller.poll(milliseconds)):
            if self.socket in ready:
                frames = await self.socket.recv_multipart()
                _, message = self.session.feed_identities(frames)
                # What is shown; headers are longer than a short line that is printed.
                self.left -= sum(map(len, message[_CONTENT:]))
                if self.left < 0:
                    await self._end()
                return self.session.deserialize(message)
            if await self._was_too_large():
                await self._end()
        raise Empty

    async def _was_too_large(self) -> bool:
        """Whether the kernel was let go of for a message that is larger than the limit."""
        told = parse_monitor_message(await self._monitor.recv_multipart())
        if told["event"] != zmq.EVENT_DISCONNECTED:
            return False
        return not await self._monitor.poll(_RETRY_MILLISECONDS)

    async def _end(self) -> None:
        if self.on_full is None:
            raise TooMuchOutputError(_words())
        await self.on_full()
        await asyncio.Event().wait()  # until whoever waits for messages of a dead kernel notices

    def close(self) -> None:
        """Close the socket, and what tells of it."""
        self._monitor.close(linger=0)
        super().close()


class _Connection(AsyncKernelClient):
    iopub_channel_class = Type(CountedChannel)

    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, MAX_OUTPUT_BYTES)
        context.setsockopt(zmq.RCVHWM, _MOST_WAITING)
        return context


class KernelClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no types
    """Runs the cells in an ordinary kernel and ends it when it shows more than it may."""

    def __init__(self, nb_man: Any, **kwargs: Any) -> None:
        super().__init__(
            nb_man,
            on_notebook_start=self._hear_when_full,
            iopub_timeout=_TAKE_IN_SECONDS,
            **kwargs,
        )
        self._full = False

    def create_kernel_manager(self) -> Any:
        """As nbclient makes it, with connections that count."""
        manager = super().create_kernel_manager()
        manager.client_factory = _Connection
        return manager

    def execute(self, **kwargs: Any) -> Any:
        """Run all cells up to the first that raises.

        Raises:
            DeadKernelError: The kernel ended before its last cell.
            TooMuchOutputError: It showed more than it may.
        """
        try:
            return super().execute(**kwargs)
        except DeadKernelError:
            if self._full:
                raise TooMuchOutputError(_words()) from None
            raise

    def _hear_when_full(self, **_: Any) -> None:
        self.kc.iopub_channel.on_full = self._end_kernel

    async def _end_kernel(self) -> None:
        self._full = True
        await self.km.provisioner.kill()


def _words() -> str:
    return f"more than {MAX_OUTPUT_BYTES} bytes shown"

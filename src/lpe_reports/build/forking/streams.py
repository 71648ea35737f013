"""What a notebook prints: through Python, and past it to the file descriptors 1 and 2."""

import codecs
import os
import re
import select
import threading
from io import StringIO
from typing import Any

from ipykernel.iostream import OutStream

from .session import ChannelSession

_PIPE_BYTES = 1 << 16
# What waits to be sent is sent at the latest at this size, so that memory stays bounded.
_BUFFER_CHARACTERS = 1 << 20
# Halves of characters, as of file names that are no UTF-8, cannot be sent.
_HALVES = re.compile("[\ud800-\udfff]")


class CapturedStream(OutStream):
    """`sys.stdout` or `sys.stderr` of a notebook, with what is written to its descriptor.

    As in an ordinary kernel, text is sent when something is displayed, when the cell ends and
    when it is flushed. A kernel also sends it every 0.2 seconds, which makes the order of
    stdout and stderr in slow cells a matter of chance; here nothing is.

    Args:
        session: Where to send.
        name: `stdout` or `stderr`.
        descriptor: The file descriptor that is written to past Python.
    """

    def __init__(self, session: ChannelSession, name: str, descriptor: int) -> None:
        self.name = name
        self.session = session
        self.pub_thread = self  # what `closed` of the base class asks for
        self.echo = None
        self._isatty = False
        self._local = threading.local()
        self._set_up_parents()
        self._master_pid = os.getpid()
        self._buffer_lock = threading.RLock()
        self._buffers: Any = {}
        self._waiting_characters = 0
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._original_stdstream_copy = os.dup(descriptor)
        self._original_stdstream_fd = descriptor
        self.pipe, writing = os.pipe()
        os.set_blocking(self.pipe, False)
        os.dup2(writing, descriptor, inheritable=True)
        os.close(writing)
        os.register_at_fork(
            before=self._buffer_lock.acquire,
            after_in_parent=self._buffer_lock.release,
            after_in_child=self._buffer_lock.release,
        )

    def _set_up_parents(self) -> None:
        from contextvars import ContextVar

        self._parent_header: ContextVar[dict[str, Any]] = ContextVar("parent_header")
        self._parent_header.set({})
        self._parent_header_global: dict[str, Any] = {}

    def write(self, string: str) -> int:
        """Take a text; that of a forked process goes the way of the descriptor."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if os.getpid() != self._master_pid:
            _write_all(self._original_stdstream_fd, string.encode(errors="replace"))
            return len(string)
        with self._buffer_lock:
            self.take_from_pipe()
            self._keep(string)
        return len(string)

    def flush(self) -> None:
        """Send what is waiting."""
        if os.getpid() != self._master_pid:
            return
        with self._buffer_lock:
            self.take_from_pipe()
            self._send()

    def take_from_pipe(self) -> None:
        """Take over what has been written to the descriptor so far."""
        with self._buffer_lock:
            while data := self._read_pipe():
                self._keep(self._decode(data))

    def close(self) -> None:
        """Nothing: a notebook that closes its streams harms what comes after it only."""

    def _read_pipe(self) -> bytes:
        try:
            return os.read(self.pipe, _PIPE_BYTES)
        except BlockingIOError:
            return b""

    def _keep(self, text: str) -> None:
        if not text or self.session.channel.full:
            return
        text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
        parent = self.parent_header
        key = parent.get("msg_id")
        if key not in self._buffers:
            self._buffers[key] = StringIO()
        self._buffers[key].write(text)
        self._waiting_characters += len(text)
        if self._waiting_characters > _BUFFER_CHARACTERS:
            self._send()

    def _send(self) -> None:
        buffers, self._buffers, self._waiting_characters = self._buffers, {}, 0
        for parent_id, buffer in buffers.items():
            content = {"name": self.name, "text": buffer.getvalue()}
            message = self.session.msg("stream", content, parent={"msg_id": parent_id})
            for hook in self._hooks:
                message = hook(message)
                if message is None:
                    break
            else:
                self.session.send(None, message)


def empty_pipes(streams: tuple[CapturedStream, ...]) -> None:
    """Keep the pipes from filling while a cell waits for what writes to them; in a thread."""
    poll = select.poll()
    by_pipe = {stream.pipe: stream for stream in streams}
    for pipe in by_pipe:
        poll.register(pipe, select.POLLIN)

    def watch() -> None:
        while True:
            for pipe, _ in poll.poll():
                by_pipe[pipe].take_from_pipe()

    threading.Thread(target=watch, name="lpe-pipes", daemon=True).start()


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]

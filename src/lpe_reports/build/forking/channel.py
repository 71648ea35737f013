"""The socket between a worker and a notebook's process: one JSON object per line."""

import json
import os
import socket
import threading
from typing import Any

Message = dict[str, Any]

# What a notebook may show in all. A page is some hundred kilobytes; what is far beyond is a loop.
MAX_OUTPUT_BYTES = 32_000_000

_BLOCK_BYTES = 1 << 18


class Channel:
    """One end of the socket.

    Args:
        connection: The socket.
        limit_bytes: How much may be sent; more is left out, and told once.
    """

    def __init__(self, connection: socket.socket, limit_bytes: int | None = None) -> None:
        self.socket = connection
        self._left = limit_bytes
        self._received = bytearray()
        self._lock = threading.RLock()
        self._pid: int | None = None

    @property
    def full(self) -> bool:
        """Whether as much was sent as may be."""
        return self._left is not None and self._left <= 0

    def leave_to(self, pid: int) -> None:
        """Send from the process with this id alone; what it forks keeps silent, as in a kernel."""
        self._pid = pid
        os.register_at_fork(
            before=self._lock.acquire,
            after_in_parent=self._lock.release,
            after_in_child=self._lock.release,
        )

    def send(self, message: Message) -> None:
        """Send a message."""
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, line: bytes) -> None:
        """Send a message that is JSON already."""
        with self._lock:
            if self.full or self._pid not in (None, os.getpid()):
                return
            if self._left is not None:
                self._left -= len(line)
                if self._left <= 0:
                    line = b'{"exceeded": true}'
            self.socket.sendall(line + b"\n")

    def receive(self) -> Message | None:
        """The next message; None when the other side is gone or does not speak JSON.

        Raises:
            TimeoutError: The socket's time was over.
        """
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            try:
                block = self.socket.recv(_BLOCK_BYTES)
            except ConnectionError:
                return None
            if not block:
                return None
            self._received += block
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        try:
            message = json.loads(line.decode(errors="replace"))  # as a kernel's client reads it
        except ValueError:
            return None
        return message if isinstance(message, dict) else None

    def close(self) -> None:
        """Close this end."""
        self.socket.close()

"""A real mail server on this machine, which keeps what it is given."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Box:
    """Keeps what the mail server is given; refuses some addresses."""

    def __init__(self) -> None:
        self.letters: list[Message] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


@contextmanager
def mail_box() -> Iterator[tuple[Box, int]]:
    """What the server has taken, and its port."""
    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield found, controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
        return port

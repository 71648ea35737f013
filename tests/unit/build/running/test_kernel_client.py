"""How much a notebook may show: the same by an ordinary kernel as by a forked process."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session

from engine_pair import FORK, KERNEL, code_notebook, execute
from lpe_reports.build.forking.channel import MAX_OUTPUT_BYTES
from lpe_reports.build.forking.limits import TooMuchOutputError
from lpe_reports.build.running.kernel_client import CountedChannel, KernelClient

pytestmark = pytest.mark.promise(
    "notebooks",
    "A notebook that wants too much memory or shows too much is stopped before the machine is",
)

_MEGABYTE = 1_000_000


@pytest.mark.parametrize("engine", [FORK, KERNEL])
@pytest.mark.parametrize(
    ("code", "most"),
    [
        # Quickly: it is over long before anybody looks at the clock.
        ("for i in range(40): print('x' * 999_999, flush=True)", MAX_OUTPUT_BYTES),
        ("print('x' * 40_000_000)", 0),
        ("for i in range(40): display('x' * 1_000_000)", MAX_OUTPUT_BYTES),
    ],
)
def test_what_a_notebook_shows_ends_at_the_limit(
    tmp_path: Path, engine: str, code: str, most: int
) -> None:
    """Nothing beyond it is taken in, and the cells after it are not run."""
    made = execute(code_notebook([code, "print('after')"]), engine, tmp_path)

    shown = sum(
        len(output.get("text", "")) + len(output.get("data", {}).get("text/plain", ""))
        for output in made.outputs["cell-0"]
    )
    assert most - 2 * _MEGABYTE < shown <= most
    assert isinstance(made.problem, TooMuchOutputError) or "OutputTooLargeError" in made.errors
    assert made.outputs["cell-1"] == []


@pytest.mark.parametrize("engine", [FORK, KERNEL])
def test_a_notebook_may_show_nearly_as_much_as_the_limit(tmp_path: Path, engine: str) -> None:
    """What stays below it is all there."""
    code = "for i in range(31): print('x' * 999_999, flush=True)"

    made = execute(code_notebook([code, "print('after')"]), engine, tmp_path)

    assert made.problem is None
    assert len(made.text) == 31 * _MEGABYTE + len("after\n")


@pytest.mark.parametrize(("updates", "slow", "seconds"), [(4000, 1, 3.0), (100, 100, 0.05)])
def test_many_small_outputs_are_all_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, updates: int, slow: int, seconds: float
) -> None:
    """On a busy machine a progress bar changes faster than it is taken in; no change is lost."""
    left = itertools.chain(itertools.repeat(seconds, slow), itertools.repeat(0.0))
    process_message = KernelClient.process_message

    def process_slowly(client: KernelClient, *message: Any) -> Any:
        time.sleep(next(left))
        return process_message(client, *message)

    monkeypatch.setattr(KernelClient, "process_message", process_slowly)
    code = f"shown = display(-1, display_id=True)\nfor i in range({updates}): shown.update(i)"

    made = execute(code_notebook([code, "print('after')"]), KERNEL, tmp_path)

    assert made.problem is None
    assert made.outputs["cell-0"][0]["data"]["text/plain"] == str(updates - 1)
    assert made.text == "after\n"


@pytest.mark.parametrize("engine", [FORK, KERNEL])
def test_a_kernel_that_goes_has_not_shown_too_much(tmp_path: Path, engine: str) -> None:
    """The end of its connection alone says nothing of what it has shown."""
    code = "import os\nprint('x' * 999_999, flush=True)\nos._exit(0)"

    made = execute(code_notebook([code]), engine, tmp_path)

    assert type(made.problem).__name__ == "DeadKernelError"


def test_a_message_beyond_the_limit_is_not_received(tmp_path: Path) -> None:
    """A gigabyte in one message takes no memory of whoever counts it."""

    async def receive(publisher: zmq.SyncSocket, channel: CountedChannel) -> None:
        publisher.send(b"x" * 2 * _MEGABYTE)
        with pytest.raises(TooMuchOutputError):
            await asyncio.wait_for(channel.get_msg(), 10)

    assert _received(tmp_path, receive) == 0


def test_what_is_shown_counts_and_not_its_headers(tmp_path: Path) -> None:
    """So a notebook may print as many short lines as by a forked process."""
    content = {"name": "stdout", "text": "x" * 100}

    async def receive(publisher: zmq.SyncSocket, channel: CountedChannel) -> None:
        for _ in range(10):
            Session(key=b"").send(
                publisher, "stream", content, ident=b"stream", parent={"msg_id": "a"}
            )
            message = await asyncio.wait_for(channel.get_msg(), 10)
            assert message["content"] == content

    assert _received(tmp_path, receive) == 10 * len(Session(key=b"").pack(content))


def _received(
    folder: Path, receive: Callable[[zmq.SyncSocket, CountedChannel], Awaitable[None]]
) -> int:
    """How many bytes a channel has counted that may receive messages of a megabyte."""

    async def connected() -> int:
        context, sending = zmq.asyncio.Context(), zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, _MEGABYTE)
        publisher = sending.socket(zmq.XPUB)
        publisher.bind(f"ipc://{folder}/kernel")
        socket = context.socket(zmq.SUB)
        channel = CountedChannel(socket, Session(key=b""))
        socket.connect(f"ipc://{folder}/kernel")
        socket.subscribe(b"")
        try:
            assert publisher.poll(10_000)  # it listens
            await receive(publisher, channel)
        finally:
            channel.close()
            publisher.close(linger=0)
            context.destroy(linger=0)
            sending.destroy(linger=0)
        return MAX_OUTPUT_BYTES - channel.left

    return asyncio.run(connected())

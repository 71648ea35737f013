"""What costs time once in a process, begun before it is waited for."""

import contextlib
import threading

_begun: list[threading.Thread] = []


def begin() -> None:
    """Begin to start what runs notebooks and what draws charts; each in a thread of its own."""
    for task in (_server, _drawing):
        thread = threading.Thread(target=task, daemon=True)
        thread.start()
        _begun.append(thread)


def wait() -> None:
    """Wait for what was begun."""
    from lpe_reports.build.forking import engine as forking
    from lpe_reports.build.running import engines

    while _begun:
        _begun.pop().join()
    engines.register()
    forking.register()


def _server() -> None:
    from lpe_reports.build.forking.platform import can_fork
    from lpe_reports.build.forking.server import ServerError, fork_server

    if can_fork():
        with contextlib.suppress(ServerError):  # the run that needs it tells of it
            fork_server()


def _drawing() -> None:
    from lpe_reports.render.charts import _svg

    _svg('{"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}')

"""What costs time once in a process, begun before it is waited for."""

import contextlib
import threading

_START_SECONDS = 60
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

    _settle()
    engines.register()
    forking.register()


def end() -> None:
    """End what was begun and nobody has asked for, but the fork server itself."""
    from lpe_reports.cli.live import standby

    _settle()
    standby.end()


def _settle() -> None:
    while _begun:
        _begun.pop().join()


def _server() -> None:
    from lpe_reports.build.forking.platform import can_fork
    from lpe_reports.build.forking.server import ServerError

    if can_fork():
        from lpe_reports.cli.live.standby import prepare

        with contextlib.suppress(ServerError):  # the run that needs it tells of it
            prepare(_START_SECONDS)


def _drawing() -> None:
    from lpe_reports.render.charts import _svg

    _svg('{"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}')

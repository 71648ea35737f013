"""A preview from its beginning to its end: the process that makes, the watching, the server."""

import contextlib
import os
import sys
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import lpe_reports
from lpe_reports.cli.live.board import Board
from lpe_reports.cli.live.choosing import choose, choose_night
from lpe_reports.cli.live.conducting import Conductor
from lpe_reports.cli.live.host import MakerProcess
from lpe_reports.cli.live.saving import Watching
from lpe_reports.cli.live.scratch import remove_leftovers
from lpe_reports.cli.live.serving import make_preview_server
from lpe_reports.cli.serving import HOST
from lpe_reports.settings import MARKER, Project


@contextlib.contextmanager
def previewing(
    project: Project,
    report: str,
    unit: str | None,
    period: str | None,
    *,
    source: str | None,
    port: int,
    polling: bool,
) -> Iterator[tuple[str, str]]:
    """Serve one page, made again as its files are saved, within the block.

    Returns:
        Its address, and what is previewed in words.

    Raises:
        LpeError: There is no such page, no extract, or the port is taken.
    """
    remove_leftovers()
    night = choose_night(project, source)
    board = Board()
    with contextlib.ExitStack() as stack:
        maker = MakerProcess(project, night.folder.name)  # it comes up while the page is chosen
        stack.callback(maker.close)
        chosen = choose(project, night, report, unit, period)
        day = night.date.isoformat()
        server = make_preview_server(board, maker.file, day, project.public, port)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        stack.callback(board.close)
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        conductor = Conductor(maker, board, chosen.page, chosen.report.notebook)
        stack.callback(conductor.close)
        package = Path(lpe_reports.__file__).parent
        watching = Watching(
            [project.params, project.reports, package],
            [project.root / MARKER],
            conductor.saved,
            polling=polling,
        )
        stack.callback(watching.close)
        conductor.start()
        told = f"{chosen.report.id} · {chosen.unit} · {chosen.period.id}"
        told += f" ({chosen.said})" if chosen.said else ""
        yield f"http://{HOST}:{server.server_address[1]}/", told


def open_browser(address: str) -> bool:
    """Open the page in the browser of whoever sits at this machine, if anybody does."""
    screen = sys.platform in ("win32", "darwin") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    if not screen:
        return False
    with contextlib.suppress(webbrowser.Error):
        return webbrowser.open(address)
    return False

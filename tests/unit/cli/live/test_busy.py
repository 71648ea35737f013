"""A link to a file is answered at once, also while the page is being made."""

import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpe_reports.cli.live.board import Board, Page
from lpe_reports.cli.live.host import BusyError, MakerProcess
from lpe_reports.cli.live.serving import BASE, make_preview_server
from previewed import Previewed

# Answers a file with its name, and a page never.
_MAKER = """
import json, sys
for line in sys.stdin:
    order = json.loads(line)
    if order["do"] == "file":
        print(json.dumps({"file": order["name"], "data": "YQ=="}), flush=True)
"""


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakerProcess]:
    """A process that makes files, but does not come to the end of a page."""

    def start(self: MakerProcess) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-c", _MAKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    monkeypatch.setattr(MakerProcess, "_start", start)
    made = MakerProcess(Previewed(tmp_path / "office").project, "2026-05-11")
    yield made
    made.close()


def test_a_file_is_made_unless_a_page_is(maker: MakerProcess) -> None:
    """It says so at once; so when the process is ended, for whatever reason."""
    assert maker.file("a.xlsx") == b"a"
    maker.order_page({})
    with pytest.raises(BusyError):
        maker.file("a.xlsx")
    maker.end()
    assert maker.answers.get(timeout=10) == {"ended": maker.pid}
    assert maker.file("a.xlsx") is None


def test_whoever_asks_meanwhile_is_told_to_ask_again(tmp_path: Path) -> None:
    """In a page, with when."""

    def busy(name: str) -> bytes:
        raise BusyError

    board = Board()
    board.show(Page("<body></body>", "a/b/2026-W19", "", "", "", 0.0), {})
    with make_preview_server(board, busy, "2026-05-11", tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with pytest.raises(urllib.error.HTTPError) as told:
            port = server.server_address[1]
            urllib.request.urlopen(f"http://127.0.0.1:{port}{BASE}a/b/2026-W19.xlsx")
        server.shutdown()

    assert told.value.code == 503
    assert int(told.value.headers["Retry-After"]) > 0
    assert "Sidan görs om just nu; försök igen när den är klar." in told.value.read().decode()
    told.value.close()

"""The preview's server: the page as it is being written, and the published site around it.

The page lies in a version of its own, `/forhandsvisning/`; what is not made here is looked for in
the published site, where there is one.
"""

import json
import mimetypes
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lpe_reports.cli.live import showing, words
from lpe_reports.cli.live.board import Board, State
from lpe_reports.cli.live.host import BusyError
from lpe_reports.cli.serving import SiteHandler, bind

BASE = "/forhandsvisning/"
_OWN = "/_lpe/"
# How often a browser hears that the preview is there, though nothing has happened.
_BEAT_SECONDS = 10.0
_RETRY_SECONDS = "5"
_NOT_PUBLISHED = (
    "Sidan finns inte på den publicerade webbplatsen. Förhandsvisningen visar en sida i taget; "
    "`lpe nightly` publicerar alla."
)

Files = Callable[[str], bytes | None]


def make_preview_server(
    board: Board, made: Files, night: str, public: Path, port: int
) -> ThreadingHTTPServer:
    """A server of one page for this machine alone.

    Args:
        board: What there is to show.
        made: Makes a file beside the page when it is asked for; raises `BusyError` where it
            cannot just now.
        night: The day of the page's extract.
        public: The folder of the published site; it need not be there.
        port: 0 takes any.

    Raises:
        UsageError: The port is taken.
    """
    handler = partial(_Handler, board=board, made=made, night=night, directory=str(public))
    return bind(handler, port)


class _Handler(SiteHandler):
    def __init__(self, *args: Any, board: Board, made: Files, night: str, directory: str) -> None:
        self._board, self._made, self._night = board, made, night
        super().__init__(*args, directory=directory)

    def do_GET(self) -> None:  # noqa: N802
        """Answer with a part of the preview, or as the published site does."""
        if self.refused():
            return
        path = unquote(urlsplit(self.path).path)
        state = self._board.state
        if path == f"{_OWN}events":
            self._events()
        elif path.startswith(_OWN):
            self._own(path.removeprefix(_OWN))
        elif path == "/" or path == BASE:
            self._to_page(state)
        elif path.startswith(BASE):
            self._of_version(path.removeprefix(BASE), state)
        else:
            super().do_GET()

    do_HEAD = do_GET  # noqa: N815  # the site's script asks so whether a page is there

    def _to_page(self, state: State) -> None:
        """The page, once its address is known; before that what there is to say."""
        if state.page is None:
            self._send(showing.shown(state).encode(), "text/html; charset=utf-8")
        else:
            self._lead(f"{BASE}{state.page.address}.html")

    def _of_version(self, name: str, state: State) -> None:
        try:
            self._find(name, state)
        except BusyError:
            self._miss(HTTPStatus.SERVICE_UNAVAILABLE, words.NOT_YET, words.BUSY)

    def _find(self, name: str, state: State) -> None:
        page = state.page
        if page is None:
            self._to_page(state)
        elif name == f"{page.address}.html":
            self._send(showing.shown(state).encode(), "text/html; charset=utf-8")
        elif (data := self._beside(name, state)) is not None:
            self._send(data, mimetypes.guess_type(name)[0] or "application/octet-stream")
        elif self._published(name).is_file() or self._published(f"{name}/index.html").is_file():
            self._lead(f"/latest/{name}")
        else:
            self.not_found()

    def _beside(self, name: str, state: State) -> bytes | None:
        """A file of the preview's own version."""
        assert state.page is not None
        folder, _, period = state.page.address.rpartition("/")
        if name == "version.js":
            told: dict[str, Any] = {
                "night": self._night,
                "fresh_until": None,
                "standing": [],
                "kept": {},
            }
            return f"globalThis.lpeVersion={json.dumps(told)};\n".encode()
        if name.startswith("assets/"):
            found = state.assets.get(name.removeprefix("assets/"))
            if found is None and self._published(name).is_file():
                found = self._published(name).read_bytes()
            return found
        if name == f"{folder}/periods.json":
            return self._periods(name, f"{period}.html", state.page.made)
        inside = name.removeprefix(f"{folder}/")
        if name.startswith((f"{folder}/{period}.", f"{folder}/{period}/")):
            return self._made(inside)
        return None

    def _periods(self, name: str, own: str, made: str) -> bytes:
        """The neighbouring periods of the published site, with what this page is known by."""
        place = self._published(name)
        try:
            listed = json.loads(place.read_bytes())["periods"]
        except (OSError, ValueError, KeyError, TypeError):
            listed = []
        periods = [{**p, "made": made} if p.get("href") == own else p for p in listed]
        return json.dumps({"periods": periods}).encode()

    def _published(self, name: str) -> Path:
        """A file of the newest published version."""
        place = (Path(self.directory) / "latest" / name).resolve()
        inside = place.is_relative_to(Path(self.directory).resolve())
        return place if inside else Path(self.directory) / "nothing"

    def _own(self, name: str) -> None:
        asset = files("lpe_reports.cli.live") / "assets" / name
        if "/" in name or not asset.is_file():
            self.not_found()
            return
        self._send(asset.read_bytes(), mimetypes.guess_type(name)[0] or "text/plain")

    def _events(self) -> None:
        """Tell a browser of everything that happens, for as long as it listens."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        state = self._board.state
        try:
            while not self._board.closed:
                told = {"number": state.number, "since": state.since, "making": state.making}
                self.wfile.write(f"data: {json.dumps(told)}\n\n".encode())
                self.wfile.flush()
                state = self._board.wait(state, _BEAT_SECONDS)
        except OSError:
            return  # it has gone

    def _lead(self, place: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", quote(place))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def not_found(self) -> None:
        """Say in the page that it is not there."""
        self._miss(HTTPStatus.NOT_FOUND, "Sidan finns inte här", _NOT_PUBLISHED)

    def _miss(self, status: HTTPStatus, title: str, text: str) -> None:
        body = showing.missing(title, text).encode()
        self.send_response(status)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", _RETRY_SECONDS)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

"""A server of one folder for this machine alone, with which a site is looked at."""

import os
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lpe_reports.errors import UsageError

HOST = "127.0.0.1"
# As the site's pages are served (docs/serving.md); the script of search is a program of its own.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# What a browser calls this machine; a foreign name that leads here is somebody else's page.
_NAMES = (HOST, "localhost")
# What file systems take, with room for the folder that is served.
_LONGEST_NAME = 255
_LONGEST_PATH = 2000


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of one folder for this machine.

    Raises:
        UsageError: The port is taken.
    """
    return bind(partial(SiteHandler, directory=str(folder)), port)


def bind(handler: Callable[..., Any], port: int) -> ThreadingHTTPServer:
    """A server on this machine's own address, whose threads end with it.

    Raises:
        UsageError: The port is taken.
    """
    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        problem = f"port {port} cannot be used ({error.strerror}); give another --port"
        raise UsageError(problem) from None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    # On Windows, two programs could otherwise have the same port.
    allow_reuse_address = os.name == "posix"


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers with the files of a folder, asked for by a browser on this machine."""

    # A browser that says nothing more is not waited for.
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a file."""
        if not self.refused():
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer whether a file is there."""
        if not self.refused():
            super().do_HEAD()

    def refused(self) -> bool:
        """Refuse what another site's page asks for, be it by a name that it has led here.

        What no file can be called is refused, too.
        """
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        site = self.headers.get("Sec-Fetch-Site", "none")
        followed = self.headers.get("Sec-Fetch-Mode") == "navigate"
        if name not in _NAMES or not (site in ("none", "same-origin") or followed):
            self.send_error(HTTPStatus.FORBIDDEN)
            return True
        if not _can_be_a_file(self.path):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return True
        return False

    def end_headers(self) -> None:
        """Say what holds for every answer."""
        # A reader of a preview wants what is there now.
        self.send_header("Cache-Control", "no-store")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        """Nothing is listed."""
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


def _can_be_a_file(address: str) -> bool:
    try:
        path = unquote(urlsplit(address).path, errors="surrogatepass").encode()
    except ValueError:
        return False
    longest = max(map(len, path.split(b"/")))
    return b"\0" not in path and len(path) <= _LONGEST_PATH and longest <= _LONGEST_NAME

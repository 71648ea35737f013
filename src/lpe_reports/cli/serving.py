"""A server of one folder for this machine alone, with which a site is looked at."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lpe_reports.errors import UsageError

HOST = "127.0.0.1"


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of one folder for this machine.

    Raises:
        UsageError: The port is taken.
    """
    try:
        return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        problem = f"port {port} cannot be used ({error.strerror}); give another --port"
        raise UsageError(problem) from None


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # A reader of a preview wants what is there now.
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""

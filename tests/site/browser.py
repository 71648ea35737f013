"""A real Chromium before a published sample site, with the headers that the docs ask for."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, sync_playwright

# Search runs a program of its own, which a browser takes for WebAssembly and not for script.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a web server that serves a folder."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    program = next(found for name in CHROMIUM if (found := shutil.which(name)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page that is being read, and what went wrong on it."""

    page: Page
    base: str
    said: list[str] = field(default_factory=list)  # console errors and warnings, exceptions
    outside: list[str] = field(default_factory=list)  # requests to other hosts

    def go(self, address: str) -> None:
        """Open a page and wait until its small files are read."""
        self.page.goto(f"{self.base}/{address}")
        self.page.wait_for_load_state("networkidle")

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@contextmanager
def visiting(
    browser: Browser,
    base: str,
    *,
    width: int = 1280,
    scheme: str = "light",
    day: date | None = None,
) -> Iterator[Visit]:
    """A visit in a window of its own; on another day than today's where one is given."""
    settings: Any = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    context = browser.new_context(**settings)
    page = context.new_page()
    if day:
        page.clock.set_fixed_time(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    visit = Visit(page, base)

    def note(request: Request) -> None:
        if not request.url.startswith((base, "data:")):
            visit.outside.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: visit.said.append(str(error)))
    page.on(
        "console",
        lambda message: (
            visit.said.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    try:
        yield visit
    finally:
        context.close()

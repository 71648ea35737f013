"""The preview serves one folder to this machine, and nothing else."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpe_reports.cli.serving import make_server
from lpe_reports.errors import UsageError


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A served folder with a page in a version that `latest` leads to."""
    page = tmp_path / "public" / "v" / "2026-05-11" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<h1>Väntan</h1>", encoding="utf-8")
    (tmp_path / "public" / "latest").symlink_to(Path("v", "2026-05-11"))
    (tmp_path / "outside.html").write_text("outside")
    with make_server(tmp_path / "public", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://{server.server_address[0]}:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_pages_are_served_to_this_machine_alone(site: str) -> None:
    """Through `latest`, never cached, on the loopback address."""
    assert site.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{site}/latest/") as answer:
        assert answer.read().decode() == "<h1>Väntan</h1>"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v/", "/../outside.html", "/%2e%2e/outside.html", "/nope"])
def test_nothing_but_pages_is_served(site: str, path: str) -> None:
    """No listing of folders and no way out of the folder."""
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{site}{path}")

    assert error.value.code == 404
    error.value.close()


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """The message says which port and what to do."""
    with make_server(tmp_path, 0) as server:
        port = server.server_address[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used .* give another --port"):
            make_server(tmp_path, port)

"""The preview serves one folder to this machine, and nothing else."""

import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import lpe
from lpe_reports.cli.serving import make_server
from lpe_reports.errors import UsageError
from previewed import Previewed

pytestmark = pytest.mark.promise(
    "authors",
    "A preview tells what is wrong, gives nothing to others, and leaves nothing behind",
)


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


@pytest.mark.parametrize("path", ["/%00", "/a%00.html", "/%ED%A0%80", f"/{'a' * 300}", "/a" * 2000])
def test_what_no_file_can_be_called_is_refused(site: str, path: str) -> None:
    """With an answer, and nothing said in the terminal."""
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{site}{path}")

    assert error.value.code == 400
    error.value.close()


def test_many_windows_can_be_opened_at_once(tmp_path: Path) -> None:
    """Each listens to a preview for as long as it is open."""
    with make_server(tmp_path, 0) as server:
        assert server.request_queue_size >= 100


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """The message says which port and what to do."""
    with make_server(tmp_path, 0) as server:
        port = server.server_address[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used .* give another --port"):
            make_server(tmp_path, port)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", ""])
def test_a_name_that_was_led_here_by_somebody_else_gets_nothing(site: str, host: str) -> None:
    """Whoever owns a name can let it lead to this machine; a page of his could then read ours."""
    request = urllib.request.Request(f"{site}/latest/", headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)

    assert error.value.code == 403
    error.value.close()


@pytest.mark.parametrize("report", [(), ("kort",)])
@pytest.mark.parametrize("option", ["unit", "period", "source"])
def test_an_option_that_says_nothing_is_refused(
    tmp_path: Path, option: str, report: tuple[str, ...]
) -> None:
    """A variable that a script forgot to set is not "the first" or "the newest"."""
    told = lpe(tmp_path, "preview", *report, f"--{option}=", "--no-open")

    assert told.returncode == 2
    assert f"--{option} is empty" in told.stderr


def test_a_report_that_is_not_there_says_what_is_and_how_one_is_made(tmp_path: Path) -> None:
    """With the nearest name, and `lpe new`."""
    project = Previewed(tmp_path / "office").project

    told = lpe(project.root, "preview", "korrt", "--no-open", "--port", "0")

    assert told.returncode == 2
    assert "did you mean 'kort'" in told.stderr
    assert "`lpe new`" in told.stderr


def test_a_preview_without_an_extract_says_how_to_get_one(tmp_path: Path) -> None:
    """Before anything is served."""
    project = Previewed(tmp_path / "office").project
    shutil.rmtree(project.extracts)

    told = lpe(project.root, "preview", "kort", "--no-open", "--port", "0")

    assert told.returncode == 5
    assert "`lpe extract`" in told.stderr
    assert "`lpe demo`" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--unit", "bo-opc"], "`lpe preview REPORT …`"),
        (["kort", "--candidate"], "does not go with a report"),
        ([], "`lpe nightly` publishes, and `lpe preview REPORT` shows one page"),
    ],
)
def test_options_that_do_not_fit_are_told(tmp_path: Path, arguments: list[str], says: str) -> None:
    """A wrong use is no silence."""
    (tmp_path / "params").mkdir()
    (tmp_path / "_quarto.yml").touch()

    told = lpe(tmp_path, "preview", *arguments)

    assert told.returncode == 2
    assert says in told.stderr

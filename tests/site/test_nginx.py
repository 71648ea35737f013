"""The documented nginx configuration, by a real nginx: headers, caches, kinds of files, a swap."""

import os
import pwd
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.promise(
        "pages",
        "The documented web server sends the policy with every answer, and a swap is seen at once",
    ),
]

ROOT = Path(__file__).resolve().parents[2]
MAIN = """
user {account};
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {public};
        include {conf};
    }}
}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two versions, with a file of each kind that a server may not know."""
    made = Project(tmp_path_factory.mktemp("nginx"))
    for number in range(2):
        files = {
            "a/1.html": f"<p>day {number}, åäö</p>" + "x" * 2000,
            "a/1.json": '{"a": 1}' + " " * 2000,
            "a/1/t.csv": "a;b\n" * 500,
            "dataset/sidor.parquet": "PAR1" + "x" * 2000,
            "search/pagefind.pf_meta": "x" * 2000,
            "search/wasm.sv.pagefind": "x" * 2000,
        }
        publish(made, make_candidate(made, files))
    return made


@pytest.fixture(scope="module")
def base(project: Project) -> Iterator[str]:
    """The address of a real nginx that serves them by the documented configuration."""
    work = project.root / "work"
    work.mkdir()
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    conf = ROOT / "docs" / "deploy" / "nginx.conf"
    account = pwd.getpwuid(os.getuid()).pw_name
    text = MAIN.format(account=account, work=work, port=port, public=project.public, conf=conf)
    (work / "main.conf").write_text(text)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server = subprocess.Popen(
        [program, "-c", str(work / "main.conf"), "-e", str(work / "error.log")]
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/versions.json", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (work / "error.log").read_text()
                time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def get(address: str, *, packed: bool = False) -> tuple[int, Message, bytes]:
    """The status, headers and body of an answer."""
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    "page", ["latest/a/1.html", "latest/", "latest/none.html", "versions.json"]
)
def test_every_answer_has_the_policy(base: str, page: str) -> None:
    """Pages, small files and errors alike; nothing is kept without asking."""
    _, headers, _ = get(f"{base}/{page}")

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("place", ["assets", "latest/assets", "v/{version}/assets"])
def test_shared_files_may_be_kept_for_ever(base: str, project: Project, place: str) -> None:
    """By each address that pages find them at; the policy is theirs too."""
    version = (project.public / "latest").readlink().name
    status, headers, _ = get(f"{base}/{place.format(version=version)}/site.0a1b.css")

    assert status == 200
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a/1.html", "text/html; charset=utf-8"),
        ("a/1.json", "application/json"),
        ("dataset/sidor.parquet", "application/octet-stream"),
        ("search/pagefind.pf_meta", "application/octet-stream"),
        ("search/wasm.sv.pagefind", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_is_called_what_it_is(base: str, file: str, kind: str) -> None:
    """And what the search reads byte by byte is not packed once more."""
    status, headers, body = get(f"{base}/latest/{file}", packed=True)

    assert status == 200
    assert headers["Content-Type"].startswith(kind)
    packed = headers["Content-Encoding"] == "gzip"
    assert packed == (not kind.endswith("octet-stream"))
    assert body[:2] == b"\x1f\x8b" or not packed


def test_the_way_in_leads_to_the_latest(base: str) -> None:
    """One redirect; nothing that is the office's own, or half written, is handed out."""
    with urllib.request.urlopen(base) as answer:
        assert answer.url == f"{base}/latest/"
        assert answer.read() == b"front"
    assert [
        get(f"{base}/{name}")[0] for name in ("journal.jsonl", ".part-1", "v/.unfinished-x/a")
    ] == [
        404,
        404,
        404,
    ]


def test_a_swap_is_seen_at_once_and_an_unchanged_page_is_not_sent_again(
    base: str, project: Project
) -> None:
    """A browser that asks with what it has gets 304; after a rollback the other page."""
    _, headers, body = get(f"{base}/latest/a/1.html")
    assert b"day 1" in body
    known = {"If-None-Match": headers["ETag"]}
    request = urllib.request.Request(f"{base}/latest/a/1.html", headers=known)
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(request)
    assert unchanged.value.code == 304
    unchanged.value.close()

    roll_back(project)

    assert b"day 0" in get(f"{base}/latest/a/1.html")[2]

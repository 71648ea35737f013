"""Letters through a real mail server on this machine, and to a real webhook."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from lpe_reports.cli.letters.letter import Letter
from lpe_reports.cli.letters.sending import send
from lpe_reports.cli.letters.settings import MailServer, PostSettings, post_settings
from lpe_reports.errors import SettingsError
from mail_box import Box, free_port, mail_box

pytestmark = pytest.mark.promise(
    "builds", "A mail server or webhook that refuses, lies or is not there stops no night"
)

FROM = "analys@example.invalid"
LETTERS = [Letter(f"{name}@example.invalid", "Två sidor kunde inte göras", "Väntelistor: åäö\n")
           for name in ("agare", "drift")]  # fmt: skip


@pytest.fixture
def box() -> Iterator[tuple[Box, MailServer]]:
    """A mail server and what it has taken."""
    with mail_box() as (found, port):
        yield found, MailServer("127.0.0.1", port, "none")


def test_letters_arrive_as_they_were_written(box: tuple[Box, MailServer]) -> None:
    """Swedish signs in subject and body; from the office; marked as a program's."""
    found, server = box

    told = send(LETTERS, PostSettings(server), FROM)

    assert told == ["2 letters sent"]
    assert [letter["To"] for letter in found.letters] == [letter.to for letter in LETTERS]
    first = found.letters[0]
    assert str(first["From"]) == FROM
    assert first["Auto-Submitted"] == "auto-generated"
    assert "=?utf-8?" in first["Subject"]
    body = first.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().strip() == "Väntelistor: åäö"


def test_a_letter_that_is_refused_is_counted_and_stops_nothing(
    box: tuple[Box, MailServer],
) -> None:
    """The server's words, which can quote anything, are not passed on."""
    found, server = box
    letters = [LETTERS[0], Letter("nobody@example.invalid", "x", "y"), LETTERS[1]]

    told = send(letters, PostSettings(server), FROM)

    assert told == ["2 of 3 letters could not be sent (SMTPRecipientsRefused at LPE_MAIL_HOST)"]
    assert len(found.letters) == 1


def test_a_server_that_is_not_there_is_told_and_stops_nothing() -> None:
    """No exception: the night is published, whoever can be written to."""
    server = MailServer("127.0.0.1", free_port(), "none")

    (told,) = send(LETTERS, PostSettings(server), FROM)

    assert told == "2 of 2 letters could not be sent (ConnectionRefusedError at LPE_MAIL_HOST)"


def test_without_security_where_it_is_asked_for_nothing_is_sent(
    box: tuple[Box, MailServer],
) -> None:
    """A server that knows no STARTTLS gets no letter and no password."""
    found, server = box
    secured = MailServer(server.host, server.port, "starttls", "we", "secret")

    (told,) = send(LETTERS, PostSettings(secured), FROM)

    assert told == "2 of 2 letters could not be sent (SMTPNotSupportedError at LPE_MAIL_HOST)"
    assert found.letters == []


@pytest.fixture
def webhook() -> Iterator[tuple[list[Any], str]]:
    """A chat's webhook, and what it was told."""
    told: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.append(json.loads(self.rfile.read(length)))
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield told, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_is_told_all_letters_in_one(webhook: tuple[list[Any], str]) -> None:
    """As text, which chats take; one that answers with an error is told of."""
    told, address = webhook

    assert send(LETTERS, PostSettings(webhook=f"{address}/hook"), FROM) == ["the webhook was told"]
    (body,) = told
    assert body["text"].count("Två sidor kunde inte göras") == 2
    assert send(LETTERS, PostSettings(webhook=f"{address}/broken"), FROM) == [
        "the webhook could not be told (HTTPError at LPE_WEBHOOK)"
    ]


def test_the_environment_says_where_letters_go() -> None:
    """By the security's own port unless another is named; no secret shows itself."""
    environment = {
        "LPE_MAIL_HOST": " post.example.invalid ",
        "LPE_MAIL_USER": "we",
        "LPE_MAIL_PASSWORD": "hemligt",
        "LPE_MAIL_OPERATOR": "drift@example.invalid",
        "LPE_WEBHOOK": "https://chat.example.invalid/hemlig",
    }

    found = post_settings(environment)

    assert found.server == MailServer("post.example.invalid", 587, "starttls", "we", "hemligt")
    assert (found.operator, found.sender) == ("drift@example.invalid", "")
    assert "hemlig" not in repr(found)
    assert not post_settings({}).anything


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"LPE_MAIL_SECURITY": "ssl"}, "LPE_MAIL_SECURITY is none of: none, starttls, tls"),
        ({"LPE_MAIL_PORT": "70000"}, "LPE_MAIL_PORT is no port"),
        ({"LPE_MAIL_PORT": "²5"}, "LPE_MAIL_PORT is no port"),
        ({"LPE_MAIL_USER": "we"}, "go together"),
        (
            {"LPE_MAIL_USER": "we", "LPE_MAIL_PASSWORD": "hemligt", "LPE_MAIL_SECURITY": "none"},
            "unprotected",
        ),
        ({"LPE_MAIL_OPERATOR": "drift"}, "LPE_MAIL_OPERATOR is no mail address"),
        ({"LPE_WEBHOOK": "file:///etc/passwd"}, "LPE_WEBHOOK is no http or https address"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(wrong: dict[str, str], said: str) -> None:
    """What is wrong and what to do."""
    with pytest.raises(SettingsError, match=said) as caught:
        post_settings({"LPE_MAIL_HOST": "post.example.invalid", **wrong})

    assert "hemligt" not in str(caught.value)
    assert "passwd" not in str(caught.value)

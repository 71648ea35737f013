"""Where letters are sent, from the environment; nothing is sent where nothing is said.

LPE_MAIL_HOST       the mail server; without it no mail is sent
LPE_MAIL_PORT       its port; by the security otherwise: 25, 587 or 465
LPE_MAIL_SECURITY   none, starttls (the default) or tls
LPE_MAIL_USER       who we are there, with LPE_MAIL_PASSWORD; neither where it asks nobody
LPE_MAIL_FROM       who the letters are from; the office's contact otherwise
LPE_MAIL_OPERATOR   who is told of whole nights that did not end well
LPE_WEBHOOK         an address that takes {"text": "…"} by POST, of a chat for instance
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from lpe_reports.errors import SettingsError

Security = Literal["none", "starttls", "tls"]
_PORTS: Mapping[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class MailServer:
    """A mail server and who we are there."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class PostSettings:
    """Where letters go.

    Fields:
        server: The mail server; None where no mail is sent.
        sender: Who letters are from; empty: the office's contact.
        operator: Who is told of whole nights; empty: nobody.
        webhook: The address of a chat's webhook; empty: none.
    """

    server: MailServer | None = None
    sender: str = ""
    operator: str = ""
    webhook: str = field(default="", repr=False)

    @property
    def anything(self) -> bool:
        """Whether anything is sent anywhere."""
        return self.server is not None or bool(self.webhook)


def post_settings(environment: Mapping[str, str]) -> PostSettings:
    """The settings that the environment holds.

    Raises:
        SettingsError: A variable is not what it must be; names it, never its value.
    """

    def said(name: str) -> str:
        return environment.get(name, "").strip()

    webhook = said("LPE_WEBHOOK")
    if webhook and urlsplit(webhook).scheme not in ("http", "https"):
        raise SettingsError("LPE_WEBHOOK is no http or https address; mend it or unset it")
    return PostSettings(
        server=_server(said) if said("LPE_MAIL_HOST") else None,
        sender=_address(said("LPE_MAIL_FROM"), "LPE_MAIL_FROM"),
        operator=_address(said("LPE_MAIL_OPERATOR"), "LPE_MAIL_OPERATOR"),
        webhook=webhook,
    )


def _server(said: Callable[[str], str]) -> MailServer:
    security = said("LPE_MAIL_SECURITY") or "starttls"
    if security not in _PORTS:
        known = ", ".join(_PORTS)
        raise SettingsError(f"LPE_MAIL_SECURITY is none of: {known}; mend it or unset it")
    chosen: Security = security  # type: ignore[assignment]
    port = said("LPE_MAIL_PORT") or str(_PORTS[chosen])
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError("LPE_MAIL_PORT is no port (1 to 65535); mend it or unset it")
    user, password = said("LPE_MAIL_USER"), said("LPE_MAIL_PASSWORD")
    if bool(user) != bool(password):
        raise SettingsError("LPE_MAIL_USER and LPE_MAIL_PASSWORD go together; one is missing")
    if user and chosen == "none":
        raise SettingsError(
            "LPE_MAIL_PASSWORD would go over the network unprotected; set LPE_MAIL_SECURITY to "
            "starttls or tls"
        )
    return MailServer(said("LPE_MAIL_HOST"), int(port), chosen, user, password)


def _address(text: str, name: str) -> str:
    if text and (text.count("@") != 1 or any(sign.isspace() for sign in text)):
        raise SettingsError(f"{name} is no mail address; mend it or unset it")
    return text

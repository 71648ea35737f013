"""Sending letters: by SMTP, and to a webhook. What cannot be sent is told, and stops nothing."""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from lpe_reports.cli.letters.letter import Letter
from lpe_reports.cli.letters.settings import MailServer, PostSettings

# A night must not wait for a server that does not answer.
_SECONDS = 20


def send(letters: Sequence[Letter], settings: PostSettings, sender: str) -> list[str]:
    """Send letters by every way that the settings name.

    Args:
        letters: The letters.
        settings: Where they go.
        sender: Who they are from where the settings do not say.

    Returns:
        What went and what could not, a sentence each; addresses and classes of errors only.
    """
    told = []
    if settings.server is not None and letters:
        told.append(_by_mail(letters, settings.server, settings.sender or sender))
    if settings.webhook and letters:
        told.append(_by_webhook(letters, settings.webhook))
    return told


def _by_mail(letters: Sequence[Letter], server: MailServer, sender: str) -> str:
    sent = 0
    try:
        with _connected(server) as connection:
            for letter in letters:
                connection.send_message(_message(letter, sender))
                sent += 1
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # What a server answers can quote what it was given.
        why = type(error).__name__
        left = len(letters) - sent
        return f"{left} of {len(letters)} letters could not be sent ({why} at LPE_MAIL_HOST)"
    return f"{sent} {'letter' if sent == 1 else 'letters'} sent"


def _connected(server: MailServer) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_SECONDS, context=trust
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.security == "starttls":
            connection.starttls(context=trust)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    # Nobody's out-of-office answers to a program.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _by_webhook(letters: Sequence[Letter], address: str) -> str:
    text = "\n\n".join(f"{letter.subject}\n{letter.body}" for letter in letters)
    request = urllib.request.Request(
        address,
        data=json.dumps({"text": text}, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return "the webhook was told"
    except (OSError, ValueError, urllib.error.URLError) as error:
        return f"the webhook could not be told ({type(error).__name__} at LPE_WEBHOOK)"

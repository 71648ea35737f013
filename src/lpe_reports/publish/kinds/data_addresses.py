"""Files and texts that lie in an address or an attribute, packed so that nobody can read them."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

_KINDS = {
    "image/svg+xml": "svg", "text/html": "html", "text/css": "css", "text/csv": "csv",
    "text/plain": "txt", "application/json": "json", "text/javascript": "js",
    "application/pdf": "pdf", "application/zip": "zip", "font/woff2": "woff2",
    "font/woff": "woff",
}  # fmt: skip
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_READABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]*")


def files_in(addresses: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The files that addresses hold themselves (`data:image/svg+xml;base64,…`)."""
    for address in addresses:
        if address[:5].lower() != "data:":
            continue
        head, _, body = address[5:].partition(",")
        media, *options = head.lower().split(";")
        content = unquote_to_bytes(body)
        if "base64" in options:
            try:
                content = _unpacked(content)
            except binascii.Error:
                continue
        if content:
            yield f"data.{_KINDS.get(media.strip() or 'text/plain', 'unknown')}", content


def hidden_text(value: str) -> str:
    """The text that an attribute's value packs; "" when it packs none."""
    if not _PACKED.fullmatch(value):
        return ""
    try:
        text = _unpacked(value.encode()).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text if _READABLE.fullmatch(text) else ""


def _unpacked(content: bytes) -> bytes:
    # Browsers take it without the signs that fill it up, and with those of addresses.
    plain = content.strip().translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    return base64.b64decode(plain + b"=" * (-len(plain) % 4))

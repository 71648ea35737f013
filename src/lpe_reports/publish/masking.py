"""What the gate says of where a finding is, without anything of what was found.

The names of files, folders, sheets and columns can hold the very thing that must not leave. A name
that does is told by its kind alone, and no name is told with six digits in a row.
"""

import re
from urllib.parse import unquote

from lpe_reports.publish.rules.digits import DASHES, MARKS, SPACES, seen
from lpe_reports.publish.rules.secrets import is_secret

_GONE = "…"
# Names within a name: folders, files in archives, a sheet and its cell.
_BETWEEN = re.compile(r"(/|: |, |^(?:sheet|column|table|its part) )")
_SUFFIX = re.compile(r"(?:\.[A-Za-z]{1,8})?\.[A-Za-z][A-Za-z0-9]{0,7}$")
_RUN = re.compile(r"\d{6,}")
_KEY = re.compile(r"[a-z]{2,3}_[a-p]{20}", re.IGNORECASE)
# Digits enough for a personal number, whatever parts them.
_MANY = re.compile(rf"\d(?:[{SPACES}{DASHES}{MARKS}\t\n,;%]{{0,4}}\d){{9,}}")


def masked(text: str) -> str:
    """A name or a place without the numbers, keys and passwords that it may hold itself."""
    return "".join(
        piece if number % 2 else _name(piece) for number, piece in enumerate(_BETWEEN.split(text))
    )


def _name(text: str) -> str:
    plain = seen(unquote(text))[0]
    if _MANY.search(plain) or _KEY.search(plain) or is_secret(plain):
        suffix = _SUFFIX.search(text)
        return _GONE + (suffix[0] if suffix else "")
    if "%" in text and _RUN.search(plain):
        return _GONE
    return _RUN.sub(_GONE, text)

"""The search index: Pagefind's packed files, and where each hit leads.

A fragment is what is shown of one hit, an index or meta file holds the words of all of them, and
the last kind is Pagefind's own program. Each is packed by gzip and begins with Pagefind's mark.
"""

import gzip
import io
import json
import re
from functools import partial

from lpe_reports.publish.documents import APART, Document, Reference
from lpe_reports.publish.kinds.archives import Allowance
from lpe_reports.publish.kinds.plain import passages_of_json, unescaped

_MARK = b"pagefind_dcd"
_PROGRAM = b"\0asm"
# Fragments lie two folders below the version's root, from which their addresses are.
_TO_ROOT = "../../"
_ADDRESS = "adress"
# Texts between the numbers of an index: letters of any language, digits and signs.
_TEXT = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){2,}")

# Where Pagefind's makers built its program, which they left in it.
_BUILT_AT = re.compile(rb"/home/runner/\.(?:cargo|rustup)/[\x21-\x7e]*")


def read_fragment(document: Document, allowance: Allowance) -> None:
    """What is shown of a hit; its address is a link of the site.

    Raises:
        ValueError: It is damaged, or leads nowhere.
    """
    document.source = _unpacked(document, allowance).decode("utf-8")
    document.text = unescaped(document.source)
    content = json.loads(document.source)
    document.passages = partial(passages_of_json, document, content)
    document.references = [Reference("link", f"{_TO_ROOT}{content['meta'][_ADDRESS]}")]


def read_words(document: Document, allowance: Allowance) -> None:
    """The words that are found.

    Raises:
        ValueError: It is damaged.
    """
    found = _TEXT.findall(_unpacked(document, allowance))
    document.text = APART.join(text.decode("utf-8", errors="replace") for text in found)


def read_program(document: Document, allowance: Allowance) -> None:
    """Pagefind's program, which holds no text but names.

    Raises:
        ValueError: It is damaged, or something else.
    """
    content = _unpacked(document, allowance)
    if not content.startswith(_PROGRAM):
        raise ValueError("no program")
    words = [
        text.decode("utf-8", errors="replace")
        for text in _TEXT.findall(_BUILT_AT.sub(b" ", content))
    ]
    document.markup = {"its bytes": APART.join(words)}


def _unpacked(document: Document, allowance: Allowance) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(document.content)) as stream:
        content = allowance.take(stream)
    if not content.startswith(_MARK):
        raise ValueError("not Pagefind's")
    return content.removeprefix(_MARK)

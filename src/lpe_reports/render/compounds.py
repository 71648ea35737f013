"""The last parts of compound words, by which a reader may look for them.

Swedish writes "knäproteser" in one word, and search goes by how words begin. A part counts as one
where it, or its stem, stands as a word of its own somewhere on the site.
"""

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W\d_]+")
# Shorter ones are chance: "vård" in "vårdag".
_SHORTEST_PART, _SHORTEST_FIRST = 5, 3
_ENDINGS = ("arna", "erna", "orna", "ar", "er", "or", "en", "et", "na", "n", "t", "a", "s")


def last_parts(texts: Iterable[str]) -> Mapping[str, str]:
    """The last part of each compound word in some texts, in small letters.

    Args:
        texts: All texts of the site; what stands as a word in one may be a part in another.
    """
    words = {word for text in texts for word in words_of(text)}
    known = {word for word in words if len(word) >= _SHORTEST_PART}
    known |= {stem for word in known if len(stem := _stem(word)) >= _SHORTEST_PART}
    return {word: part for word in words if (part := _last_part(word, known))}


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORD.findall(text.casefold())


def _last_part(word: str, known: set[str]) -> str:
    """The longest end of a word that is known; empty where none is."""
    for start in range(_SHORTEST_FIRST, len(word) - _SHORTEST_PART + 1):
        part = word[start:]
        if part in known or _stem(part) in known:
            return part
    return ""


def _stem(word: str) -> str:
    """A word without its ending, roughly."""
    return next((word.removesuffix(end) for end in _ENDINGS if word.endswith(end)), word)

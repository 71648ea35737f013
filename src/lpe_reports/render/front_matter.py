"""YAML front matter that says exactly what it is given, whoever reads it.

Pandoc and Quarto read every string of the front matter as Markdown: two hyphens become a
dash, an underscore emphasis, "4. maj" a list. Addresses and names must survive that, so each
ASCII sign is written with a backslash, which Markdown takes away again.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Value = str | bool | None | Mapping[str, "Value"] | Sequence["Value"]
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")


def literal(text: str) -> str:
    """A text that Markdown reads as itself."""
    # Line breaks go, no-break spaces stay.
    return _SIGN.sub(r"\\\1", re.sub(r"[ \t\r\n]+", " ", text).strip(" "))


def front_matter(data: Mapping[str, Value]) -> str:
    """The block between `---` lines; empty and false values are left out, as a template sees them.

    Args:
        data: Texts, flags, and lists and mappings of them, by name.
    """
    return "\n".join(["---", *_mapping(data, ""), "---", ""])


def _mapping(data: Mapping[str, Value], indent: str) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, str | bool):
            if value:
                yield f"{indent}{key}: {_scalar(value)}"
        elif value:
            yield f"{indent}{key}:"
            yield from _nested(value, indent + "  ")


def _nested(value: Mapping[str, Value] | Sequence[Value], indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, indent)
        return
    for item in value:
        if isinstance(item, Mapping):
            lines = list(_mapping(item, indent + "  "))
            yield f"{indent}- {lines[0].lstrip()}"
            yield from lines[1:]
        elif isinstance(item, str | bool):
            yield f"{indent}- {_scalar(item)}"


def _scalar(value: str | bool) -> str:
    return "true" if value is True else json.dumps(literal(str(value)), ensure_ascii=False)

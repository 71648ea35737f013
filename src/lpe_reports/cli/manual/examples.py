"""Examples of keys, out of the demo's own params, as a person would write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from lpe_reports.cli.manual.models import Key, default_of, keys_of, kind_of
from lpe_reports.cli.manual.tables import code
from lpe_reports.params.reading import ParamsModel, read_yaml
from lpe_reports.settings import Project

# A longer one is cut: a table's cell is to be read at a glance.
_LONGEST = 64
_PLAIN = re.compile(r"[A-Za-zÅÄÖåäö(/.][^:#\n\[\]{},\"']*")
_WORDS = ("true", "false", "null", "~")


@dataclass
class Examples:
    """The first value that each key of each model has in a file."""

    found: dict[tuple[type[ParamsModel], str], Any] = field(default_factory=dict)

    @classmethod
    def read(cls, project: Project, name: str, model: type[ParamsModel]) -> "Examples":
        """The examples of one kind of file, or of all files that a pattern names."""
        examples = cls()
        for path in sorted(project.root.glob(name)):
            examples._add(model, read_yaml(path, project.root))
        return examples

    def of(self, model: type[ParamsModel], key: str) -> str:
        """The example of a key, as Markdown; empty where what it holds is told below."""
        value = self.found.get((model, key))
        if value is None:
            field = next(each for each in keys_of(model) if each.name == key)
            value = None if field.inner else _likely(field)
        return "" if value is None else code(_short(value))

    def _add(self, model: type[ParamsModel], document: Any) -> None:
        if not isinstance(document, dict):
            return
        for key in keys_of(model):
            if key.name not in document:
                continue
            value = document[key.name]
            if not key.inner:
                held = self.found.get((model, key.name))
                if value not in (None, [], {}) and held is None:
                    self.found[model, key.name] = value
            for way, inner in key.inner:
                for each in _reached(value, way):
                    self._add(inner, each)


def _likely(key: Key) -> Any:
    """An example where no file has one: the model's own, or what its type leaves no doubt about."""
    if key.field.examples:
        return key.field.examples[0]
    default = default_of(key.field)
    if key.kind == kind_of(bool):
        return not default
    if key.kind.startswith("date"):
        return date(2026, 5, 11)
    if key.kind.startswith("one of"):
        choices = re.findall(r"`([^`]+)`", key.kind)
        return next(choice for choice in choices if choice != default)
    if isinstance(default, int | float):
        return default
    return 1 if key.kind.startswith("whole number") else None


def _reached(value: Any, way: str) -> Iterator[Any]:
    """What lies at the end of a way (`[]`, `.<name>`) from a value."""
    if not way:
        yield value
    elif way.startswith("[]") and isinstance(value, list):
        for each in value:
            yield from _reached(each, way[2:])
    elif way.startswith(".<name>") and isinstance(value, dict):
        for each in value.values():
            yield from _reached(each, way[7:])


def written(value: Any) -> str:
    """A value as YAML on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case BaseModel():
            return written(value.model_dump(exclude_defaults=True))
        case dict():
            return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(written, value)) + "]"
        case int() | float() | date():
            return str(value)
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    """A text, in quotation marks where YAML would take it for something else without."""
    if _PLAIN.fullmatch(text) and text.strip() == text and text not in _WORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _short(value: Any) -> str:
    """A value on one line, of which only the beginning stands where it is long."""
    if isinstance(value, str):
        text = " ".join(value.split())
        cut = _cut(text, _LONGEST)
        return _text(cut) if cut == text else cut
    value = _with_short_texts(value)
    whole = written(value)
    while len(whole) > _LONGEST and isinstance(value, list | dict) and len(value) > 1:
        left = list(value)[:-1]
        value = {key: value[key] for key in left} if isinstance(value, dict) else left
        whole = written(value)[:-1] + ", …" + ("}" if isinstance(value, dict) else "]")
    return whole


def _with_short_texts(value: Any) -> Any:
    match value:
        case str():
            return _cut(" ".join(value.split()), _LONGEST // 2)
        case dict():
            return {key: _with_short_texts(each) for key, each in value.items()}
        case list():
            return [_with_short_texts(each) for each in value]
    return value


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, by whole words."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"

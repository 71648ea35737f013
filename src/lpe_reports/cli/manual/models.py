"""Params models as a reader meets them: which keys there are, and what each is.

What a key means stands in the model's docstring, under `Fields:`; what it is, in its annotation.
"""

import enum
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from lpe_reports.params.reading import ParamsModel

_ENTRY = re.compile(r"^    (\w+): (.*)$")
# What texts of a pattern are, in words.
PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits with hyphens between, like `hu-cop`",
    r"^[a-z][a-z0-9_]*$": "small letters, digits and `_`, like `open_theatres`",
    r"^[A-Z]{2}$": "two capital letters",
    r"^reports/[\w/-]+\.ipynb$": "a notebook below `reports/`",
    r"^[^@\s]+@[^@\s]+$": "mail address",
    r"^[^@\s<>\"]+@[^@\s<>\"]+$": "mail address",
    r"^[A-Z][A-Z0-9]{0,4}$": "capital letters and digits, at most five",
    r"^[A-Z]{3}[0-9]{2}$": "KVÅ code, like `NGB49`",
    r"^[A-Z][A-Z0-9_]*$": "name of an environment variable",
    r"^[a-z0-9-]+(/[a-z0-9-]+)*$": "folder, from the site's root",
    r"^https://": "address, `https://…`",
    r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$": 'time of day in quotes, `"07:00"`',
}
_SCALARS = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}


@dataclass(frozen=True)
class Key:
    """One key of a model.

    Fields:
        name: As it is written in the file.
        field: The model's field.
        says: What it means; empty where its model does not say.
        kind: What it takes, as Markdown; in place of a model stands its name in braces.
        inner: The models that it holds, and how one of each is found from the key
            (`[]`, `.<name>`).
    """

    name: str
    field: FieldInfo
    says: str
    kind: str
    inner: tuple[tuple[str, type[ParamsModel]], ...]


def keys_of(model: type[ParamsModel]) -> list[Key]:
    """The keys of a model, in its order."""
    said = said_of(model)
    return [
        Key(
            written := field.alias or name,
            field,
            said.get(written, ""),
            kind_of(field.annotation, field.metadata),
            tuple(_models(field.annotation, "")),
        )
        for name, field in model.model_fields.items()
    ]


def said_of(model: type[ParamsModel]) -> dict[str, str]:
    """What the docstrings of a model and of those it comes from say of each key."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if not issubclass(each, ParamsModel) or "Fields:" not in (each.__doc__ or ""):
            continue
        lines = inspect.cleandoc(each.__doc__ or "").split("Fields:\n", 1)[1].splitlines()
        name = ""
        for line in lines:
            if entry := _ENTRY.match(line):
                name, found[entry[1]] = entry[1], entry[2]
            elif name and line.startswith(" " * 8):
                found[name] += " " + line.strip()
    return found


def summary_of(model: type[ParamsModel]) -> str:
    """The first paragraph of a model's docstring."""
    return " ".join(inspect.cleandoc(model.__doc__ or "").split("\n\n")[0].split())


def kind_of(annotation: Any, metadata: list[Any] | tuple[Any, ...] = ()) -> str:
    """What a value of a type is, in words."""
    if get_origin(annotation) is typing.Annotated:
        inner, *more = get_args(annotation)
        return kind_of(inner, [*more, *metadata])
    limits = dict(_limits(metadata))
    if pattern := limits.get("pattern"):
        return PATTERNS.get(str(pattern), f"text that fits `{pattern}`")
    if annotation in _SCALARS:
        return _SCALARS[annotation] + _range(limits, "character" if annotation is str else "")
    return _compound(annotation, limits)


def _compound(annotation: Any, limits: Mapping[str, Any]) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        if set(inner) <= _SCALARS.keys():
            return "text, number, `true` or `false`"
        # (That it may be null is seen by its default.)
        return "; or ".join(kind_of(each) for each in inner if each is not type(None))
    if origin in (list, tuple):
        return f"list of: {kind_of(inner[0])}" + _range(limits, "entry")
    if origin is dict:
        return f"mapping of {kind_of(inner[0])} to: {kind_of(inner[1])}"
    if annotation is Any:
        return "anything that YAML can say"
    if inspect.isclass(annotation) and issubclass(annotation, enum.Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in annotation)
    if inspect.isclass(annotation) and issubclass(annotation, ParamsModel):
        return f"keys, see {{{annotation.__name__}}}"
    return {"date": "date, like 2026-05-11"}.get(annotation.__name__, str(annotation.__name__))


def _limits(metadata: list[Any] | tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for each in metadata:
        if isinstance(each, FieldInfo):
            yield from _limits(each.metadata)
        for kind, name in ((Ge, "ge"), (Gt, "gt"), (Le, "le")):
            if isinstance(each, kind):
                yield name, getattr(each, name)
        if isinstance(each, MinLen):
            yield "ge", each.min_length
        if isinstance(each, MaxLen):
            yield "le", each.max_length
        if getattr(each, "pattern", None):
            yield "pattern", each.pattern


def _range(limits: Mapping[str, Any], counted: str) -> str:
    """` from 1 to 30`, `, at most 60 characters`; empty where there is no limit to speak of."""
    low, high = limits.get("ge", limits.get("gt")), limits.get("le")
    if counted:
        plural = "entries" if counted == "entry" else f"{counted}s"
        return "" if not high else f", one {counted}" if high == 1 else f", at most {high} {plural}"
    above = "above" if "gt" in limits else "from"
    if low is not None and high is not None:
        return f" {above} {low:g} to {high:g}"
    return f", {above} {low:g}" if low is not None else ""


def _models(annotation: Any, way: str) -> Iterator[tuple[str, type[ParamsModel]]]:
    """The models that a value can hold, and the way to one of each."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated or origin in (Union, types.UnionType):
        for each in inner if origin is not typing.Annotated else inner[:1]:
            yield from _models(each, way)
    elif origin in (list, tuple):
        yield from _models(inner[0], f"{way}[]")
    elif origin is dict:
        yield from _models(inner[1], f"{way}.<name>")
    elif inspect.isclass(annotation) and issubclass(annotation, ParamsModel):
        yield way, annotation


def default_of(field: FieldInfo) -> Any:
    """What holds where the key is left out; `PydanticUndefined` where it may not be."""
    return field.get_default(call_default_factory=True)


def is_required(field: FieldInfo) -> bool:
    """Whether the key must stand there."""
    return default_of(field) is PydanticUndefined

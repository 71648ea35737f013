"""Params files as somebody might write them: the real ones, small, with things changed in them."""

import copy
import json
import math
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from lpe_reports.params.documents import parse

ROOT = Path(__file__).resolve().parent.parent

# What stands in a file by mistake or on purpose; the words are of values that mean something.
_ODD = [
    None, True, 0, -1, 1, 7, 10**30, 0.5, -0.0, 1e-320, math.nan, math.inf,
    date(2026, 5, 11), date.min, date.max, "", " ", "no", "~", "null", "2026-05-11", "24:00",
    "hu", "hu-cop", "xx", "operation", "con", "Gävle", "a/b", "../x", "x" * 300, "{{ x }}",
    "a\nb", "\u202eabc", "\x00", "\ud83d", "😀", "İ", "ß", "<b>", "reports/small.ipynb", [], {},
    [None], {"": ""}, {"a": {"b": [1]}}, [[[]]], [{}], "hu-cop\n", "ＣＯＮ", "Нu - C-op",
]  # fmt: skip
# Two files of which the real ones say nothing yet.
_SAID = {
    "params/moved.yml": {"moved": [{"from": "a/b", "to": "a/c"}, {"from": "a/d", "to": "a/e"}]},
    "params/citations.yml": {"versions": [{"id": "2026-05-12.2", "cited": "Möte 1"}]},
}
_MOST_KEYS = 14  # a mapping of more is no object with fields
_DEEDS = ["replace", "move", "leave out", "add a key", "rename", "repeat", "wrap"]


def small(name: str, most: int = 3) -> Any:
    """A real file, with at most so many items of each list, and of what is a list of entries."""
    if name in _SAID:
        return copy.deepcopy(_SAID[name])
    document = parse((ROOT / name).read_text(encoding="utf-8"))
    return _shortened(json.loads(json.dumps(document, default=_kept)), most)


def _kept(value: object) -> Any:
    return {"!": value.isoformat()} if isinstance(value, date) else value


def _shortened(value: Any, most: int) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"!"}:
            return date.fromisoformat(value["!"])
        names = list(value)[: most if len(value) > _MOST_KEYS else None]
        return {key: _shortened(value[key], most) for key in names}
    if isinstance(value, list):
        return [_shortened(inner, most) for inner in value[:most]]
    return value[:200] if isinstance(value, str) else value


def changed(document: Any) -> st.SearchStrategy[Any]:
    """A document with one to three things changed in it."""
    number = st.integers(0, 2**20)
    deed = st.tuples(st.sampled_from(_DEEDS), number, number, st.sampled_from(_ODD))
    return st.lists(deed, min_size=1, max_size=3).map(lambda deeds: _done(document, deeds))


def _done(document: Any, deeds: list[tuple[str, int, int, Any]]) -> Any:
    made = copy.deepcopy(document)
    for deed, where, other, odd in deeds:
        places = list(_places(made))
        if places:
            _do(deed, places[where % len(places)], places[other % len(places)], odd)
    return made


Place = tuple[Any, Any]  # a mapping or list, and where in it


def _places(value: Any) -> Iterator[Place]:
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    for step in steps:
        yield value, step
        yield from _places(value[step])


def _do(deed: str, place: Place, other: Place, odd: Any) -> None:
    inside, step = place
    word = odd if isinstance(odd, str) else "more"
    match deed:
        case "replace":
            inside[step] = copy.deepcopy(odd)
        case "move":
            inside[step] = copy.deepcopy(other[0][other[1]])
        case "leave out":
            del inside[step]
        case "add a key" if isinstance(inside, dict):
            inside[word] = copy.deepcopy(odd)
        case "rename" if isinstance(inside, dict):
            inside[word] = inside.pop(step)
        case "repeat" if isinstance(inside, list):
            inside.append(copy.deepcopy(inside[step]))
        case "wrap":
            inside[step] = [inside[step]]


def written(value: Any, indent: int = 0) -> str:
    """A document as YAML, one thing in a line."""
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        lines = [
            f"{pad}{_scalar(key)}: {written(inner, indent + 1)}" for key, inner in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{' ' * indent}}}" if lines else "{}"
    if isinstance(value, list):
        lines = [f"{pad}{written(inner, indent + 1)}" for inner in value]
        return "[\n" + ",\n".join(lines) + f"\n{' ' * indent}]" if lines else "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value)


def arbitrary(seed: int) -> bytes:
    """Bytes that look like a params file, cut and put together anywhere."""
    draw = random.Random(seed)
    pieces: list[Callable[[], bytes]] = [
        lambda: (ROOT / "params" / draw.choice(["units.yml", "packs.yml"])).read_bytes(),
        lambda: draw.randbytes(draw.randrange(30)),
        lambda: draw.choice([b"- ", b"? ", b"&a ", b"*a", b"<<: *a\n", b"!!x ", b"|\n", b"'", b'"',
                             b"{", b"[", b"}", b"#", b"\t", b"\r", b"%", b"---\n", b"a: b\n"]),
    ]  # fmt: skip
    found = b""
    for _ in range(draw.randrange(1, 8)):
        piece = draw.choice(pieces)()
        start = draw.randrange(len(piece) + 1)
        found += piece[start : start + draw.randrange(200)]
    return found

"""What the package's calls are called and take, read from its source: importing it takes pandas."""

import ast
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PAGE_MODULES = ("page_asking", "page_telling", "page_drawing", "page_charts")
_GLOSSARY = re.compile(r"^Glossary: +(.+(?:\n +.+)*)", re.MULTILINE)
_ANSWERS = "lpe_reports.display.answers"


@dataclass(frozen=True)
class Signature:
    """What a call takes.

    Fields:
        names: All that it can be given by name.
        required: What it must be given, the positional ones first.
        places: How many it can be given by their place; None for any number.
        places_named: The names of those places.
        any_name: Whether it takes other names, too.
        shows: Whether it returns something that stands on the page.
        defined: The glossary entries that its docstring names.
    """

    names: tuple[str, ...]
    required: tuple[str, ...]
    places: int | None
    places_named: tuple[str, ...]
    any_name: bool
    shows: bool
    defined: tuple[str, ...] = ()

    def faults(self, call: ast.Call, more: tuple[str, ...] = ()) -> Iterator[str]:
        """What is wrong with how it is called; `more` are names that it takes besides."""
        given = [keyword.arg for keyword in call.keywords]
        opened = None in given or any(isinstance(each, ast.Starred) for each in call.args)
        for name in given:
            if name is None or name in self.names or name in more:
                continue
            if not self.any_name or more:
                near = difflib.get_close_matches(name, (*self.names, *more), n=1)
                yield f"{name}= is no argument of it" + (
                    f"; did you mean {near[0]}=?" if near else f"; it takes {self._listed(more)}"
                )
        if opened:
            return
        if self.places is not None and len(call.args) > self.places:
            yield f"it is given {len(call.args)} values by their place, and takes {self.places}"
        by_place = self.places_named[: len(call.args)]
        for name in self.required:
            if name not in given and name not in by_place:
                yield f"{name}=… is missing"

    def _listed(self, more: tuple[str, ...]) -> str:
        return ", ".join((*self.names, *more)) or "none"


@cache
def page_signatures() -> Mapping[str, Signature]:
    """The calls of a page, by name."""
    found = {}
    for module in _PAGE_MODULES:
        for node in _tree(f"lpe_reports.display.{module}").body:
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                        found[part.name] = signature_of(part)
    return found


@cache
def answers_of(family: str) -> Mapping[str, tuple[str, Signature]] | None:
    """The answers and sentences of a family by name, each with its kind; None where it is none."""
    if not family.isidentifier() or find_spec(f"{_ANSWERS}.{family}") is None:
        return None
    found: dict[str, tuple[str, Signature]] = {}
    for node in _tree(f"{_ANSWERS}.{family}").body:
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Name) and mark.id in ("answer", "sentence"):
                    found[node.name] = (mark.id, signature_of(node))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{_ANSWERS}."):
            others = answers_of((node.module or "").rpartition(".")[2]) or {}
            for alias in node.names:
                if alias.name in others:
                    found[alias.asname or alias.name] = others[alias.name]
    return found


def signature_of(function: ast.FunctionDef) -> Signature:
    """What a function takes beside its first argument, which is the page."""
    arguments = function.args
    placed = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][1:]
    needed = placed[: len(placed) - len(arguments.defaults)] if placed else []
    by_name = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    needed += [each.arg for each, default in by_name if default is None]
    returns = function.returns
    defined = _GLOSSARY.search(ast.get_docstring(function) or "")
    return Signature(
        names=(*placed, *(each.arg for each in arguments.kwonlyargs)),
        required=tuple(needed),
        places=None if arguments.vararg else len(placed),
        places_named=tuple(placed),
        any_name=arguments.kwarg is not None,
        shows=isinstance(returns, ast.Name) and returns.id == "Shown",
        defined=tuple(re.split(r",\s*", defined[1].strip())) if defined else (),
    )


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ast.Module([], [])
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))

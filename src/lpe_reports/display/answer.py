"""Named answers: a question, its measure and its protection under one name, written once.

An answer is a function in `lpe_reports/display/answers/<family>.py` that takes the page and
returns a protected table. A notebook asks for it as `p.answer("<family>.<name>", …)`; the
family's module, and with it the measures that it needs, is imported then.
"""

import difflib
import inspect
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Concatenate, ParamSpec

from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import UsageError

P = ParamSpec("P")
# The first argument is the page, whose module imports this one.
Answer = Callable[Concatenate[Any, P], Protected]
_FAMILIES = "lpe_reports.display.answers"
_MARK = "__is_answer__"
_SENTENCE_MARK = "__is_sentence__"
Sentence = Callable[Concatenate[Any, P], str]


def answer(function: Answer[P]) -> Answer[P]:
    """Make a function one that notebooks can ask for by its name.

    A page works each answer out once: what is asked for again, by a notebook or by another
    answer, is the table that was protected the first time.
    """

    signature = inspect.signature(function)

    @wraps(function)
    def once(page: Any, /, *args: P.args, **kwargs: P.kwargs) -> Protected:
        given = signature.bind(page, *args, **kwargs)
        given.apply_defaults()
        key = (function.__module__, function.__qualname__, repr(list(given.arguments.items())[1:]))
        found: Protected = page.once(key, lambda: function(page, *args, **kwargs))
        return found

    setattr(once, _MARK, True)
    return once


def sentence(function: Sentence[P]) -> Sentence[P]:
    """Make a function one whose words notebooks can ask for: sentences made from answers."""
    setattr(function, _SENTENCE_MARK, True)
    return function


def find_sentence(name: str) -> Callable[..., Any]:
    """The sentence of a name, `family.name`; as `find_answer`."""
    return _find(name, _SENTENCE_MARK, "p.sentence")


def find_answer(name: str) -> Callable[..., Any]:
    """The answer of a name, `family.name`.

    Raises:
        UsageError: There is no such family or answer; names what there is.
    """
    return _find(name, _MARK, "p.answer")


def _find(name: str, mark: str, call: str) -> Callable[..., Any]:
    family, dot, own = name.partition(".")
    if not dot or not own.isidentifier():
        raise UsageError(f"{call}('{name}'): write the family and the answer, 'weekly.flows'")
    module_name = f"{_FAMILIES}.{family}"
    if not family.isidentifier() or find_spec(module_name) is None:
        raise UsageError(f"{call}('{name}'): there is no family '{family}' of answers")
    module = import_module(module_name)
    known = [key for key, value in vars(module).items() if getattr(value, mark, False)]
    if own not in known:
        near = difflib.get_close_matches(own, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(known))}"
        raise UsageError(f"{call}('{name}'): no such answer; {hint}")
    found: Callable[..., Any] = getattr(module, own)
    return found

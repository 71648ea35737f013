"""Every command of README.md and docs/*.md is given by a test, or it is said why none can."""

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from find_commands import Command, commands
from read_docs import ROOT, documents, spans
from run_elsewhere import NOT_GIVEN, RUN_ELSEWHERE, Elsewhere
from stories import STORIES, told

from lpe_reports.cli.application import app

pytestmark = pytest.mark.promise(
    "authors", "Every command of the documents is run by a test, or named with why none can"
)

COMMANDS = [command for path in documents() for command in commands(path)]
# What stands for a word of the reader's own.
_ANY = re.compile(r"…|^[A-Z]+$|^<.*>$")


def test_every_command_is_run_or_named() -> None:
    """A new command in a document needs a story, or a line in `run_elsewhere.py`."""
    known = [command.key for story in STORIES for command in told(story)]
    known += [elsewhere.key for elsewhere in RUN_ELSEWHERE]

    unknown = {
        f"{command.place}: {command.text}"
        for command in COMMANDS
        if not any(_is_part(command, doing, options) for doing, options in known)
    }

    assert unknown == set()


def _is_part(command: Command, doing: str, options: frozenset[str]) -> bool:
    """Whether a command is run where another of the same kind is, with all of its options."""
    own, asked = command.key
    return own == doing and asked <= options


@pytest.mark.parametrize("elsewhere", RUN_ELSEWHERE, ids=lambda each: each.command)
def test_what_is_run_elsewhere_is_in_a_document_and_there(elsewhere: Elsewhere) -> None:
    """No line of the table outlives its command, or the test that it names."""
    assert bool(elsewhere.by) != bool(elsewhere.because)
    assert any(_is_part(command, *elsewhere.key) for command in COMMANDS), (
        "no document has it any more"
    )
    if not elsewhere.by:
        return
    file, _, test = elsewhere.by.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not test or f"def {test}(" in text
    if not test and file != "Makefile":
        assert elsewhere.command.split()[0] in text


def test_what_is_not_given_in_a_story_is_run_elsewhere() -> None:
    """A story leaves out only what the table tells of."""
    for each in NOT_GIVEN:
        assert any(other.key[0] == each for other in RUN_ELSEWHERE), each


def test_every_lpe_command_has_the_options_that_documents_give_it() -> None:
    """Commands, options and how many words follow them are the program's own."""
    wrong = []
    for command in COMMANDS:
        if command.words[0] == "lpe" and (fault := _fault(command)):
            wrong.append(f"{command.place}: {command.text}: {fault}")

    assert wrong == []


def _fault(command: Command) -> str:
    known = _lpe_commands()
    words = [word for word in command.words[1:] if word != "…"]
    if not words or _ANY.search(words[0]) or words[0] in ("--help", "--version"):
        return ""
    if words[0] not in known:
        return f"there is no `lpe {words[0]}`"
    options = {name: p for p in known[words[0]].params for name in (*p.opts, *p.secondary_opts)}
    unknown = command.options - options.keys() - {"--help"}
    if unknown:
        return f"it has no {', '.join(sorted(unknown))}"
    taken = [p for p in known[words[0]].params if p.param_type_name == "argument"]
    most = sum(p.nargs if p.nargs > 0 else 99 for p in taken)
    return "too many words" if _loose_words(words[1:], options) > most else ""


def _loose_words(words: list[str], options: dict[str, Any]) -> int:
    """How many words are no options and none's value."""
    count, skip = 0, False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            option = options.get(word.split("=")[0])
            skip = "=" not in word and option is not None and not option.is_flag
        else:
            count += 1
    return count


def _lpe_commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def test_every_option_that_is_named_alone_is_one_of_a_command() -> None:
    """`--pointer copy` in a sentence: some command of ours, or of a named other program, has it."""
    own = {
        name
        for command in _lpe_commands().values()
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help", "--version"}
    others = {name for command in COMMANDS if command.words[0] != "lpe" for name in command.options}

    unknown = [
        f"{span.place}: {span.text}"
        for path in documents()
        for span in spans(path)
        if re.match(r"--[a-z]", span.text)
        and re.split(r"[ =]", span.text)[0] not in own | others | _OF_OTHER_PROGRAMS
    ]

    assert unknown == []


# Of Quarto, of `python -m tests.bench`, and names of colours.
_OF_OTHER_PROGRAMS = {"--execute", "--small", "--edge", "--line"}


def test_every_make_target_is_there() -> None:
    """Named in a document, so in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")
    targets = set(re.findall(r"^([.\w/-]+):", makefile, re.MULTILINE))

    missing = [
        f"{command.place}: {command.text}"
        for command in COMMANDS
        if command.words[0] == "make" and command.key[0].split()[-1] not in targets
    ]

    assert missing == []


def test_every_python_module_that_is_run_is_there() -> None:
    """`python -m …` names a module of this environment or of the tests."""
    missing = []
    for command in COMMANDS:
        words = command.words
        if words[0] not in ("python", "python3", "py") or "-m" not in words[:-1]:
            continue
        name = words[words.index("-m") + 1]
        if not _is_module(name):
            missing.append(f"{command.place}: {command.text}")

    assert missing == []


def _is_module(name: str) -> bool:
    if name.startswith("tests."):
        path = ROOT / Path(*name.split("."))
        return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()
    return name.split(".")[0] in sys.stdlib_module_names or bool(
        importlib.util.find_spec(name.split(".")[0])
    )

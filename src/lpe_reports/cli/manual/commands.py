"""docs/commands.md: every command and option, as the program itself has them."""

import inspect
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer.main import get_command

from lpe_reports.cli.application import app
from lpe_reports.cli.manual.endings import EXIT_CODES
from lpe_reports.cli.manual.environment import GROUPS
from lpe_reports.cli.manual.tables import code, table, words

_INTRODUCTION = """\
# Commands

Every command of `lpe`, its options, its exit codes and what it reads from the environment. This
page is made from the program (`make docs`); a test holds the two together. `lpe COMMAND --help`
says the same of one command. What `--json` writes is told in [For other programs](programs.md).

`lpe` works on the project that the current folder lies in, the one that `LPE_PROJECT` names, or
says that there is none. Without make, and on Windows, commands are called the same once the
environment is activated, or as `.venv/bin/lpe` and `.venv\\Scripts\\lpe` without.
"""
_KINDS = {int: "NUMBER", float: "NUMBER", str: "TEXT", Path: "PATH", date: "DAY"}


def commands_page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_lines()])


def _lines() -> Iterator[str]:
    commands: dict[str, Any] = getattr(get_command(app), "commands")  # noqa: B009
    yield from table(
        ("command", "what it does"),
        (
            (f"[`lpe {name}`](#lpe-{name})", words(_paragraphs(command)[0]))
            for name, command in commands.items()
        ),
    )
    for name, command in commands.items():
        yield from _command(name, command)
    yield "\n## Exit codes\n"
    yield from table(("code", "meaning"), ((str(c), says) for c, says in EXIT_CODES.items()))
    yield "\n## Environment variables"
    for group in GROUPS:
        yield f"\n### {group.title}\n\n{group.says}\n"
        rows = ((code(name), says) for name, says in group.variables.items())
        yield from table(("variable", "what it says"), rows)
    yield ""


def _command(name: str, command: Any) -> Iterator[str]:
    """One command: what it does, how it is called, its arguments and options."""
    yield f"\n## lpe {name}\n"
    yield "\n\n".join(words(paragraph) for paragraph in _paragraphs(command)) + "\n"
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    given = "".join(map(_usage, arguments)) + " [OPTIONS]" * bool(options)
    yield f"    lpe {name}{given}"
    rows = [(code(_called(each)), words(_says(each)), _default(each)) for each in command.params]
    if rows:
        yield ""
        what = "option" if not arguments else "argument, option"
        yield from table((what, "what it does", "otherwise"), rows)


def _paragraphs(command: Any) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.name).strip("{}[]").upper()


def _usage(argument: Any) -> str:
    name = _name(argument) + ("…" if argument.nargs != 1 else "")
    return f" {name}" if argument.required else f" [{name}]"


def _called(param: Any) -> str:
    """How a parameter is written: `--years NUMBER`, `--open / --no-open`, `PAGE`."""
    if param.param_type_name == "argument":
        return _name(param)
    names = " / ".join([*param.opts, *param.secondary_opts])
    if param.is_flag:
        return names
    kind = param.type_descriptor.annotation
    choices = _choices(kind)
    inner = getattr(kind, "__args__", (kind,))[0]
    return f"{names} {param.metavar or '|'.join(choices) or _KINDS.get(inner, 'TEXT')}"


def _choices(kind: Any) -> list[str]:
    """The words that an option takes, where there are only some."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return [str(word) for word in get_args(kind)] if get_origin(kind) is Literal else []


def _says(param: Any) -> str:
    limits = [str(each) for each in (param.min, param.max) if each is not None]
    said = str(param.help or "").strip()
    if len(limits) == 2:
        return f"{said} From {limits[0]} to {limits[1]}."
    return f"{said} {limits[0]} or more." if limits and param.min is not None else said


def _default(param: Any) -> str:
    """What holds without it; empty where its words say so, or where it is only off."""
    if param.required:
        return "must be given"
    value = param.default.value if isinstance(param.default, Enum) else param.default
    if value is None or value is False or value == "" or callable(value):
        return ""
    return "yes" if value is True else code(str(value))

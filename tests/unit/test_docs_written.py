"""The pages of the manual that are made from the program say what the program is now."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from lpe_reports import errors
from lpe_reports.cli.application import app, call
from lpe_reports.cli.manual.commands import commands_page
from lpe_reports.cli.manual.definitions import definitions_page
from lpe_reports.cli.manual.endings import EXIT_CODES
from lpe_reports.cli.manual.environment import GROUPS
from lpe_reports.cli.manual.examples import written
from lpe_reports.cli.manual.models import Key, keys_of, said_of, summary_of
from lpe_reports.cli.manual.params_page import FILES
from lpe_reports.cli.manual.tables import code, table, words
from lpe_reports.cli.manual.written import PAGES, write_pages
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.params.loading import load_params
from lpe_reports.params.packs import PackFile
from lpe_reports.params.reading import ParamsModel
from lpe_reports.params.reports import Report, Subject
from lpe_reports.settings import Project

# Made in the program, and read from no file.
NOT_WRITTEN = {Report, Subject}
# What programs that we start or are started by tell us of themselves: no settings of ours.
OF_OTHERS = {"IPYTHONDIR", "JPY_SESSION_NAME", "JUPYTER_RUNTIME_DIR"}
OF_OTHERS |= {"QUARTO_DOCUMENT_PATH", "QUARTO_PROJECT_OUTPUT_FILES"}
OURS = re.compile(r"LPE_[A-Z_]+|QUARTO_PATH")


def _models() -> Iterator[type[ParamsModel]]:
    """Every model that a file of params can hold, the file's own first."""
    waiting, seen = list(FILES.values()), set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            waiting += [inner for key in keys_of(model) for _, inner in key.inner]


def _keys() -> Iterator[tuple[str, Key]]:
    for model in _models():
        for key in keys_of(model):
            yield f"{model.__name__}.{key.name}", key


@pytest.mark.parametrize("name", PAGES)
def test_a_written_page_is_what_the_program_says_today(root: Path, name: str) -> None:
    """docs/NAME is what `make docs` writes now."""
    page = (root / "docs" / name).read_text(encoding="utf-8")

    assert page == PAGES[name](Project(root)), f"docs/{name} is behind: run `make docs`"


def test_pages_that_are_as_they_should_be_are_not_written_again(root: Path, tmp_path: Path) -> None:
    """`make docs` says which pages it changed, and a second run changes none."""
    assert write_pages(Project(root), tmp_path) == list(PAGES)
    assert write_pages(Project(root), tmp_path) == []


def test_every_key_of_params_says_what_it_is() -> None:
    """No key without a description, and no description of a key that is gone."""
    assert [name for name, key in _keys() if not key.says] == []
    for model in _models():
        assert set(said_of(model)) <= {key.name for key in keys_of(model)}, model
        assert summary_of(model), model


def test_every_key_of_params_says_what_it_takes_in_words() -> None:
    """No pattern and no name of a class stands where a person reads what to write."""
    for name, key in _keys():
        assert "text that fits" not in key.kind, f"{name}: name its pattern in PATTERNS"
        assert not re.search(r"[<>^$\\]|\bNoneType\b|Annotated", key.kind), name


def test_every_model_of_params_is_told() -> None:
    """A new file or a new part of one cannot be forgotten."""
    assert load_params  # whose imports define every model there is
    defined = {
        each
        for each in _below(ParamsModel)
        if each.__module__.startswith("lpe_reports.params.") and each not in NOT_WRITTEN
    }

    assert defined - set(_models()) == set()


def test_every_file_of_params_is_told(root: Path) -> None:
    """What lies in params/ is one of the files that the page is about."""
    for path in (root / "params").rglob("*.yml"):
        told = [name for name in FILES if path.relative_to(root).match(name)]
        assert len(told) == 1, path


def test_examples_of_params_fit_their_models() -> None:
    """What a model gives as an example could stand in the file."""
    found = [(name, key.field) for name, key in _keys() if key.field.examples]

    assert found
    for name, field in found:
        for example in field.examples or []:
            assert TypeAdapter(field.annotation).validate_python(example) == example, name


def test_values_are_written_as_yaml_reads_them() -> None:
    """An example that is copied into a file is what it was."""
    from ruamel.yaml import YAML

    values = [
        "x",
        "true",
        "12",
        "a: b",
        "#1",
        " x",
        "- y",
        "",
        'say "so"',
        "å",
        "2026-05-11",
        "a\\b",
    ]
    for value in [*values, values, {"a": values, "b c": None, "d": True, "e": 1.5}]:
        assert YAML(typ="safe").load(f"key: {written(value)}") == {"key": value}


def test_every_measure_and_every_series_is_told(root: Path) -> None:
    """All that a notebook may show stands among the definitions, and how it is asked for."""
    project = Project(root)
    page = definitions_page(project)

    for entry in load_params(project).glossary.entries:
        assert f"`{entry.id}`" in page
    for measure in MEASURES:
        assert f'`p.series("{measure}")`' in page


def test_every_command_and_option_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What `lpe COMMAND --help` offers stands under the command's heading."""
    page = commands_page()
    names = [command.name for command in app.registered_commands]

    assert len(names) > 10
    for name in names:
        assert call([str(name), "--help"]) == 0
        offered = set(re.findall(r"^ +(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE))
        told = page.split(f"\n## lpe {name}\n")[1].split("\n## ")[0]
        missing = {each for each in offered - {"--help"} if not re.search(rf"{each}\b", told)}
        assert missing == set(), name
        assert f"](#lpe-{name})" in page


def test_every_exit_code_is_told() -> None:
    """Every class of error ends with a code that the page explains."""
    codes = {each.exit_code for each in _below(errors.LpeError)}

    assert codes | {0, 3} == {each for each in EXIT_CODES if isinstance(each, int)}


def test_every_variable_that_the_code_names_is_told(root: Path) -> None:
    """No variable is read that the page leaves out, and none is told that nothing reads."""
    told = {name for group in GROUPS for name in group.variables}
    read = set().union(*(_variables(path) for path in (root / "src").rglob("*.py")))
    tests = "".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*.py"))

    assert read - OF_OTHERS - told == set()
    for name in told - read:
        assert name in tests, f"nothing reads {name}"


def _variables(path: Path) -> set[str]:
    """The variables of our own that a module names, and all others that it asks for by name."""
    if path.name == "environment.py" and path.parent.name == "manual":
        return set()
    written = path.read_text(encoding="utf-8")
    if not re.search(f"{OURS.pattern}|environ|getenv", written):
        return set()
    nodes = list(ast.walk(ast.parse(written)))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    ours = {text for text in texts if isinstance(text, str) and OURS.fullmatch(text)}
    return ours | {name for node in nodes for name in _asked_for(node)}


def _asked_for(node: ast.AST) -> Iterator[str]:
    """The X of `os.environ["X"]` where it is read, `os.environ.get("X")` and `os.getenv("X")`."""
    match node:
        case (
            ast.Subscript(
                value=ast.Attribute(attr="environ"), slice=ast.Constant(value=name), ctx=ast.Load()
            )
            | ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"),
                args=[ast.Constant(value=name), *_],
            )
            | ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=name), *_])
        ):
            yield str(name)


def _below(model: type) -> set[type]:
    """All classes that come from one."""
    return {each for own in model.__subclasses__() for each in (own, *_below(own))}


def test_a_cell_of_a_table_says_just_what_it_was_given() -> None:
    """Bars, asterisks and angles of a text are no marks; code stays as it is."""
    assert list(table(("a", "b"), [("x|y", "two\nlines")])) == [
        "| a | b |",
        "|---|---|",
        "| x\\|y | two lines |",
    ]
    assert words("a * b <c> `d * <e>`") == r"a \* b \<c> `d * <e>`"
    assert code("a`b") == "``a`b``"


def test_a_key_says_where_the_keys_within_it_are_told() -> None:
    """A model within a model is named by the way to it."""
    pages = next(key for key in keys_of(PackFile) if key.name == "pages")

    assert pages.kind == "list of: keys, see {PackPages}"
    assert [way for way, _ in pages.inner] == ["[]"]

"""The package is imported anew when one of its modules has changed, and only then."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lpe_reports.cli.live import code


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of two modules in the place of this one."""
    folder = tmp_path / "few_modules"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "one.py").write_text("from few_modules import two\nsaid = two.said\n", "utf-8")
    (folder / "two.py").write_text("said = 1\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(code, "_PACKAGE", "few_modules")
    yield folder
    for name in [name for name in sys.modules if name.startswith("few_modules")]:
        del sys.modules[name]


def test_a_changed_module_is_imported_anew_with_those_that_use_it(package: Path) -> None:
    """What was carried over is put back once; nothing is dropped without a reason."""
    kept: list[str] = []

    def keep() -> Callable[[], None]:
        kept.append("kept")
        return lambda: kept.append("restored")

    modules = code.Code(keep)
    first = modules.current("few_modules.one")
    assert modules.current("few_modules.one") is first
    assert kept == []

    (package / "two.py").write_text("said = 22\n", "utf-8")
    assert modules.current("few_modules.one").said == 22
    assert kept == ["kept", "restored"]


def test_a_module_that_was_broken_is_tried_again(package: Path) -> None:
    """Until it is mended, its own error is raised each time."""
    modules = code.Code(lambda: None)
    modules.current("few_modules.one")
    (package / "two.py").write_text("said = = 1\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SyntaxError):
            modules.current("few_modules.one")

    (package / "two.py").write_text("said = 333\n", "utf-8")
    assert modules.current("few_modules.one").said == 333

"""A new report's three files, written all or none."""

import contextlib
import os
from pathlib import Path

from lpe_reports.cli.starting.report_texts import notebook_text, params_text, text_of_test
from lpe_reports.cli.starting.wish import Office, Wish, path_of_test
from lpe_reports.errors import ParamsError, SettingsError, UsageError
from lpe_reports.params.reading import read_model
from lpe_reports.params.reports import ReportFile
from lpe_reports.settings import Project
from lpe_reports.system import left_behind, move

# What a file is before it is moved to its place, with the number of the process.
_SCRATCH = r"\..+\.(?:ipynb|py|yml)\.(\d{1,9})\.new"
_LIMITS = "spc_limits"


def write_report(office: Office, wish: Wish) -> list[Path]:
    """Write a report's notebook, test and params; the params last, which make it a report.

    A call that was killed left files that no report has; the same call again takes them for what
    they are.

    Raises:
        UsageError: A file is there already, with something else in it.
        SettingsError: One cannot be written.
        ParamsError: The params would not do; nothing was written.
    """
    root = office.project.root
    texts = {
        root / wish.notebook: notebook_text(wish, office.night, spc=_LIMITS in office.glossary),
        path_of_test(office.project, wish.id): text_of_test(wish),
        root / wish.params: params_text(wish),
    }
    contents = {path: text.encode() for path, text in texts.items()}
    require_free(office.project, contents)
    try:
        _write_all(contents, root / wish.params, root)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(
            f"the report could not be written ({why}); none of its files was"
        ) from None
    return list(contents)


def require_free(project: Project, contents: dict[Path, bytes]) -> None:
    """Pass where none of the files is there, or each that is was left by the same call."""
    for path, data in contents.items():
        if path.exists() and (not path.is_file() or path.read_bytes() != data):
            raise UsageError(
                f"{project.relative(path)} is there already; choose another id, or move it away"
            )


def _write_all(contents: dict[Path, bytes], params: Path, root: Path) -> None:
    scratch = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in contents}
    made: list[Path] = []
    _sweep({path.parent for path in contents})
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch[path].write_bytes(data)
        _require_params(scratch[params], params.relative_to(root), root)
        for path in contents:
            before = path.exists()
            move(scratch[path], path)
            if not before:
                made.append(path)
    except BaseException:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    finally:
        for path in scratch.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _require_params(scratch: Path, name: Path, root: Path) -> None:
    """Pass where params will do; an error names the file that they would have been."""
    try:
        read_model(scratch, ReportFile, root)
    except ParamsError as error:
        raise ParamsError(name.as_posix(), error.line, error.problem) from None


def _sweep(folders: set[Path]) -> None:
    """Remove what a call that was killed had not moved yet."""
    for folder in folders:
        for path in left_behind(folder, _SCRATCH):
            with contextlib.suppress(OSError):
                path.unlink()

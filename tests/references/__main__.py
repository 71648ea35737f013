"""`make references`: run the pages that have a reference anew, on the demo, and store them.

    python -m tests.references                            all, and those that are wanting
    python -m tests.references weekly                     those of a report
    python -m tests.references weekly/kirurgi/2026-W14    one page, which need not have had one

What has changed is what `git diff` shows then; docs/jupyterlab.md says how to read it.
"""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]


def main() -> int:
    """Renew what is asked for, and say what has changed."""
    parser = argparse.ArgumentParser(prog="python -m tests.references")
    parser.add_argument("pages", nargs="*", help="reports or pages; all when none is named")
    parser.add_argument("--project", type=Path, help="one with the demo's extract, if there is one")
    asked = parser.parse_args()
    import lpe_reports

    package = Path(lpe_reports.__file__).resolve()
    if not package.is_relative_to(ROOT / "src"):
        print(
            f"this would run {package.parent.as_posix()}, not src/lpe_reports: run `make`", end=""
        )
        print(" .venv/.installed, or install the project with --editable", file=sys.stderr)
        return 2
    from demo_project import make_demo_project

    if asked.project:
        return _renew(asked.project.resolve(), asked.pages)
    with tempfile.TemporaryDirectory(prefix="lpe-references-") as folder:
        project = Path(folder) / "demo"
        print("making the demo and one night of it …", flush=True)
        make_demo_project(project)
        return _renew(project, asked.pages)


def _renew(project: Path, asked: list[str]) -> int:
    from lpe_reports.errors import LpeError
    from lpe_reports.params.loading import load_params
    from lpe_reports.settings import Project
    from references import choosing, running

    params = load_params(Project(project))
    night = date.fromisoformat(running.night_of(project)[:10])
    for page in choosing.stored():
        if page.report not in params.reports:
            page.path.unlink()
            print(f"{page}: removed, there is no such report")
    try:
        pages = choosing.chosen(asked, params, night)
    except (LpeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for page in pages:
        before = page.path.read_text(encoding="utf-8") if page.path.exists() else None
        made = running.make_reference(project, page)
        if made != before:
            page.path.parent.mkdir(parents=True, exist_ok=True)
            page.path.write_text(made, encoding="utf-8", newline="\n")
        said = "new" if before is None else "as before" if made == before else "CHANGED"
        print(f"{page}: {said}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Making the page that is previewed, by the parts of a night that make it: plan, run, render.

Only what has changed is done anew: what a run depended on is held against how things stand, as a
night does it. Nothing is written; what a night has stored is read where it still holds.
"""

import base64
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lpe_reports
from lpe_reports.build.forking.platform import can_fork
from lpe_reports.build.planning.evidence import NightEvidence
from lpe_reports.build.planning.holding import Holder
from lpe_reports.build.planning.notebooks import SourceNotebook
from lpe_reports.build.planning.plan import read_report_notebook, under_way
from lpe_reports.build.planning.tools import module_digest, tool_versions
from lpe_reports.build.planning.traces import Trace, read_trace
from lpe_reports.build.running import executed
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.store import find_notebook
from lpe_reports.cli.live.drawing import Drawings
from lpe_reports.cli.live.running import Run
from lpe_reports.disclosure.decisions import decisions_path, read_decisions
from lpe_reports.display.beside import UNSURE, file_digest, is_file_name
from lpe_reports.display.content import PageContent, content_of
from lpe_reports.errors import UsageError
from lpe_reports.moment import Moment
from lpe_reports.params.loading import Params, load_params
from lpe_reports.render.downloads import download_files
from lpe_reports.render.page_document import page_document
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.site_files import site_files
from lpe_reports.render.sitemap import PageSpot, SiteMap, make_sitemap
from lpe_reports.render.website import load_website
from lpe_reports.settings import MARKER, Project, find_project
from lpe_reports.warehouse.nights.folders import find_night
from lpe_reports.warehouse.nights.manifest import FILE as MANIFEST

_PACKAGE = Path(lpe_reports.__file__).parent

# How many runs are kept: a change that is taken back is not run again.
_MOST_RUNS = 6

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Wanted:
    """Which page is previewed; `night` is the folder of its extract."""

    report: str
    unit: str
    period: str
    night: str


@dataclass(frozen=True)
class _Last:
    """The last run that came to its end, and what its page was made of."""

    notebook: Mapping[str, Any]
    trace: Trace


@dataclass(frozen=True)
class _Made:
    content: PageContent
    spot: PageSpot
    site: SiteMap
    made: str


class Making:
    """Makes one page again and again.

    Args:
        wanted: Which page.
        kept: What was run before this code was imported, as `kept` gave it.
    """

    def __init__(self, wanted: Wanted, kept: list[dict[str, Any]] | None = None) -> None:
        self._wanted = wanted
        self._project = find_project()
        self._drawings = Drawings()
        self._runs = [_Last(run["notebook"], Trace(**run["trace"])) for run in kept or ()]
        self._made: _Made | None = None
        self._session = _new_session(self._project) if can_fork() else None
        self._files: dict[str, bytes] = {}

    def kept(self) -> list[dict[str, Any]]:
        """The last runs in a form that outlives this code."""
        names = Trace.__dataclass_fields__
        return [
            {"notebook": run.notebook, "trace": {name: getattr(run.trace, name) for name in names}}
            for run in self._runs
        ]

    def close(self) -> None:
        """End what is kept for the next page."""
        if self._session is not None:
            self._session.end()

    def page(self, tell: Tell) -> dict[str, Any]:
        """The page as it is now.

        Raises:
            LpeError: It cannot be made; a `NotRunError` tells why by itself.
        """
        began = time.monotonic()
        site_files.cache_clear()  # a build asks once
        params = load_params(self._project, notebooks=False)
        if self._wanted.report not in params.reports:
            raise UsageError(f"there is no report '{self._wanted.report}' any more")
        report = params.reports[self._wanted.report]
        spot = PageSpot(
            report, report.subject(self._wanted.unit), report.period(self._wanted.period)
        )
        source = read_report_notebook(self._project, report)
        run = self._current(spot, source, params) or self._run(spot, source, tell)
        run = _with_prose_of(run, source)
        self._runs = [run, *(old for old in self._runs if old is not run)][:_MOST_RUNS]
        ran = time.monotonic()
        content = content_of(list(run.notebook["cells"]), name=source.name)
        site = make_sitemap(
            params, load_website(self._project.root / MARKER, self._project.root), []
        )
        document = page_document(content, spot, site, drawn=self._drawings.drawn, pdf=False)
        drawn = time.monotonic()
        (page,) = PandocRenderer().render([document])
        self._made, self._files = _Made(content, spot, site, document.made), {}
        return {
            "html": page.html.decode(),
            "address": spot.address,
            "made": document.made,
            "title": f"{report.title}, {content.title.title}",
            "warnings": list(page.warnings),
            "seconds": {
                "run": round(ran - began, 3),
                "draw": round(drawn - ran, 3),
                "render": round(time.monotonic() - drawn, 3),
            },
        }

    def assets(self) -> dict[str, str]:
        """The files that the page shares with others, by name, as Base64."""
        content = site_files().content
        return {name: base64.b64encode(data).decode() for name, data in content.items()}

    def file(self, name: str) -> bytes | None:
        """A file beside the page (`2026-W19.pdf`, `2026-W19/tabell.csv`), made when asked for."""
        if self._made is None:
            return None
        made, period = self._made, self._made.spot.period.id
        if not self._files:
            glossary = made.site.params.glossary
            for place, data in download_files(made.content, glossary, made.made).items():
                first, _, rest = place.partition("/")
                ending = first.rpartition(".")[2]
                self._files[f"{period}/{rest}" if rest else f"{period}.{ending}"] = data
        if name == f"{period}.pdf" and name not in self._files:
            document = page_document(made.content, made.spot, made.site, drawn=self._drawings.drawn)
            (page,) = PandocRenderer().render([document])
            self._files[name] = page.pdf or b""
        return self._files.get(name)

    def _current(self, spot: PageSpot, source: SourceNotebook, params: Params) -> _Last | None:
        """One of the last runs, or what a night has stored, where nothing it read has changed."""
        stored = () if self._runs else (self._stored(spot),)
        runs = [
            r for r in (*self._runs, *stored) if r and r.trace.code_digest == source.code_digest
        ]
        if not runs:
            return None
        module_digest.cache_clear()  # a build asks once
        night = find_night(self._project, self._wanted.night)
        evidence = NightEvidence(self._project, params, self._wanted.night)
        holder = Holder(evidence, read_decisions(self._project))
        for run in runs:
            verdict = holder.check(
                run.trace,
                code_digest=source.code_digest,
                parameters=_parameters(spot),
                under_way=under_way(spot.period, night.date),
                page=_key(spot).file_stem,
            )
            if verdict.current:
                self._runs = [old for old in self._runs if old is not run]
                return _Last(run.notebook, verdict.trace)
        return None

    def _around(self) -> tuple[object, ...]:
        """How the files look that bind every run: what was decided across pages, and the night.

        A night's extract can be made anew in its place, and a notebook has read its manifest.
        """
        manifest = self._project.extracts / self._wanted.night / MANIFEST
        return _look(decisions_path(self._project)), _look(manifest)

    def _stored(self, spot: PageSpot) -> _Last | None:
        trace = read_trace(self._project, _key(spot))
        path = find_notebook(self._project, trace.notebook) if trace else None
        if trace is None or path is None:
            return None
        return _Last(json.loads(path.read_bytes()), trace)

    def _run(self, spot: PageSpot, source: SourceNotebook, tell: Tell) -> _Last:
        def told(cell: int, cells: int, notebook: Mapping[str, Any]) -> None:
            tell({"cell": cell, "cells": cells})
            self._drawings.begin(notebook["cells"])

        began = Moment()
        if self._session is not None:
            self._session.around = self._around()
        parameters = _parameters(spot)
        run = Run(self._project, spot.report, source, parameters, told, self._session).run()
        night = find_night(self._project, self._wanted.night).date
        exposure = run.trace.get("exposure") or {}
        cells = exposure.get("cells", {})
        # As `build.execute` keeps it: what it ran under binds it.
        named = read_decisions(self._project).by_page.get(_key(spot).file_stem, frozenset())
        trace = Trace(
            notebook="",
            code_digest=source.code_digest,
            prose_digest=source.prose_digest,
            parameters=_parameters(spot),
            under_way=under_way(spot.period, night),
            params=run.trace.get("params", {}),
            modules=_known(run.trace.get("modules", {}), self._project.root, began),
            tools=tool_versions(),
            questions=tuple(run.trace.get("questions", [])),
            seconds=run.seconds,
            decided=tuple(sorted(named.union(exposure.get("decided", ())))),
            groups=tuple(sorted(key for key, value in cells.items() if value is None)),
            manifest=str(run.trace.get("manifest", "")),
        )
        return _Last(json.loads(executed.stable_bytes(dict(run.notebook))), trace)


def _with_prose_of(run: _Last, source: SourceNotebook) -> _Last:
    """The run with the prose and the pictures that its notebook has now; nothing is run for it."""
    if run.trace.prose_digest == source.prose_digest:
        return run
    notebook = executed.with_prose(dict(run.notebook), source.document)
    return _Last(notebook, replace(run.trace, prose_digest=source.prose_digest))


def _new_session(project: Project) -> Any:
    from lpe_reports.cli.live.rewinding import Session

    return Session(project.root)


def _look(path: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino
    return None


def _known(modules: Mapping[str, str], root: Path, began: Moment) -> dict[str, str]:
    """The files that a run used, also those that were changed after its process began.

    A run that goes on from a copy uses the others as they were when it was told to.
    """

    module_digest.cache_clear()

    def digest(name: str) -> str:
        of_project = is_file_name(name)
        path = root / name if of_project else _PACKAGE.parent / f"{name.replace('.', '/')}.py"
        if not of_project and not path.is_file():
            path = path.with_suffix("") / "__init__.py"
        with contextlib.suppress(OSError):
            if path.stat().st_mtime_ns < began.earliest_ns:
                return file_digest(root, name) if of_project else module_digest(name) or UNSURE
        return UNSURE

    return {name: found or digest(name) for name, found in modules.items()}


def _key(spot: PageSpot) -> RunKey:
    return RunKey(spot.report.id, spot.subject.id, spot.period.id)


def _parameters(spot: PageSpot) -> dict[str, object]:
    given = {"unit": spot.subject.id, "period": spot.period.id}
    return {**spot.report.parameters, **given}

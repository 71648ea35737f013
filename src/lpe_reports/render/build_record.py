"""The small files of a version that machines and the site's script read.

`build.json` says what came of every run; `version.json` is the little of it that concerns all
pages, and `version.js` the same as a script, so that a page knows it before it is drawn;
`hidden.json` says which groups of times that are over each page hides, so that they stay hidden
as long as the version is kept; `periods.json` lies beside each unit's index and names its periods.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lpe_reports.build.hidden_before import read_hidden
from lpe_reports.build.runs import ExecutedRun
from lpe_reports.render.addresses import page_address
from lpe_reports.render.cards import Card
from lpe_reports.render.edition import Edition
from lpe_reports.render.freshness import fresh_until, standing
from lpe_reports.render.indexes.signals import Found, figures, whole_pages
from lpe_reports.render.sitemap import PageSpot, UnitPages
from lpe_reports.render.words.contract import contract_words
from lpe_reports.wording import lower_first, upper_first

FORMAT = 1
# What of `build.json` differs between two builds of the same inputs: how long each run took. All
# else in a candidate is the same, byte for byte, wherever and whenever it is built.
TIMES = frozenset({"seconds"})


def build_record(
    edition: Edition, renderer: str, warnings: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """`build.json`: source, tools, packs; every run with its status, reason, digests, seconds.

    Args:
        edition: The version.
        renderer: Which one made the pages.
        warnings: What it warned of, by the page's address without an ending.
    """
    manifest = edition.manifest
    record = {
        "format": FORMAT,
        "night": edition.night.isoformat(),
        "source": {
            "extract": edition.night.isoformat(),
            "name": manifest.source if manifest else None,
            "demo": manifest.demo if manifest else None,
            "digest": manifest.digest if manifest else None,
        },
        "commit": edition.commit or None,
        "renderer": {"name": renderer, "note": edition.renderer_note},
        "tools": dict(sorted(edition.tools.items())),
        "pages": edition.site.page_count(),
        "hidden": sum(run.hidden for run in edition.runs),
        "cells": sum(run.cells for run in edition.runs),
        "packs": [
            {"address": f"{pack.planned.address}.pdf", "sheets": pack.sheets, "bytes": pack.size}
            for pack in edition.packs
        ],
        "warnings": {
            f"{address}.html": list(told) for address, told in sorted((warnings or {}).items())
        },
        "runs": [_run(edition, run) for run in edition.runs],
    }
    return _json(record, indent=1)


def version_record(edition: Edition) -> bytes:
    """`version.json`: the night and how fresh it is, pages, which are kept and why, signals."""
    return _json(
        {
            **_version(edition),
            "pages": edition.site.page_count(),
            "site": edition.site.website.title,
            "signals": [_signal(edition, found) for found in _unusual(edition)],
        }
    )


def version_script(edition: Edition) -> bytes:
    """`version.js`: what the pages of a version say of all of it."""
    # ASCII, so that no character means something else in a script than in JSON.
    record = json.dumps(_version(edition), separators=(",", ":"))
    return f"globalThis.lpeVersion={record};\n".encode("ascii")


def _version(edition: Edition) -> dict[str, Any]:
    kept = {
        f"{_address(edition, run)}.html": {
            "version": run.kept.version,
            "since": run.kept.since,
            "reason": run.kept.reason,
        }
        for run in edition.runs
        if run.kept
    }
    until = fresh_until(edition)
    return {
        "night": edition.night.isoformat(),
        "fresh_until": until.isoformat() if until else None,
        "standing": [
            {
                "table": each.table,
                "name": lower_first(contract_words().table_name(each.table)),
                "newest": each.newest.isoformat() if each.newest else None,
            }
            for each in standing(edition)
        ],
        "kept": kept,
    }


def hidden_record(edition: Edition, versions: Path) -> bytes:
    """`hidden.json`: what each page hides of times that are over, by the keys of the groups.

    Args:
        edition: The version.
        versions: Where the published versions lie: a kept page hides what it hid there.
    """
    pages: dict[str, list[str]] = {}
    for run in edition.runs:
        address = f"{_address(edition, run)}.html"
        if run.kept:
            hidden = (read_hidden(versions / run.kept.version) or {}).get(address, [])
        else:
            hidden = list(run.closed)
        if hidden:
            pages[address] = sorted(hidden)
    return _json(dict(sorted(pages.items())), indent=0)


def periods_record(pages: UnitPages, cards: Mapping[str, Card]) -> bytes:
    """`periods.json`: the periods of a report and unit, the newest first.

    Each with what its page's content is known by (`made`); a kept page's is not looked up.
    """
    return _json({"periods": [_period(spot, cards.get(spot.address)) for spot in pages.spots]})


def _period(spot: PageSpot, card: Card | None) -> dict[str, str]:
    made = {"made": card.made} if card and card.made else {}
    return {
        "href": f"{spot.period.id}.html",
        "kind": spot.period.kind.value,
        "title": upper_first(spot.period.long),
        **made,
    }


def _unusual(edition: Edition) -> list[Found]:
    """The key figures outside their own limits, the newest first."""
    return figures(edition, whole_pages(edition), ("limits",))


def _signal(edition: Edition, found: Found) -> dict[str, str]:
    spot = found.spots[0]
    return {
        "page": f"{spot.address}.html",
        "title": edition.card(spot).title,
        "label": found.signal.label,
        "value": found.signal.value,
        "words": found.signal.words,
    }


def _run(edition: Edition, run: ExecutedRun) -> dict[str, Any]:
    error = run.error
    return {
        "report": run.run.report,
        "unit": run.run.unit,
        "period": run.run.period.id,
        "address": f"{_address(edition, run)}.html",
        "status": run.status.value,
        "reason": run.run.reason,
        "error": {"kind": error.kind.value, "message": error.message} if error else None,
        "kept": {"version": run.kept.version, "since": run.kept.since, "reason": run.kept.reason}
        if run.kept
        else None,
        "digests": dict(sorted(run.digests.items())),
        "hidden": run.hidden,
        "cells": run.cells,
        "seconds": round(run.seconds, 3),
        **_taken_back(edition, run),
    }


def _taken_back(edition: Edition, run: ExecutedRun) -> dict[str, Any]:
    """That a page is taken back, where it is."""
    found = edition.retracted.get(_address(edition, run))
    return {"retracted": {"since": found.since, "why": found.why}} if found else {}


def _address(edition: Edition, run: ExecutedRun) -> str:
    report = edition.site.params.reports[run.run.report]
    return page_address(report, report.subject(run.run.unit), run.run.period)


def _json(value: Mapping[str, Any], indent: int | None = None) -> bytes:
    separators = None if indent is not None else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return f"{text}\n".encode()

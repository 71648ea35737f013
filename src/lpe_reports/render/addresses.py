"""Addresses inside a version: where pages lie, and how one leads to another.

An address is a path from the version's root without an ending ("om/index",
"uppfoljning/veckouppfoljning/ortopedi/2026-W19"); links between pages are relative, so that a
version works wherever it lies, also opened as files.
"""

import posixpath

from lpe_reports.params.reports import Report, Subject
from lpe_reports.periods import Period

# What a version says of itself to its pages, at its root; every page runs it before it is drawn.
VERSION_SCRIPT = "version.js"


def report_folder(report: Report) -> str:
    """The folder of a report: uppfoljning/veckouppfoljning."""
    return f"{report.area}/{report.slug}"


def unit_folder(report: Report, subject: Subject) -> str:
    """The folder of one report and unit: uppfoljning/veckouppfoljning/ortopedi."""
    return f"{report_folder(report)}/{subject.slug}"


def page_address(report: Report, subject: Subject, period: Period) -> str:
    """The address of one page."""
    return f"{unit_folder(report, subject)}/{period.id}"


def root_from(address: str) -> str:
    """The way from a page to the version's root: "../../" or "./"."""
    return "../" * address.count("/") or "./"


def way(address: str, target: str) -> str:
    """The relative link from a page to a file of the version.

    Args:
        address: The page that links.
        target: A file from the version's root, with its ending.
    """
    return posixpath.relpath(target, posixpath.dirname(address) or ".")

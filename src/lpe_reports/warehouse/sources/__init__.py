"""Where tables come from: databases and files, one source of params/sources.yml at a time."""

from typing import Protocol

from lpe_reports.params.sources import Sources
from lpe_reports.settings import Project
from lpe_reports.warehouse.sources.source import Source

__all__ = ["HasSources", "Source", "open_source"]


class HasSources(Protocol):
    """Params, as far as a source needs them."""

    @property
    def sources(self) -> Sources:
        """The sources of params/sources.yml."""


def open_source(name: str | None, project: Project, params: HasSources) -> Source:
    """A source, open for reading; use it in a `with`.

    Args:
        name: Its name in params/sources.yml; the default one when None.
        project: The project.
        params: Its params.

    Raises:
        UsageError: There is no source of this name.
        ParamsError: The source's entry names a table or column that the contract does not have.
        SourceError: It cannot be opened.
    """
    name = name or params.sources.default
    return Source(name, params.sources.get(name), project)

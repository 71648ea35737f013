"""Versions of the site that are cited elsewhere, which stay for as long as they are."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from lpe_reports.params.reading import ParamsModel, is_there, read_model

_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,4})?")


class CitedVersion(ParamsModel):
    """One version, and where it is cited.

    Fields:
        id: The version, like 2026-05-12 or 2026-05-12.2.
        cited: Where: the meeting and its date, the decision's number.
    """

    id: Annotated[str, Field(examples=["2026-05-12"])]
    cited: Annotated[str, Field(examples=["Produktionsstyrelsen 2026-05-20, § 4"])]

    @field_validator("id", mode="before")
    @classmethod
    def _names_a_version(cls, value: object) -> str:
        # YAML reads an id without a number behind it as a date.
        text = str(value)
        if not _VERSION.fullmatch(text):
            raise ValueError("expected a version like 2026-05-12 or 2026-05-12.2")
        return text


class Citations(ParamsModel):
    """Versions of the site that are cited elsewhere; `lpe prune` never removes them.

    Fields:
        versions: Them, in any order.
    """

    versions: tuple[CitedVersion, ...] = ()

    @field_validator("versions", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @property
    def ids(self) -> frozenset[str]:
        """The versions that are cited."""
        return frozenset(version.id for version in self.versions)


def load_citations(path: Path, root: Path) -> Citations:
    """The citations of `params/citations.yml`; none where there is no such file.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    return read_model(path, Citations, root) if is_there(path) else Citations()

"""Addresses that have changed, so that old links lead on."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from lpe_reports.params.reading import ParamsModel, is_there, read_model, repeated

Folder = Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)*$", max_length=200)]


class Move(ParamsModel):
    """One folder of pages that has another address now; both from the site's root.

    Fields:
        from: The folder that old links name.
        to: Where its pages are now.
    """

    old: Annotated[Folder, Field(alias="from", examples=["uppfoljning/vecka"])]
    new: Annotated[Folder, Field(alias="to", examples=["uppfoljning/veckouppfoljning"])]

    def former(self, address: str) -> str | None:
        """What a page's address was before; None for pages that did not move."""
        if address != self.new and not address.startswith(f"{self.new}/"):
            return None
        return self.old + address.removeprefix(self.new)


class Moved(ParamsModel):
    """Addresses that have changed: who follows an old link is led to the new page.

    Fields:
        moved: The moves; they stay for as long as old links may.
    """

    moved: list[Move] = []

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for move in self.moved:
            if move.old == move.new:
                raise ValueError(f"'{move.old}' is moved to itself")
        if twice := repeated(move.old for move in self.moved):
            raise ValueError(f"'{twice}' is moved twice; say where it is now")
        return self


def load_moved(path: Path, root: Path) -> list[Move]:
    """The moves of `params/moved.yml`; none where there is no such file.

    Raises:
        ParamsError: It is wrong; names file and line.
    """
    return read_model(path, Moved, root).moved if is_there(path) else []

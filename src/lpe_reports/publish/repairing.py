"""Putting damaged files of published versions right, from wherever the same bytes are whole.

Versions link to one file, so a damaged one is damaged in all of them. The newest candidate and
files that were copied and not linked may still have it; a file that nobody has stays named.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lpe_reports.build.storing.store import clear_leftovers, write_whole
from lpe_reports.publish.catalogue import version_folders
from lpe_reports.publish.tree import ASSETS, file_names, stored_digests
from lpe_reports.publish.verifying import Damage, Digests
from lpe_reports.publish.versions import cannot_write
from lpe_reports.settings import Project


def repair(project: Project, damages: Sequence[Damage]) -> list[Damage]:
    """Put right what can be, each file in one step; returns what stays damaged.

    Needs the build's lock. A file that is not of its version is left where it is: nobody knows
    whose it is.

    Raises:
        SettingsError: public/ cannot be written; each file is as it was, or mended.
    """
    wanted = {damage.digest for damage in damages if damage.digest}
    whole = _whole_files(project, wanted)
    stays = []
    for damage in damages:
        source = whole.get(damage.digest)
        place = project.public / "v" / damage.version / damage.file
        if damage.problem == "not of the version" or source is None:
            # A half-written file of a repair that was killed is gone by now.
            stays += [damage] if damage.problem != "not of the version" or place.exists() else []
            continue
        try:
            clear_leftovers(place.resolve().parent)
            write_whole(place.resolve(), source.read_bytes(), mode=0o444)
        except OSError as error:
            raise cannot_write(error) from None
    return stays


def _whole_files(project: Project, wanted: set[str]) -> dict[str, Path]:
    """A file with each of these digests, where there is one."""
    digests = Digests()
    found: dict[str, Path] = {}
    for path, digest in _known_files(project):
        if digest in wanted - found.keys() and digests.of(path) == digest:
            found[digest] = path
    return found


def _known_files(project: Project) -> Iterator[tuple[Path, str]]:
    """Files with the digest that they should have; those of the candidate with what they have."""
    digests = Digests()
    own = [project.candidate / name for name in file_names(project.candidate)]
    for path in [*own, *(project.candidate / ASSETS).glob("*")]:
        yield path, digests.of(path) or ""
    for folder in version_folders(project.public):
        yield from ((folder / name, digest) for name, digest in stored_digests(folder).items())

"""The benchmark of versions measures what it says."""

from pathlib import Path

from tests.bench.versions import SHARE, Site, megabytes


def test_nights_take_the_disk_of_what_changed(tmp_path: Path) -> None:
    """Unchanged pages are there once, however many versions show them."""
    site = Site(tmp_path, 20, follows=False)
    site.publish_nights(1)
    one = megabytes(site.project.public)

    site.publish_nights(3)

    assert site.count() == 4
    # A page of twenty is new each night; what follows from it is not, here.
    changed = megabytes(site.project.candidate / "r0") / 2
    assert one < megabytes(site.project.public) < one + 3 * 1.3 * changed
    assert SHARE * 20 == 1

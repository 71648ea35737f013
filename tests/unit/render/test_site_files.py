"""Shared files are named by their content, the font is ours to ship."""

import hashlib
import re

import pytest
from fontTools.ttLib import TTFont

from lpe_reports.render.site_files import ASSETS, FONTS, SCRIPTS, site_files
from lpe_reports.render.vega import library_name


def test_a_shared_files_name_holds_its_digest() -> None:
    """Another content has another name; the stylesheet finds its fonts by theirs."""
    files = site_files()

    for name, data in files.content.items():
        assert name.split(".")[1] == hashlib.sha256(data).hexdigest()[:10]
    named = re.findall(r"url\(([^)]+)\)", files.content[files.css].decode())
    assert len(named) == 2
    assert set(named) <= files.content.keys()


def test_shared_files_ask_nothing_of_other_hosts() -> None:
    """No address with a scheme in what the browser loads."""
    for name, data in site_files().content.items():
        if not name.endswith(".woff2"):
            text = data.decode().replace("http://www.w3.org/2000/svg", "")
            assert "://" not in text.replace('startsWith("http")', ""), name


def test_the_script_is_made_of_all_its_parts_and_leaves_no_names() -> None:
    """Each part once, within one function; it finds the charts' library by its name."""
    files = site_files()
    script = files.content[files.script].decode()

    assert sorted(f"{name}.js" for name in SCRIPTS) == sorted(
        path.name for path in (ASSETS / "script").iterdir()
    )
    assert script.startswith('(() => {\n"use strict";')
    assert script.rstrip().endswith("})();")
    assert f'import("./{library_name()}")' in script


@pytest.mark.parametrize("style", ["Regular", "SemiBold"])
def test_the_font_is_small_free_and_has_what_swedish_needs(style: str) -> None:
    """Under the OFL, without a reserved name; åäö, figures of one width, the signs of the pages."""
    path = FONTS / f"Inter-{style}.ttf"
    font = TTFont(path)
    names = {record.nameID: str(record) for record in font["name"].names}

    assert path.stat().st_size < 400_000
    assert "Open Font License" in names[13]
    assert "Reserved Font Name" not in names[0]
    assert (names.get(16) or names[1]) == "Inter"
    assert not [sign for sign in "åäöÅÄÖéü–−…·‹›▲▼↑↓°%½" if ord(sign) not in font.getBestCmap()]
    tabular = [r for r in font["GSUB"].table.FeatureList.FeatureRecord if r.FeatureTag == "tnum"]
    assert tabular
    assert (FONTS / f"Inter-{style}.woff2").read_bytes()[:4] == b"wOF2"
    assert (FONTS / "OFL.txt").read_text("utf-8").startswith("Copyright 2020 The Inter Project")

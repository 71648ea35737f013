"""The library that draws charts in the browser: one file of the site, out of vl-convert.

So it has the very versions that drew the pictures, and nothing is asked of another host.
"""

import hashlib
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lpe_reports.errors import RenderError
from lpe_reports.system import move

# As bytes: standard output has no room for all signs everywhere.
_BUNDLE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
_BUNDLE_SECONDS = 120


@cache
def library_name() -> str:
    """What the library's file is called: other versions of it have another name."""
    told = f"vega without files, {version('vl-convert-python')}"
    return f"vega.{hashlib.sha256(told.encode()).hexdigest()[:10]}.js"


def library(folder: Path) -> bytes:
    """The library, made when it is first asked for and kept in a folder.

    Raises:
        RenderError: vl-convert cannot make it.
    """
    kept = folder / library_name()
    if kept.is_file():
        return kept.read_bytes()
    content = _made()
    folder.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(".part")
    part.write_bytes(content)
    move(part, kept)
    return content


@cache
def _made() -> bytes:
    """The library, made in a process of its own, which gives its memory back."""
    made = subprocess.run(
        [sys.executable, "-c", _BUNDLE], capture_output=True, timeout=_BUNDLE_SECONDS, check=False
    )
    if made.returncode or not made.stdout:
        raise RenderError(f"the library for charts cannot be made (exit {made.returncode})")
    # Vega could be asked to read files of the reader's machine; the site's is not.
    return made.stdout.replace(b'"file://"', b'"none:"')

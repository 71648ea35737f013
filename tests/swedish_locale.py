"""A machine that speaks Swedish, also where the system has not been told how."""

import os
import subprocess
from pathlib import Path

SOURCE = Path("/usr/share/i18n/locales/sv_SE")
_BEGIN = """
import locale, os
os.environ["LOCPATH"] = {folder!r}
locale.setlocale(locale.LC_ALL, "")
"""


def swedish_locale(folder: Path) -> dict[str, str]:
    """The environment of its commands; notebooks, whose own is another, speak Swedish by it too.

    Args:
        folder: An empty folder. The locale is made there; `SOURCE` is needed for it.
    """
    subprocess.run(
        ["localedef", "-i", "sv_SE", "-f", "UTF-8", "--no-archive", folder / "sv_SE.UTF-8"],
        check=True, timeout=120,
    )  # fmt: skip
    (folder / "sitecustomize.py").write_text(_BEGIN.format(folder=str(folder)), "utf-8")
    path = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    language = dict.fromkeys(("LC_ALL", "LANG"), "sv_SE.UTF-8")
    return {**language, "PYTHONPATH": os.pathsep.join(path)}

"""Where the parts of a new project lie: in the wheel, and in a checkout at its root."""

from pathlib import Path

from lpe_reports.errors import SettingsError
from lpe_reports.settings import MARKER

_HERE = Path(__file__).resolve().parent


def starter_folder() -> Path:
    """The folder that holds params/, reports/, docs/ and _quarto.yml as they are delivered.

    Raises:
        SettingsError: The package lies here without them, copied by hand for instance.
    """
    # The wheel carries them beside the modules; a checkout has them beside src/.
    for folder in (_HERE / "starter", _HERE.parents[1]):
        if (folder / MARKER).is_file() and (folder / "params").is_dir():
            return folder
    raise SettingsError(
        "this installation of lpe-reports lacks what a new project is made of; install it again "
        "from its wheel"
    )

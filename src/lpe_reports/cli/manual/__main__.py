"""`make docs`: write the pages that are made from the program into docs/.

python -m lpe_reports.cli.manual [FOLDER]
"""

import sys
from pathlib import Path

from lpe_reports.cli.manual.written import write_pages
from lpe_reports.settings import find_project

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else find_project().root / "docs"
    for name in write_pages(find_project(), folder):
        print(f"{folder.name}/{name}")

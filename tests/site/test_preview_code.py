"""A preview follows the package's own files: measures, templates, styles, code that renders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from live_preview import LivePreview, replacing
from previewed import REPORT, Previewed

pytestmark = pytest.mark.promise(
    "authors",
    "A preview tells what is wrong, gives nothing to others, and leaves nothing behind",
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePreview]:
    """A small report, previewed by a copy of the package."""
    folder = tmp_path_factory.mktemp("live")
    office = Previewed(folder / "office")
    with LivePreview(office.project.root, folder / "code", REPORT) as preview:
        preview.wait()
        assert preview.problem() == ""
        yield preview


def assets(live: LivePreview, ending: str) -> str:
    """The address of the page's own file with an ending."""
    (line,) = [line for line in live.read().split('"') if line.endswith(ending) and "site" in line]
    return f"forhandsvisning/{line.lstrip('./')}"


def test_a_changed_measure_is_counted_anew(live: LivePreview) -> None:
    """The numbers are those of the changed code; taken back, they are the old ones."""
    measure = live.package / "measures" / "production.py"
    right = "return answer.assign(operation_hours="
    double = 'return answer.assign(operations=2 * answer["operations"], operation_hours='
    assert ">46<" in live.read()

    live.after(replacing(measure, right, double), lambda: ">92<" in live.read())
    assert ">46<" not in live.read()
    live.after(replacing(measure, double, right), lambda: ">46<" in live.read())
    assert live.problem() == ""


def test_a_broken_measure_names_itself_and_the_page_comes_back(live: LivePreview) -> None:
    """The module and its line, not the cell that imported it."""
    measure = live.package / "measures" / "production.py"
    good = measure.read_text(encoding="utf-8")
    told = "lpe_reports/measures/production.py innehåller ett fel"
    broken = f"{good}\ndef broken(:\n"
    live.after(lambda: measure.write_text(broken, "utf-8"), lambda: told in live.problem())
    assert f"rad {len(good.splitlines()) + 2}" in live.problem()

    live.after(lambda: measure.write_text(good, "utf-8"), lambda: live.problem() == "")


def test_a_template_a_style_and_a_script_are_seen(live: LivePreview) -> None:
    """Without a cell being run."""
    place = live.package / "render" / "assets"
    new = "<p>NYTT I MALLEN</p></body>"
    change = replacing(place / "page.html", "</body>", new)
    live.after(change, lambda: "NYTT I MALLEN" in live.read())
    live.after(
        replacing(place / "site.css", "body { margin: 0;", "body { margin: 1px;"),
        lambda: "margin: 1px" in live.read(assets(live, ".css")),
    )
    live.after(
        replacing(place / "script" / "start.js", '"Escape"', '"End"'),
        lambda: '"End"' in live.read(assets(live, ".js")),
    )


def test_a_broken_template_is_told_and_forgotten(live: LivePreview) -> None:
    """The notebook is not blamed for it."""
    template = live.package / "render" / "assets" / "page.html"
    good = template.read_text(encoding="utf-8")
    told = "Sidan gick inte att framställa"
    live.after(lambda: template.write_text(f"{good}$if(", "utf-8"), lambda: told in live.problem())
    assert "mall" in live.problem()

    live.after(lambda: template.write_text(good, "utf-8"), lambda: live.problem() == "")


def test_code_that_renders_is_imported_anew(live: LivePreview) -> None:
    """Also where it is broken in between: its line is told, and it is tried again."""
    code: Path = live.package / "render" / "page_document.py"
    good = code.read_text(encoding="utf-8")
    told = "lpe_reports/render/page_document.py innehåller ett fel"
    broken = f"{good}\nraise ValueError('x')\n"
    live.after(lambda: code.write_text(broken, "utf-8"), lambda: told in live.problem())

    assert '"when": title.when,' in good
    new = good.replace('"when": title.when,', '"when": "NÄR SOM HELST",')
    live.after(lambda: code.write_text(new, "utf-8"), lambda: "NÄR SOM HELST" in live.read())
    live.after(lambda: code.write_text(good, "utf-8"), lambda: "NÄR SOM" not in live.read())

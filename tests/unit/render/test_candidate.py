"""A candidate's tree: what a kept page needs comes with it."""

from pathlib import Path

from lpe_reports.render.candidate import CandidateTree

PAGE = b'<link href="../assets/site.0123456789.css"><script src="../assets/site.abcdef0123.js">'


def test_a_kept_page_brings_the_library_that_its_script_imports(tmp_path: Path) -> None:
    """An older version of it than the others', so that its charts still answer."""
    version = tmp_path / "v" / "2026-05-11"
    (version / "assets").mkdir(parents=True)
    (version / "a").mkdir()
    (version / "a" / "2025.html").write_bytes(PAGE)
    for name, content in {
        "site.0123456789.css": b"src: url(Inter.2c9b4369e3.woff2)",
        "Inter.2c9b4369e3.woff2": b"wOF2",
        "site.abcdef0123.js": b'import("./vega.837f6eb5f1.js"); import("./gone.837f6eb5f1.js")',
        "vega.837f6eb5f1.js": b"vegaEmbed",
        "other.837f6eb5f1.js": b"",
    }.items():
        (version / "assets" / name).write_bytes(content)
    tree = CandidateTree(tmp_path / "candidate")

    tree.link_kept("a/2025", version)

    assert sorted(path.name for path in (tree.finish() / "assets").iterdir()) == [
        "Inter.2c9b4369e3.woff2",
        "site.0123456789.css",
        "site.abcdef0123.js",
        "vega.837f6eb5f1.js",
    ]

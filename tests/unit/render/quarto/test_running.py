"""What Quarto is run with: the same world anywhere, and nothing from outside."""

from pathlib import Path

from lpe_reports.render.quarto.running import environment


def test_the_world_of_a_run_is_the_same_anywhere(tmp_path: Path) -> None:
    """Clock, language and caches are its own; another project's settings do not reach it."""
    given = {"PATH": "/bin", "HOME": str(tmp_path), "TZ": "Asia/Kathmandu", "LC_ALL": "sv_SE"}
    given |= {"QUARTO_PROFILE": "mine", "QUARTO_PROJECT_ROOT": "/x", "XDG_CACHE_HOME": "/y"}

    made = environment(given, tmp_path / "scratch")

    assert (made["TZ"], made["LC_ALL"], made["PATH"]) == ("UTC", "C.UTF-8", "/bin")
    assert not {"QUARTO_PROFILE", "QUARTO_PROJECT_ROOT"} & made.keys()
    assert Path(made["XDG_CACHE_HOME"]).parent == tmp_path / "scratch"
    assert made["HOME"] == str(tmp_path)


def test_a_run_asks_nobody_outside(tmp_path: Path) -> None:
    """What would ask is sent to a place where nobody listens, whatever the proxies of the day."""
    given = {"HOME": str(tmp_path), "HTTPS_PROXY": "http://proxy.invalid", "NO_PROXY": "*"}

    made = environment(given, tmp_path)

    proxies = {value for name, value in made.items() if name.upper().endswith("S_PROXY")}
    assert proxies == {"http://127.0.0.1:9"}
    assert made["NO_PROXY"] == made["no_proxy"] == ""


def test_an_account_without_a_home_gets_one(tmp_path: Path) -> None:
    """A service's account may have none that it can write in."""
    for given in ({}, {"HOME": str(tmp_path / "missing")}):
        assert environment(given, tmp_path)["HOME"] == str(tmp_path)

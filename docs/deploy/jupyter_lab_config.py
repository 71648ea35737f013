"""JupyterLab as `make lab` starts it; docs/jupyterlab.md says how to start it by hand.

What a notebook has shown stays on the screen and is never written to its file: it descends from
patients, and a notebook is stored without it. Nothing is asked of any other host.
"""

from pathlib import Path

c = get_config()  # noqa: F821

c.ServerApp.ip = "127.0.0.1"
c.LabApp.default_url = "/lab/tree/reports"
# Neither news nor newer versions are looked for, and nothing is installed from within it.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# What else it would ask a person about.
c.LabApp.app_settings_dir = str(Path(__file__).resolve().with_name("jupyterlab"))


def without_outputs(model, **_):
    """Take the outputs and execution counts out of a notebook on its way to its file.

    Args:
        model: What the contents manager is to save; changed in place.
    """
    notebook = model.get("content")
    if model["type"] != "notebook" or not isinstance(notebook, dict):
        return
    for cell in notebook.get("cells", []):
        for name in ("execution", "collapsed", "scrolled"):
            cell.get("metadata", {}).pop(name, None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook.get("metadata", {}).pop("widgets", None)
    # Which Python it was that ran it differs between analysts, and is no part of a report.
    notebook["metadata"]["language_info"] = {"name": "python"}


c.FileContentsManager.pre_save_hook = without_outputs

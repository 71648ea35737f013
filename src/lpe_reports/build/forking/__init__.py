"""Notebooks run in processes forked from one that has the third-party libraries imported.

    worker (papermill) ── engine, client, server ──▶ fork server ──fork──▶ pages ──fork──▶ notebook
                                                     start, warm,          what pages      child,
                                                     serving               import,         takeover,
                                                                           kernel          streams

The fork server and what is forked from it load the files of this folder under the name
`lpe_forking`, so that nothing of `lpe_reports` is imported in it. What every page imports of
`lpe_reports` is imported in a process between it and the notebooks, which another one replaces
when a file of it has changed; all else a notebook imports itself, and that is what it depends
on. The kernel is made in that process too, of nobody's environment; the notebook's takes it over.
That is why the modules on the right, and those they share with the left, import each other
relatively and nothing else of the package.
"""

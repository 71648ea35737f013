"""Notebooks run in processes forked from one that has the third-party libraries imported.

    worker (papermill) ── engine, client, server ──▶ fork server ── fork ──▶ one process a notebook
                                                     start, warm, serving     child, kernel, streams

The fork server and what is forked from it load the files of this folder under the name
`lpe_forking`, so that nothing of `lpe_reports` is imported when a notebook begins: what it
imports of it is then what it depends on, and is read from the disk as it is that day. That is
why the modules on the right, and those they share with the left, import each other relatively
and nothing else of the package.
"""

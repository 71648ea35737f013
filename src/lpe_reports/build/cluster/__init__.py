"""Runs of a build on a Dask cluster whose workers share the project's folder."""

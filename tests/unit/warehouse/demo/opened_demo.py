"""A demo that was made, opened for questions."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from lpe_reports.settings import Project


@dataclass(frozen=True)
class Demo:
    """A demo that was made, and its smaller tables as frames."""

    project: Project
    database: duckdb.DuckDBPyConnection
    operations: pd.DataFrame
    needs: pd.DataFrame
    sessions: pd.DataFrame

    @property
    def tables(self) -> list[str]:
        """The names of all tables."""
        return list(self.ask("SELECT table_name FROM information_schema.tables")["table_name"])

    def ask(self, question: str) -> pd.DataFrame:
        """The answer to a question in SQL; the waiting lists are too long for a frame."""
        return self.database.sql(question).df()


def open_demo(folder: Path) -> Demo:
    """Read a demo that lies in a folder."""
    project = Project(folder)
    database = duckdb.connect(str(project.demo_warehouse), read_only=True)
    tables = {
        name: database.sql(f"SELECT * FROM {name}").df()
        for name in ("operations", "needs", "sessions")
    }
    return Demo(project, database, **tables)

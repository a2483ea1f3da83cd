"""The databases that the application is tested on: SQLite, and a PostgreSQL server of our own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

BACKENDS = ("sqlite", "postgresql")
_NOT_THERE = "no PostgreSQL server is installed: run make tools"


@contextmanager
def private_server() -> Iterator[str]:
    """The address of a PostgreSQL server that is there while the block lasts.

    It listens on a socket in a folder of its own and keeps nothing safe, which makes it fast.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="ungeplan-pg-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    as_user = {"user": user} if os.geteuid() == 0 else {}

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, *arguments],
            check=True,
            capture_output=True,
            cwd=folder,
            **as_user,
        )

    data = str(folder / "data")
    run("initdb", "-D", data, "-A", "trust", "-U", "ungeplan", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -h '' -c fsync=off -c max_connections=200"
    run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://ungeplan@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str, name: str, template: str = "template0") -> str:
    """The address of a new database, the same as another that nobody uses."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _programs() -> Path:
    """The newest installed server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parent.parent.name),
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    assert on_path is not None, _NOT_THERE
    return Path(on_path).resolve().parent

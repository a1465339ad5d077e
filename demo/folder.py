"""A demo's folder: all of its data, its lock, and `hub.env`, the environment of its programs."""

import fcntl
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cryptography.fernet import Fernet

from demo.console import Problem
from wards.tiers import Tier

LOCK_NAME = "demo.lock"
LONGEST_SOCKET_PATH = 107  # bytes, of a Unix socket
HIGHEST_PORT = 65535
LOWEST_OPEN_PORT = 1024
FROM_HUB_TO_SYSTMONE = 32_700


@dataclass(frozen=True)
class Demo:
    """Where a demo keeps its data, where it listens, and what it offers."""

    folder: Path
    port: int
    tier: str

    @property
    def systmone_port(self) -> int:
        """Where the SystmOne simulator listens: 40700, SystmOne's own, for port 8000."""
        return _other_port(self.port, FROM_HUB_TO_SYSTMONE)

    @property
    def systmone_page_port(self) -> int:
        """Where the simulator shows its message audit: 41700 for port 8000."""
        return _other_port(self.port, FROM_HUB_TO_SYSTMONE + 1000)

    @property
    def ports(self) -> list[int]:
        """All ports on which this demo listens."""
        if self.tier != Tier.MAX_PLUS:
            return [self.port]
        return [self.port, self.systmone_port, self.systmone_page_port]

    @property
    def environment_file(self) -> Path:
        return self.folder / "hub.env"

    @property
    def redis_socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def logs(self) -> Path:
        return self.folder / "log"


def _other_port(port: int, distance: int) -> int:
    ports = HIGHEST_PORT - LOWEST_OPEN_PORT + 1
    return LOWEST_OPEN_PORT + (port + distance - LOWEST_OPEN_PORT) % ports


def chosen_demo(environ: Mapping[str, str]) -> Demo:
    """Read HUB_DATA, PORT and HUB_TIER; raise Problem where one cannot be used."""
    port = environ.get("PORT") or "8000"
    if not (port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        raise Problem(f"PORT is {port}: choose a number from 1 to {HIGHEST_PORT}.")
    tier = environ.get("HUB_TIER") or Tier.MAX_PLUS
    if tier not in list(Tier):
        raise Problem(f"HUB_TIER is {tier}: choose one of {', '.join(Tier)}.")
    demo = Demo(Path(environ.get("HUB_DATA") or "var").absolute(), int(port), tier)
    if len(bytes(demo.redis_socket)) > LONGEST_SOCKET_PATH:
        raise Problem(
            f"HUB_DATA is {demo.folder}: that path is too long for the socket of Redis, "
            "choose a shorter one."
        )
    return demo


@contextmanager
def claimed(demo: Demo) -> Iterator[None]:
    """Hold the demo's folder, made if need be, for this process alone."""
    try:
        demo.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_a_strangers_folder(demo)
        lock = (demo.folder / LOCK_NAME).open("w")
    except OSError as error:
        raise Problem(
            f"HUB_DATA is {demo.folder}, which cannot be used: {error.strerror}."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                f"A demo runs on {demo.folder} already: stop it first, "
                "or choose another folder and port: HUB_DATA=var2 PORT=8001 make demo."
            ) from None
        yield


def _refuse_a_strangers_folder(demo: Demo) -> None:
    """What a demo puts here, `make demo-reset` deletes: nothing else may be here."""
    names = {entry.name for entry in demo.folder.iterdir()} - {LOCK_NAME}
    if names and demo.environment_file.name not in names:
        raise Problem(
            f"{demo.folder} is not empty and holds no demo (no hub.env): "
            "choose an empty or new folder with HUB_DATA."
        )


def empty_folder(demo: Demo) -> None:
    """Delete all that the demo has put into its folder, `hub.env`, its mark, last."""
    for entry in sorted(demo.folder.iterdir(), key=lambda entry: entry == demo.environment_file):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK_NAME:
            entry.unlink()


def environment_of_programs(demo: Demo, shell: Mapping[str, str]) -> dict[str, str]:
    """Return what the programs get: the shell's variables but for those that `hub.env` decides."""
    decided = write_environment(demo)
    others = {name: value for name, value in shell.items() if name not in decided}
    return {**others, "HUB_DATA": str(demo.folder)}


def write_environment(demo: Demo) -> dict[str, str]:
    """Bring `hub.env` up to date, keeping its keys and what a person added; return it."""
    values = {
        "HUB_SECRET_KEY": secrets.token_urlsafe(48),
        "HUB_AUDIT_KEY": secrets.token_urlsafe(48),
        "HUB_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        # Compressing them takes most of a first start, and saves nothing on one machine.
        "HUB_STATIC_STORAGE": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        **read_environment(demo.environment_file),
        "HUB_DEMO": "true",
        "HUB_TIER": demo.tier,
        "DATABASE_URL": f"sqlite:///{quote(str(demo.folder / 'hub.sqlite3'))}",
        "REDIS_URL": f"unix://{quote(str(demo.redis_socket))}",
        "HUB_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "HUB_BASE_URL": f"http://127.0.0.1:{demo.port}",
    }
    fresh = demo.folder / "hub.env.new"
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    fresh.rename(demo.environment_file)
    return values


def read_environment(file: Path) -> dict[str, str]:
    """Return the names and values in a dotenv file, none if there is no such file."""
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name.strip(): value for name, equals, value in pairs if equals}

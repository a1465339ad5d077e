"""A pytest plugin, loaded before Django: the environment of the tests, and their servers.

One Redis, and for `--hub-database=postgresql` one PostgreSQL, serve the whole session. The
processes of pytest-xdist inherit their URLs, and use a database of their own on each.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers import running_postgresql, running_redis

DATABASES = ("sqlite", "postgresql")

FIXED = {
    "DJANGO_SETTINGS_MODULE": "inpatient_hub.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's API runs an event loop in this thread
    "HUB_DEMO": "false",
    "HUB_HTTPS": "false",
    "HUB_STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "HUB_TIER": "max_plus",
    "HUB_SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "HUB_AUDIT_KEY": "only-for-tests",
    "HUB_ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "HUB_BASE_URL": "http://testserver",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hub-database", choices=DATABASES, default="sqlite", help="default: sqlite")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment before pytest-django, in the same hook, reads the settings."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] += f"?db={int(worker.removeprefix('gw'))}"
        return
    session = ExitStack()
    early_config.add_cleanup(session.close)
    database = early_config.known_args_namespace.hub_database
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        del os.environ[name]  # what a person has set is not for the tests
    os.environ.update(session.enter_context(environment(database)))


@contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """Run the servers; yield all that the settings read."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hub-tests-")))
        (folder / "static").mkdir()
        if database == "postgresql":
            database_url = stack.enter_context(running_postgresql(folder))
        else:
            database_url = f"sqlite:///{folder / 'hub.sqlite3'}"
        redis_url = stack.enter_context(running_redis(folder))
        yield {
            **FIXED,
            "HUB_DATA": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
        }

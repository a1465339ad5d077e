"""A pytest plugin, loaded before Django: the environment of the tests, and their servers.

Each process of pytest-xdist has a folder and a Redis of its own. For `--hub-database=postgresql`
one PostgreSQL serves them all: they inherit its URL, and pytest-django makes a database for each.
"""

import os
from contextlib import ExitStack
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
    "HUB_ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OWFiY2RlZmc=",
    "HUB_ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "HUB_BASE_URL": "http://testserver",
    "HUB_DATABASE_POOL_SIZE": "16",  # eight threads of a race, and the test itself
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hub-database", choices=DATABASES, default="sqlite", help="default: sqlite")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment before pytest-django, in the same hook, reads the settings."""
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="hub-tests-")))
    (folder / "static").mkdir()
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        del os.environ[name]  # what a person has set is not for the tests
    os.environ.update(FIXED, HUB_DATA=str(folder))
    os.environ["REDIS_URL"] = stack.enter_context(running_redis(folder))
    if early_config.known_args_namespace.hub_database == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'hub.sqlite3'}"
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["DATABASE_URL"] = stack.enter_context(running_postgresql(folder))

"""The benchmarks' own environment is one in which the product starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from benchmarks.bench import ENVIRONMENT
from benchmarks.past import live, pages_of, signed_in_nurse
from tests.web_server import REPOSITORY


def test_the_product_starts_in_the_environment_of_the_benchmarks(tmp_path: Path) -> None:
    others = {name: text for name, text in os.environ.items() if not name.startswith("HUB_")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=REPOSITORY,
        env={**others, **ENVIRONMENT, "HUB_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="measured on PostgreSQL alone")
def test_each_page_that_is_measured_is_there_once_for_each_ward(client: Client) -> None:
    trust = live(wards=2, days=2)
    client.cookies["sessionid"] = signed_in_nurse(trust, wards=2)
    for name, paths in pages_of(trust, wards=2).items():
        assert [client.get(path).status_code for path in paths] == [200, 200], name

"""What all tests share."""

import hypothesis
import pytest
from pytest_django import Settings

from assurance import rate_limits

# Examples share the database of their test; the machine that runs them may be slow.
hypothesis.settings.register_profile(
    "hub",
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("hub")


@pytest.fixture(autouse=True, scope="session")
def patience_with_redis() -> None:
    """A machine that runs the tests may stand still for longer than a caller may wait."""
    rate_limits.TIME_OUT = 30


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Production's hashes are slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

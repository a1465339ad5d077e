"""What all tests share."""

from hypothesis import HealthCheck, settings

# Examples share the database of their test; the machine that runs them may be slow.
settings.register_profile(
    "hub",
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hub")

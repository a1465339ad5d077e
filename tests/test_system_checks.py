"""Django's own checks of the product: they must say the same at every hour of the day."""

from datetime import time

import pytest
import time_machine
from django.core.management import call_command

from wards.models import Ward

SHIFT_TIMES = [
    field.default
    for field in Ward._meta.fields
    if field.name.startswith(("early_", "late_", "night_"))
]


@pytest.mark.parametrize("hour", SHIFT_TIMES, ids=str)
def test_the_checks_pass_in_the_minute_a_shift_begins_or_ends(hour: time) -> None:
    with time_machine.travel(f"2026-11-21T{hour}+00:00", tick=False):
        call_command("check", fail_level="WARNING")

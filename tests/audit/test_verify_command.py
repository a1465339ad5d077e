"""`manage.py verify_audit_log` tells an operator whether the log is intact."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.audit.logbook import tamper, write

pytestmark = pytest.mark.django_db


def test_an_intact_log_is_confirmed() -> None:
    write(3)
    out = StringIO()
    call_command("verify_audit_log", stdout=out)
    assert out.getvalue() == "The audit log is intact: 3 event(s).\n"


def test_each_fault_is_named_and_the_command_fails() -> None:
    write(9)
    tamper("UPDATE {events} SET ward = 'Keats' WHERE sequence = 2")
    tamper("DELETE FROM {events} WHERE sequence IN (5, 6)")
    errors = StringIO()
    with pytest.raises(CommandError, match=r"not intact: 2 fault\(s\)") as failure:
        call_command("verify_audit_log", stderr=errors)
    assert failure.value.returncode == 1
    assert errors.getvalue().splitlines() == [
        "audit event 2: altered",
        "audit event 5: missing up to 6",
    ]

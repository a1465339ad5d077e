"""`manage.py verify_audit_log` tells an operator whether the log is intact."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import ChainHead
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


def test_a_log_that_was_emptied_is_told_by_the_number_of_the_last_run() -> None:
    write(3)
    call_command("verify_audit_log", at_least=3, stdout=StringIO())
    tamper("DELETE FROM {events}")
    ChainHead.objects.all().delete()
    with pytest.raises(CommandError, match=r"has 0 event\(s\), not 3 or more"):
        call_command("verify_audit_log", at_least=3)

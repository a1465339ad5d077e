"""The audit log of a discharge, as the pages of its way into SystmOne need it."""

from functools import partial

from systmone import discharge_logs
from systmone.panels import addresses_of_log, facts_of_log, facts_of_undone_log
from systmone.writing_pages import Pushed
from wards import queries
from wards.requests import SignedInRequest


def find_log(request: SignedInRequest, pk: int, stay: int) -> Pushed:
    """Return the log as its pages need it. Raises Http404 where the patient is out of sight."""
    found = queries.find_stay(request.user, pk, stay)
    facts = facts_of_undone_log if found.is_open else facts_of_log
    return Pushed(
        name="discharge audit log",
        stay=found,
        addresses=addresses_of_log(found),
        call=discharge_logs.call_of(found),
        text=partial(discharge_logs.text_of, found),
        push=lambda by: discharge_logs.push(stay=found, by=by),
        facts=partial(facts, found),
    )

"""What is typed by hand into an address or forged in a form gets an answer, never a crash."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from assurance.models import ApiClient
from library.models import Guide
from tasks.models import Task, TaskTemplate
from tests.admin.pages import address
from tests.factories import TaskFactory
from wards.models import Membership, User, Ward

pytestmark = pytest.mark.django_db

HUGE = "9" * 30

QUESTIONS: list[tuple[str, dict[str, str]]] = [
    (address(Task), {"q": "\x00"}),
    (address(Task), {"p": HUGE}),
    (address(Task), {"o": "99.-98.x"}),
    (address(Task), {"ward__id__exact": HUGE}),
    (address(Task), {"ward__id__exact": "abc"}),
    (address(Task), {"id__in": HUGE}),
    (address(Task), {"status__exact": "\x00"}),
    (address(Task), {"due_on__year": "99999"}),
    (address(Task), {"due_on__year": "2026", "due_on__month": "2", "due_on__day": "30"}),
    (address(Task), {"ward__name__startswith": "B"}),
    (address(Task), {"_to_field": "slug"}),
    (address(Task), {"_facets": "True", "all": ""}),
    (address(TaskTemplate), {"weekdays__contains": "1"}),
    (address(TaskTemplate, "week"), {"ward": "\x00"}),
    (address(Membership, "add"), {"user": "\x00"}),
    (address(Membership, "add"), {"user": "x", "ward": "abc", "expires_at": "soon"}),
    (address(Task, "add"), {"due_on": "soon", "ward": HUGE}),
    (address(ApiClient, "add"), {"wards": f"abc,{HUGE}"}),
    (address(Ward, f"{HUGE}/change"), {}),
    (address(User, f"{HUGE}/password"), {}),
    (address(ApiClient, f"{HUGE}/revoke"), {}),
    ("/admin/autocomplete/", {"app_label": "x"}),
    ("/admin/nowhere/", {}),
]

FORMS: list[tuple[type[Model], str, dict[str, Any]]] = [
    (Task, "", {"action": "cancel_tasks", "_selected_action": HUGE}),
    (Task, "", {"action": "cancel_tasks", "_selected_action": "abc"}),
    (Task, "", {"action": "reopen_tasks", "_selected_action": "1", "index": "x"}),
    (Task, "", {"action": "drop_tables", "_selected_action": "1"}),
    (Membership, "add", {"user": "\x00", "ward": HUGE, "role": "king"}),
    (TaskTemplate, "add", {"ward": HUGE, "guide": HUGE, "weekdays": [HUGE]}),
    (ApiClient, "add", {"name": "x", "wards": [HUGE, "abc"]}),
    (Guide, "add", {"steps-TOTAL_FORMS": HUGE, "steps-INITIAL_FORMS": "0"}),
    (Guide, "add", {}),
    (User, "add", {"memberships-TOTAL_FORMS": "9", "memberships-INITIAL_FORMS": "x"}),
]


@pytest.mark.parametrize(("path", "question"), QUESTIONS)
def test_a_question_typed_by_hand(
    path: str, question: dict[str, str], byron: Ward, senior: Client
) -> None:
    TaskFactory.create(ward=byron)
    assert senior.get(path, question).status_code < 500


@pytest.mark.parametrize(("model", "page", "data"), FORMS)
def test_a_forged_form(
    model: type[Model], page: str, data: dict[str, Any], byron: Ward, senior: Client
) -> None:
    TaskFactory.create(ward=byron)
    before = model._default_manager.count()
    assert senior.post(address(model, page), data).status_code < 500
    assert model._default_manager.count() == before

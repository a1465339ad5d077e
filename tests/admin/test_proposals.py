"""Proposed repeating work in the admin: found, approved, declined, and not changed before that."""

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from tasks import proposals
from tasks.models import Task, TaskTemplate
from tests.admin.pages import address, errors_on
from tests.factories import TemplateFactory, member_of
from wards.actors import person
from wards.models import User, Ward

pytestmark = pytest.mark.django_db

LIST = address(TaskTemplate)


def proposed_on(ward: Ward, **facts: Any) -> TaskTemplate:
    template = TemplateFactory.build(ward=ward, **facts)
    return proposals.propose(template=template, by=person(member_of(ward, name="Sarah Johnson")))


def run(client: Client, action: str, *templates: TaskTemplate, **more: Any) -> Any:
    """Choose `action` for `templates` in the list."""
    chosen = {"action": action, "_selected_action": [template.pk for template in templates]}
    return client.post(LIST, chosen | more, follow=True)


def confirm(client: Client, action: str, *templates: TaskTemplate, **more: Any) -> Any:
    """Answer the page that shows `templates` as they are here."""
    seen = {
        f"seen_{template.pk}": template.proposed_at.isoformat() if template.proposed_at else ""
        for template in templates
    }
    return run(client, action, *templates, confirmed="yes", **seen, **more)


@pytest.mark.parametrize(
    ("approval", "titles"),
    [
        ("waiting", {"Asked for"}),
        ("no", {"Refused"}),
        ("in_force", {"Always so", "Agreed"}),
    ],
)
def test_the_list_is_narrowed_to_what_waits(
    ward_admin: Client, byron: Ward, amina: User, approval: str, titles: set[str]
) -> None:
    TemplateFactory.create(ward=byron, title="Always so")
    proposed_on(byron, title="Asked for")
    proposals.approve(template=proposed_on(byron, title="Agreed"), by=person(amina))
    refused = proposed_on(byron, title="Refused")
    proposals.decline(template=refused, by=person(amina), reason="No")
    rows = ward_admin.get(LIST, {"approval": approval}).context["cl"].result_list
    assert {template.title for template in rows} == titles


def test_several_are_approved_after_a_look_at_them(
    ward_admin: Client, byron: Ward, amina: User
) -> None:
    chosen = [proposed_on(byron, title=title) for title in ("Feed the fish", "Water the plants")]
    page = run(ward_admin, "approve_proposals", *chosen).content.decode()
    assert "Feed the fish, Byron, every day, early shift" in page
    assert "(proposed by Sarah Johnson)" in page
    assert not Task.objects.exists()
    assert confirm(ward_admin, "approve_proposals", *chosen).content.count(b"is approved.") == 2
    assert {template.approved_by for template in TaskTemplate.objects.all()} == {amina}
    assert Task.objects.exists()
    events = AuditEvent.objects.filter(action="template.approve")
    assert [event.source for event in events] == ["admin"] * 2


def test_declining_takes_a_reason(ward_admin: Client, byron: Ward) -> None:
    template = proposed_on(byron)
    refused = confirm(ward_admin, "decline_proposals", template, reason=" ")
    assert errors_on(refused) == ["Say why you decline it."]
    confirm(ward_admin, "decline_proposals", template, reason="The plants are plastic")
    template.refresh_from_db()
    assert template.declined_reason == "The plants are plastic"
    page = ward_admin.get(address(TaskTemplate, "change", template)).content.decode()
    assert "The plants are plastic" in page


def test_what_a_colleague_decided_meanwhile_stays_so(
    ward_admin: Client, byron: Ward, amina: User
) -> None:
    template, fresh = proposed_on(byron), proposed_on(byron, title="Feed the fish")
    as_shown = TaskTemplate.objects.get(pk=template.pk)
    proposals.approve(template=template, by=person(member_of(byron, name="Tom Baker")))
    answer = confirm(ward_admin, "decline_proposals", as_shown, fresh, reason="No")
    assert "was approved by Tom Baker" in answer.content.decode()
    assert "Feed the fish (early, Byron) is declined." in answer.content.decode()
    template.refresh_from_db()
    assert template.is_in_force


def test_what_nobody_proposed_is_not_decided_on(ward_admin: Client, byron: Ward) -> None:
    template = TemplateFactory.create(ward=byron)
    assert b"None of these waits" in run(ward_admin, "approve_proposals", template).content
    confirm(ward_admin, "decline_proposals", template, reason="No")
    template.refresh_from_db()
    assert template.declined_at is None


def test_a_proposal_is_changed_only_once_it_is_approved(
    ward_admin: Client, byron: Ward, amina: User
) -> None:
    template = proposed_on(byron)
    change, delete = (address(TaskTemplate, page, template) for page in ("change", "delete"))
    assert "Sarah Johnson" in ward_admin.get(change).content.decode()
    for path in (change, delete):
        assert ward_admin.post(path, {"title": "Mine", "post": "yes"}).status_code == 403
    proposals.approve(template=template, by=person(amina))
    assert ward_admin.get(delete).status_code == 200


def test_another_wards_proposal_is_out_of_reach(ward_admin: Client, shelley: Ward) -> None:
    template = proposed_on(shelley)
    confirm(ward_admin, "approve_proposals", template)
    template.refresh_from_db()
    assert template.is_waiting

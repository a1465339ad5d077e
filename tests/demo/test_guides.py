"""The guides that the demo brings along."""

import pytest

from demo.guides import GUIDES, GuideText, create_guides
from demo.work import guide_slug
from library.models import Guide
from tasks.models import AuditType


def test_every_audit_type_has_its_guide() -> None:
    assert {text.slug for text in GUIDES} == {guide_slug(audit_type) for audit_type in AuditType}
    assert guide_slug(AuditType.FRIDGE_TEMPS) == "fridge-temps"


@pytest.mark.parametrize("text", GUIDES, ids=lambda text: text.slug)
def test_a_guide_is_short_and_complete(text: GuideText) -> None:
    assert 5 <= len(text.steps) <= 8
    assert len(text.summary) <= 300
    for title, instruction in text.steps:
        assert 0 < len(title) <= 120
        assert instruction.endswith((".", "”."))
        assert 20 < len(instruction) < 500


@pytest.mark.parametrize("text", GUIDES, ids=lambda text: text.slug)
def test_a_guide_says_where_to_record_and_whom_to_tell(text: GuideText) -> None:
    everything = " ".join(instruction for _, instruction in text.steps)
    assert "Assurance Dashboard" in everything
    assert "ell the " in everything or "nurse in charge" in everything


@pytest.mark.django_db
def test_they_are_marked_as_demo_content() -> None:
    create_guides()
    assert set(Guide.objects.values_list("verification", flat=True)) == {Guide.Verification.DEMO}
    fridge = Guide.objects.get(slug="fridge-temps")
    assert [step.position for step in fridge.steps.all()] == list(range(1, 8))

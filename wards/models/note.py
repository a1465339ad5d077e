"""Case notes on patients; none is ever changed or deleted."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from wards.models.patient import Patient
from wards.models.user import User
from wards.models.ward import Ward


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def latest_words(self) -> "CaseNoteQuerySet":
        """Notes that no amendment has replaced."""
        return self.filter(amendment=None)


class CaseNote(models.Model):
    """What somebody wrote about a patient, and when; an amendment points to what it amends."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="case_notes")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="case_notes")
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_notes")
    author_name = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendment"
    )

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="case_note_has_text"),
            models.CheckConstraint(
                condition=Q(amends=None) | ~Q(amends=F("pk")), name="case_note_amends_another"
            ),
        ]

    def __str__(self) -> str:
        return f"case note {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("case_note", args=[self.pk])


class NoteTemplate(models.Model):
    """A beginning for a case note, with placeholders such as $patient; of a ward, or of all."""

    ward = models.ForeignKey(
        Ward,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="note_templates",
        help_text="empty: for all wards",
    )
    name = models.CharField(max_length=60)
    text = models.TextField(
        max_length=4000,
        help_text="$patient, $ward, $bed, $date, $time and $author are filled in.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "name"],
                name="note_template_unique_on_ward",
                violation_error_message="This ward has a template of this name already.",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(ward=None),
                name="note_template_unique_for_all_wards",
                violation_error_message="There is a template of this name for all wards already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Who belongs to which ward, in which role."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from wards.models.user import User
from wards.models.ward import Ward


class Role(models.TextChoices):
    NORMAL_USER = "normal_user", "Normal user"
    CONTRIBUTOR = "contributor", "Contributor"
    WARD_ADMIN = "ward_admin", "Ward admin"
    SENIOR_ADMIN = "senior_admin", "Senior admin"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | None = None) -> "MembershipQuerySet":
        """Memberships not expired at `at` (now, if left out), of people who may sign in."""
        at = at or timezone.now()
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), user__is_active=True)


class Membership(models.Model):
    """A person's role on a ward, or, for a senior admin, on all wards.

    It may expire, as for a bank nurse who covers.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    ward = models.ForeignKey(
        Ward,
        on_delete=models.CASCADE,
        related_name="memberships",
        null=True,
        blank=True,
        help_text="empty for a senior admin, who has all wards",
    )
    role = models.CharField(max_length=20, choices=Role, default=Role.NORMAL_USER)
    expires_at = models.DateTimeField("expires", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "ward__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "ward", "role"],
                name="membership_unique",
                violation_error_message="This person has this role on this ward already.",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role=Role.SENIOR_ADMIN),
                name="membership_senior_admin_once",
                violation_error_message="This person is a senior admin already.",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.SENIOR_ADMIN, ward__isnull=True)
                | (~Q(role=Role.SENIOR_ADMIN) & Q(ward__isnull=False)),
                name="membership_ward_unless_senior_admin",
                violation_error_message="Choose a ward; leave it empty for a senior admin only.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()}, {self.ward or 'all wards'}"

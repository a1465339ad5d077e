"""Who works in SystmOne, as each gateway told last, and who of them is whom in the Hub."""

from django.db import models
from django.db.models import Q

from systmone.models.gateway import Gateway
from wards.models import User


class StaffMember(models.Model):
    """A registered user of SystmOne; `person` is who that is in the Hub, as somebody confirmed.

    Whom SystmOne no longer names has left, and nothing is written in their name.
    """

    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, related_name="staff")
    user_name = models.CharField("SystmOne user name", max_length=100)
    title = models.CharField(max_length=40, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    surname = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=150, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="systmone_names",
        help_text="who this is in the Hub; empty: nobody, or not yet known",
    )
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "SystmOne user"
        ordering = ["surname", "first_name", "user_name"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "user_name"], name="staff_once_per_gateway"),
            models.UniqueConstraint(
                fields=["gateway", "person"],
                condition=Q(person__isnull=False),
                name="staff_person_once_per_gateway",
                violation_error_message="This person is another user of this SystmOne already.",
            ),
            models.CheckConstraint(
                condition=Q(person=None, confirmed_by=None, confirmed_at=None)
                | Q(person__isnull=False, confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="staff_person_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.user_name

    @property
    def plain_name(self) -> str:
        """First name and surname."""
        return f"{self.first_name} {self.surname}"

    @property
    def name(self) -> str:
        """`Dr Drew Littler`."""
        return " ".join(filter(None, [self.title, self.first_name, self.surname]))

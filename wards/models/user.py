"""The people who sign in."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from wards.models.membership import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password they can sign in through single sign-on only."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a senior admin: what Django calls a superuser is a membership here."""
        from wards.models.membership import Membership, Role

        user = self.create_user(email, password, **fields)
        Membership.objects.create(user=user, role=Role.SENIOR_ADMIN)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """A person; what they may do is decided by their memberships, never by flags on the person."""

    name = models.CharField("full name", max_length=150)
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    staff_id = models.CharField("staff id", max_length=40, blank=True)
    job_title = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="Somebody has this e-mail address already.",
            ),
            models.UniqueConstraint(
                fields=["staff_id"],
                condition=~models.Q(staff_id=""),
                name="user_staff_id_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @cached_property
    def highest_role(self) -> "Role | None":
        """The most that this person is on any ward; read once, for an admin page asks a lot."""
        from wards.access import highest_role

        return highest_role(self)

    @property
    def is_staff(self) -> bool:
        """Whether the admin is open to this person: to contributors and those who run a ward."""
        from wards.access import roles_from
        from wards.models.membership import Role

        return self.highest_role in roles_from(Role.CONTRIBUTOR)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

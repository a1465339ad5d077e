"""Forms of the admin for people and their memberships."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    BaseAdminDateWidget,
    BaseAdminTimeWidget,
)
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Q

from wards.models import User
from wards.policies import can_change_rights_of

if TYPE_CHECKING:
    UserCreation = AdminUserCreationForm[User]
    UserChange = UserChangeForm[User]
else:
    UserCreation, UserChange = AdminUserCreationForm, UserChangeForm


class DateAndTime(AdminSplitDateTime):
    """As the admin's, but each of the two boxes has a name that a screen reader can say."""

    def __init__(self, attrs: Any = None) -> None:
        boxes = [
            BaseAdminDateWidget({"aria-label": "date"}),
            BaseAdminTimeWidget({"aria-label": "time"}),
        ]
        forms.MultiWidget.__init__(self, boxes, attrs)


class PersonField(forms.CharField):
    """A person, typed by e-mail address or staff id: a list would show the whole trust's staff."""

    def __init__(self, *, chosen_by: User) -> None:
        super().__init__(
            label="Person",
            max_length=254,
            help_text=(
                "E-mail address or staff id. Whoever is new to the Hub is added under Users first. "
                "Nobody changes their own memberships."
            ),
        )
        self.chosen_by = chosen_by

    def clean(self, value: Any) -> User:
        typed = super().clean(value)
        named = User.objects.filter(Q(email__iexact=typed) | Q(staff_id__iexact=typed))[:2]
        if len(named) == 1 and can_change_rights_of(self.chosen_by, named[0]):
            return named[0]
        raise ValidationError("Nobody whom you may choose has this e-mail address or staff id.")


class StaffIdForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says who is meant when a staff id is taken: audits name people by it, in any case."""

    def clean_staff_id(self) -> str:
        staff_id: str = self.cleaned_data["staff_id"].strip()
        others = User.objects.exclude(pk=self.instance.pk)
        if staff_id and others.filter(staff_id__iexact=staff_id).exists():
            raise ValidationError("Somebody has this staff id already.")
        return staff_id


class AddPersonForm(StaffIdForm, UserCreation):
    """A new person, with a password for local sign-in or without."""

    class Meta:
        model = User
        fields = ("name", "email", "staff_id", "job_title")


class ChangePersonForm(StaffIdForm, UserChange):
    class Meta:
        model = User
        fields = ("name", "email", "staff_id", "job_title", "is_active", "password")

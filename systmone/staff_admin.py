"""The admin of who is whom in SystmOne: a person confirms it, the Hub only suggests."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from systmone import staff
from systmone.models import Gateway, StaffMember
from wards.features import Feature
from wards.models import Role, User
from wards.scoped_admin import CheckedForm, ScopedAdmin, acting

TAKEN = "This person is another user of this SystmOne already: empty it there first."
NOBODY = "nobody"


class StaffForm(CheckedForm[StaffMember]):
    """Who somebody is in the Hub."""

    who = forms.ChoiceField(
        label="Person in the Hub",
        error_messages={"required": "Choose a person, or nobody."},
        help_text="What this person pushes to SystmOne is then recorded there under this user.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in User.objects.filter(is_active=True)}
        people = [(key, str(user)) for key, user in self.people.items()]
        field = cast("forms.ChoiceField", self.fields["who"])
        field.choices = [(NOBODY, "Nobody, or not yet known"), *people]
        self.initial["who"] = self.instance.person_id or NOBODY
        suggested = staff.suggestions([self.instance]).get(self.instance.pk)
        if suggested:
            field.help_text += f" The same name: {suggested}. Choose it if it is them."

    def clean_who(self) -> User | None:
        who = self.people.get(self.cleaned_data["who"])
        others = StaffMember.objects.filter(gateway=self.instance.gateway_id, person=who)
        if who and others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return who


@admin.register(StaffMember)
class StaffAdmin(ScopedAdmin[StaffMember]):
    """The users of SystmOne as it named them last, and who each of them is in the Hub."""

    feature = Feature.SYSTMONE
    seen_by = changed_by = Role.SENIOR_ADMIN
    ward_path = None

    form = StaffForm
    readonly_fields = (
        *("user_name", "title", "first_name", "surname", "role", "gateway", "left_at"),
        *("confirmed_by", "confirmed_at"),
    )
    fields = ("who", *readonly_fields)
    list_display = ["user_name", "name", "person", "suggested", "role", "gateway", "left_at"]
    list_filter = ["gateway", ("person", admin.EmptyFieldListFilter)]
    list_select_related = ["gateway", "person"]
    search_fields = ["user_name", "first_name", "surname", "person__name"]
    actions = ["confirm_suggested"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """As Django's, its rows with whom the Hub suggests for those who are nobody yet."""
        shown = super().get_changelist_instance(request)
        found = staff.suggestions(self.get_queryset(request))
        for member in shown.result_list:
            member.suggested_person = found.get(member.pk, "")
        return shown

    @admin.display(description="same name in the Hub")
    def suggested(self, member: StaffMember) -> str:
        return str(getattr(member, "suggested_person", ""))

    def save_model(self, request: HttpRequest, obj: StaffMember, form: Any, change: Any) -> None:
        staff.match(member=obj, person=form.cleaned_data["who"], by=acting(request))

    @admin.action(description="Confirm who has the same name", permissions=["change"])
    def confirm_suggested(self, request: HttpRequest, queryset: QuerySet[StaffMember]) -> None:
        members = {member.pk: member for member in queryset}
        confirmed = 0
        for pk, person in staff.suggestions(members.values()).items():
            try:
                staff.match(member=members[pk], person=person, by=acting(request))
                confirmed += 1
            except IntegrityError:
                self.message_user(request, f"{person}: {TAKEN}", messages.WARNING)
        self.message_user(request, f"Confirmed: {confirmed}.", messages.SUCCESS)

    def own_urls(self) -> list[URLPattern]:
        return [path("read/", self.admin_site.admin_view(self.read_view), name="staff_read")]

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Ask the gateways who works there."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            staff.refresh_all(by=acting(request))
            sentence = "SystmOne is asked. Open this list again in a moment."
            self.message_user(request, sentence, messages.SUCCESS)
            return redirect("admin:systmone_staffmember_changelist")
        gateways = Gateway.objects.all()
        title = "Ask SystmOne who works there"
        return self.own_page(request, "read.html", title=title, gateways=gateways)

"""The admin of gateways: set up, watched, stopped and started."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from systmone import gateways
from systmone.calls import CallChanged
from systmone.gateway_form import GatewayForm
from systmone.health import health_of, with_health
from systmone.models import Gateway, GatewayWard
from systmone.queries import gateways_run_by
from systmone.watch_actions import ActForm, act
from systmone.watching import watch
from wards.access import wards_visible_to
from wards.features import Feature
from wards.models import Role, User
from wards.scoped_admin import ScopedAdmin, acting, signed_in

SETTLED_MEANWHILE = "Nothing was changed: this has been settled meanwhile."


@admin.register(Gateway)
class GatewayAdmin(ScopedAdmin[Gateway]):
    """Ward admins watch the gateways of their wards; senior admins set them up.

    Gateways are never deleted, for what went through them names them.
    """

    feature = Feature.SYSTMONE
    added_by = changed_by = Role.SENIOR_ADMIN

    form = GatewayForm
    fieldsets = [
        (None, {"fields": ["name", ("host", "port"), "new_api_key", "device_id", "wards"]}),
        ("What goes out", {"fields": ["is_on", "test_patients_only"]}),
        (
            "Diary and tasks",
            {"fields": ["reads_diary", "diary_users", "diary_sites", "reads_tasks", "task_type"]},
        ),
        (
            "SystmOne's limits, in seconds",
            {
                "classes": ["collapse"],
                "fields": [
                    "seconds_between_requests",
                    "seconds_between_records",
                    "seconds_of_margin",
                    "seconds_for_an_answer",
                    "seconds_to_settle",
                    "device_version",
                ],
            },
        ),
    ]
    to_watch = [(None, {"fields": ["name", "serves", "state"]})]
    readonly_fields = ["serves", "state"]
    list_display = ["name", "watched", "address", "serves", "state"]
    actions = ["start_again", "switch_off"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gateway]:
        run = wards_visible_to(signed_in(request), role=Role.WARD_ADMIN)
        served = GatewayWard.objects.filter(ward__in=run).select_related("ward")
        rows = super().get_queryset(request).prefetch_related(Prefetch("wards_served", served))
        return with_health(rows, timezone.now())

    def in_scope(self, rows: QuerySet[Gateway], user: User) -> QuerySet[Gateway]:
        return rows.filter(pk__in=gateways_run_by(user))

    def get_fieldsets(self, request: HttpRequest, obj: Gateway | None = None) -> Any:
        return self.fieldsets if self.has_change_permission(request, obj) else self.to_watch

    @admin.display(description="watch")
    def watched(self, gateway: Gateway) -> str:
        address = reverse("admin:systmone_gateway_watch", args=[gateway.pk])
        return format_html('<a href="{}">Watch {}</a>', address, gateway)

    @admin.display(description="address")
    def address(self, gateway: Gateway) -> str:
        return f"{gateway.host}:{gateway.port}"

    @admin.display(description="wards")
    def serves(self, gateway: Gateway) -> str:
        return ", ".join(str(served.ward) for served in gateway.wards_served.all())

    @admin.display(description="state")
    def state(self, gateway: Gateway) -> str:
        return health_of(gateway, timezone.now()).headline

    def save_model(self, request: HttpRequest, obj: Gateway, form: Any, change: Any) -> None:
        wards, by = list(form.cleaned_data["wards"]), acting(request)
        if change:
            gateways.change(gateway=obj, wards=wards, fields=form.changed_fields, by=by)
        else:
            gateways.add(gateway=obj, wards=wards, by=by)

    @admin.action(description="Start again what was stopped or off", permissions=["change"])
    def start_again(self, request: HttpRequest, queryset: QuerySet[Gateway]) -> None:
        for gateway in queryset:
            gateways.switch_on(gateway=gateway, by=acting(request))
        self.message_user(request, "Calls go out again.", messages.SUCCESS)

    @admin.action(description="Switch off: calls wait", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Gateway]) -> None:
        for gateway in queryset:
            gateways.switch_off(gateway=gateway, by=acting(request))
        self.message_user(request, "Nothing goes out; calls wait.", messages.SUCCESS)

    def own_urls(self) -> list[URLPattern]:
        views = {"watch": self.watch_view, "act": self.act_view, "start": self.start_view}
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"systmone_gateway_{name}",
            )
            for name, view in views.items()
        ]

    def watch_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What waits, how fast it goes, what came of it, and what a person must look after."""
        gateway = self._found(request, pk)
        seen = watch(gateway, signed_in(request), timezone.now())
        may_start = not gateway.speaks and self.has_change_permission(request, gateway)
        facts = {"original": gateway, "seen": seen, "may_start": may_start}
        return self.own_page(request, "watch.html", title="Watch", subtitle=gateway, **facts)

    def act_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what a person has seen in SystmOne of a call, or take it back."""
        gateway, form = self._found(request, pk), ActForm(request.POST)
        if request.method != "POST" or not form.is_valid():
            raise BadRequest
        try:
            act(gateway=gateway, by=acting(request), user=signed_in(request), **form.cleaned_data)
        except CallChanged:
            self.message_user(request, SETTLED_MEANWHILE, messages.WARNING)
        return redirect("admin:systmone_gateway_watch", pk)

    def start_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let calls go out again, from the page that says why they do not."""
        gateway = self._found(request, pk)
        if not self.has_change_permission(request, gateway):
            raise PermissionDenied
        if request.method != "POST":
            raise BadRequest
        gateways.switch_on(gateway=gateway, by=acting(request))
        self.message_user(request, "Calls go out again.", messages.SUCCESS)
        return redirect("admin:systmone_gateway_watch", pk)

    def _found(self, request: HttpRequest, pk: int) -> Gateway:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

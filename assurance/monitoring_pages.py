"""The pages on which people watch the sync, and have an event processed again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from assurance.answers import why_not
from assurance.models import SyncEvent
from assurance.monitoring import monitoring
from assurance.pages import SyncPages
from assurance.replay import NotReplayable, replay
from audit.events import record
from wards.scoped_admin import acting, signed_in

CHANGED_MEANWHILE = "Nothing was changed: the event has been processed meanwhile."


class MonitoringPages(SyncPages):
    """What the class of the sync events adds to Django's pages."""

    def own_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "assurance"
        return [
            *super().own_urls(),
            path("monitoring/", view(self.monitoring_view), name=f"{name}_monitoring"),
            path("<int:pk>/replay/", view(self.replay_view), name=f"{name}_replay"),
        ]

    def monitoring_view(self, request: HttpRequest) -> HttpResponse:
        """Today's audits, who was heard from and when, what came of it, the latest events."""
        self.check_may_see(request)
        seen = monitoring(signed_in(request), timezone.now())
        shown = [event.pk for event in seen.latest]
        record(by=acting(request), action="sync_events.view", detail={"events": shown})
        return self.own_page(request, "monitoring.html", title="Monitoring", seen=seen)

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then process the event again."""
        self.check_may_see(request)
        event = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST":
            return self.own_page(request, "replay.html", title="Process again", original=event)
        try:
            event = replay(event=event, by=acting(request))
        except NotReplayable:
            self.message_user(request, CHANGED_MEANWHILE, messages.WARNING)
        else:
            self._tell_outcome(request, event)
        return redirect("admin:assurance_syncevent_change", pk)

    def _tell_outcome(self, request: HttpRequest, event: SyncEvent) -> None:
        if event.succeeded:
            done = f"{event.get_outcome_display()}: {event.task_public_id}."
            self.message_user(request, done, messages.SUCCESS)
            return
        reasons = [detail["message"] for detail in event.details] or [f"{why_not(event)}."]
        self.message_user(request, f"As before. {' '.join(reasons)}", messages.WARNING)

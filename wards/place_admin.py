"""The admin of rooms, beds and the alerts that patients may have; Max and Max+ only."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from wards.features import Feature
from wards.models import Alert, Bed, Role, Room
from wards.scoped_admin import InScopeFilter, RecordedAdmin, ScopedInline


class BedInline(ScopedInline[Bed, Room]):
    """The beds of a room; one in which somebody has stayed is closed, not deleted."""

    model = Bed
    fields = ["name", "closed_since"]
    extra = 1
    can_delete = False


@admin.register(Room)
class RoomAdmin(RecordedAdmin[Room]):
    """Rooms and their beds."""

    feature = Feature.PATIENTS
    seen_by = added_by = changed_by = Role.WARD_ADMIN

    fields = ["ward", "name"]
    inlines = [BedInline]
    list_display = ["name", "ward", "beds_in_use"]
    list_filter = [("ward", InScopeFilter)]
    list_select_related = ["ward"]
    search_fields = ["name", "beds__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        in_use = Count("beds", filter=Q(beds__in=Bed.objects.in_use()))
        return super().get_queryset(request).annotate(count_of_beds=in_use)

    def get_readonly_fields(self, request: HttpRequest, obj: Room | None = None) -> list[str]:
        return ["ward"] if obj else []  # who stays there would change wards with it

    @admin.display(description="beds in use")
    def beds_in_use(self, row: Room) -> int:
        return int(getattr(row, "count_of_beds", 0))


@admin.register(Alert)
class AlertAdmin(RecordedAdmin[Alert]):
    """The trust's list of alerts, such as a risk of falls."""

    feature = Feature.PATIENTS
    seen_by = added_by = Role.WARD_ADMIN
    changed_by = Role.SENIOR_ADMIN  # a new name would stand at the patients of every ward
    ward_path = None

    fields = ["name"]
    list_display = ["name"]
    search_fields = ["name"]

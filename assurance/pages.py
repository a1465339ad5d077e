"""What the pages beside Django's own about sync events share."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from assurance.models import SyncEvent
from wards.scoped_admin import ScopedAdmin


class SyncPages(ScopedAdmin[SyncEvent]):
    """Pages for whoever runs a ward."""

    def check_may_see(self, request: HttpRequest) -> None:
        """Raise PermissionDenied if the person runs no ward."""
        if not self.has_view_permission(request):
            raise PermissionDenied

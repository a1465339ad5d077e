"""The admin site: open to ward admins, contributors and senior admins, each for their wards."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite


class HubAdminSite(AdminSite):
    """Django's admin; who may enter is `User.is_staff`, and the sign-in page is everybody's."""

    site_header = "Inpatient Hub"
    site_title = "Inpatient Hub"
    index_title = "Run your ward"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.login = secure_admin_login(self.login)

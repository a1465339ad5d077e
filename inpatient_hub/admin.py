"""The admin site: open to ward admins, contributors and senior admins, each for their wards."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    default_site = "inpatient_hub.admin.HubAdminSite"


class HubAdminSite(AdminSite):
    site_header = "Inpatient Hub"

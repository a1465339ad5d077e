"""The addresses of what goes to SystmOne and comes from it."""

from django.urls import path

from systmone import lookup_views, metrics_view, patient_views, ward_views
from systmone.pushed_log import find_log
from systmone.pushed_note import find_note
from systmone.pushed_task import find_task
from systmone.writing_urls import pages_of

urlpatterns = [
    *pages_of("note", "notes/<int:pk>/systmone", find_note),
    *pages_of("task", "tasks/<str:public_id>/systmone", find_task),
    *pages_of("log", "patients/<int:pk>/stays/<int:stay>/discharge/log/systmone", find_log),
    path("metrics", metrics_view.metrics, name="metrics"),
    path("wards/<slug:ward>/systmone/", ward_views.ward_in_systmone, name="ward_in_systmone"),
    path("wards/<slug:ward>/systmone/notice/", ward_views.notice, name="notice_of_systmone"),
    path("patients/<int:pk>/systmone/", patient_views.patient, name="patient_in_systmone"),
    path("patients/<int:pk>/systmone/state/", patient_views.state, name="patient_asked"),
    path("patients/<int:pk>/systmone/find/", patient_views.find, name="find_patient"),
    path("patients/<int:pk>/systmone/ask/", patient_views.ask, name="ask_about_patient"),
    path("patients/<int:pk>/systmone/unlink/", patient_views.unlink, name="unlink_patient"),
    path("wards/<slug:ward>/systmone/patients/", lookup_views.look_up, name="look_up"),
    path("systmone/lookups/<uuid:pk>/", lookup_views.lookup, name="lookup"),
    path("systmone/lookups/<uuid:pk>/state/", lookup_views.state, name="lookup_state"),
    path("systmone/lookups/<uuid:pk>/<int:row>/link/", lookup_views.link, name="link_patient"),
]

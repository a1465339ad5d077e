"""The addresses of what goes to SystmOne and comes from it."""

from django.urls import path

from systmone import (
    log_views,
    lookup_views,
    metrics_view,
    note_views,
    patient_views,
    task_views,
    ward_views,
)

TASK = "tasks/<str:public_id>/systmone"
LOG = "patients/<int:pk>/stays/<int:stay>/discharge/log/systmone"

urlpatterns = [
    path("metrics", metrics_view.metrics, name="metrics"),
    path("wards/<slug:ward>/systmone/", ward_views.ward_in_systmone, name="ward_in_systmone"),
    path("wards/<slug:ward>/systmone/notice/", ward_views.notice, name="notice_of_systmone"),
    path("notes/<int:pk>/systmone/", note_views.push_note, name="push_note"),
    path("notes/<int:pk>/systmone/state/", note_views.state, name="note_in_systmone"),
    path("notes/<int:pk>/systmone/decide/", note_views.decide_call, name="decide_call"),
    path("notes/<int:pk>/systmone/cancel/", note_views.cancel_call, name="cancel_call"),
    path("notes/<int:pk>/systmone/delete/", note_views.withdraw_note, name="withdraw_note"),
    path("patients/<int:pk>/systmone/", patient_views.patient, name="patient_in_systmone"),
    path("patients/<int:pk>/systmone/state/", patient_views.state, name="patient_asked"),
    path("patients/<int:pk>/systmone/find/", patient_views.find, name="find_patient"),
    path("patients/<int:pk>/systmone/ask/", patient_views.ask, name="ask_about_patient"),
    path("patients/<int:pk>/systmone/unlink/", patient_views.unlink, name="unlink_patient"),
    path("wards/<slug:ward>/systmone/patients/", lookup_views.look_up, name="look_up"),
    path("systmone/lookups/<uuid:pk>/", lookup_views.lookup, name="lookup"),
    path("systmone/lookups/<uuid:pk>/state/", lookup_views.state, name="lookup_state"),
    path("systmone/lookups/<uuid:pk>/<int:row>/link/", lookup_views.link, name="link_patient"),
    path(f"{TASK}/", task_views.push_task, name="push_task"),
    path(f"{TASK}/state/", task_views.state, name="task_in_systmone"),
    path(f"{TASK}/decide/", task_views.decide_call, name="decide_task"),
    path(f"{TASK}/cancel/", task_views.cancel_call, name="cancel_task_call"),
    path(f"{TASK}/delete/", task_views.withdraw_task, name="withdraw_task"),
    path(f"{LOG}/", log_views.push_log, name="push_log"),
    path(f"{LOG}/state/", log_views.state, name="log_in_systmone"),
    path(f"{LOG}/decide/", log_views.decide_call, name="decide_log"),
    path(f"{LOG}/cancel/", log_views.cancel_call, name="cancel_log"),
    path(f"{LOG}/delete/", log_views.withdraw_log, name="withdraw_log"),
]

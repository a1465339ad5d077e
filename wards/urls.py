"""The addresses of patients and beds; none holds more of a patient than the Hub's own number."""

from django.urls import path

from wards import (
    admission_views,
    discharge_log_views,
    discharge_views,
    note_views,
    stay_views,
    views,
)
from wards.admission_forms import AdmissionForm, LongAdmissionForm
from wards.changes import CHANGES

urlpatterns = [
    path("beds/", views.my_board, name="beds"),
    path("wards/<slug:ward>/beds/", views.ward_board, name="ward_board"),
    path("wards/<slug:ward>/beds/board/", views.refreshed_board, name="refreshed_beds"),
    path("wards/<slug:ward>/admit/", admission_views.admit, {"form": AdmissionForm}, name="admit"),
    path(
        "wards/<slug:ward>/admit/in-full/",
        admission_views.admit,
        {"form": LongAdmissionForm},
        name="admit_in_full",
    ),
    path("patients/", views.search, name="patient_search"),
    path("patients/<int:pk>/", views.patient, name="patient"),
    path("patients/<int:pk>/notes/write/", note_views.write, name="write_note"),
    path("patients/<int:pk>/discharge/", discharge_views.discharge, name="discharge"),
    path("patients/<int:pk>/discharge/start/", discharge_views.start, name="start_discharge"),
    path("patients/<int:pk>/discharge/confirm/", discharge_views.confirm, name="confirm_discharge"),
    path(
        "patients/<int:pk>/discharge/back/", discharge_views.send_back, name="send_discharge_back"
    ),
    path("patients/<int:pk>/discharge/log/", discharge_log_views.page, name="discharge_log"),
    path("patients/<int:pk>/discharge/log.pdf", discharge_log_views.as_pdf, name="discharge_pdf"),
    path("patients/<int:pk>/stays/<int:stay>/", views.earlier_stay, name="earlier_stay"),
    path(
        "patients/<int:pk>/stays/<int:stay>/discharge/log/",
        discharge_log_views.page,
        name="discharge_log",
    ),
    path(
        "patients/<int:pk>/stays/<int:stay>/discharge/log.pdf",
        discharge_log_views.as_pdf,
        name="discharge_pdf",
    ),
    path("patients/<int:pk>/discharge/<int:item>/check/", discharge_views.check, name="check_item"),
    path(
        "patients/<int:pk>/discharge/<int:item>/uncheck/",
        discharge_views.uncheck,
        name="uncheck_item",
    ),
    path("notes/<int:pk>/", note_views.note, name="case_note"),
    path("notes/<int:pk>/amend/", note_views.amend, name="amend_note"),
    *[
        path(
            f"patients/<int:pk>/{change.name}/",
            stay_views.change,
            {"change": change},
            change.url_name,
        )
        for change in CHANGES
    ],
]

from django.urls import path, register_converter

from tasks import proposal_views, views, work_views
from tasks.converters import DayConverter
from tasks.models import Kind

register_converter(DayConverter, "day")

urlpatterns = [
    path("", views.my_diary, name="diary"),
    path("wards/<slug:ward>/diary/", views.ward_diary, name="ward_diary"),
    path("wards/<slug:ward>/diary/board/", views.board, name="board"),
    path("wards/<slug:ward>/diary/<day:day>/", views.ward_diary, name="ward_diary_of_day"),
    path(
        "wards/<slug:ward>/diary/<day:day>/add/ward-task/",
        work_views.add,
        {"kind": Kind.WARD},
        name="add_ward_task",
    ),
    path(
        "wards/<slug:ward>/diary/<day:day>/add/patient-task/",
        work_views.add,
        {"kind": Kind.PATIENT},
        name="add_patient_task",
    ),
    path(
        "wards/<slug:ward>/diary/<day:day>/add/appointment/",
        work_views.add,
        {"kind": Kind.APPOINTMENT},
        name="add_appointment",
    ),
    path("wards/<slug:ward>/proposals/", proposal_views.proposed, name="proposals"),
    path(
        "wards/<slug:ward>/proposals/<int:pk>/approve/",
        proposal_views.approve,
        name="approve_proposal",
    ),
    path(
        "wards/<slug:ward>/proposals/<int:pk>/decline/",
        proposal_views.decline,
        name="decline_proposal",
    ),
    path(
        "wards/<slug:ward>/proposals/<int:pk>/edit/",
        proposal_views.revise,
        name="revise_proposal",
    ),
    path(
        "wards/<slug:ward>/proposals/<int:pk>/withdraw/",
        proposal_views.withdraw,
        name="withdraw_proposal",
    ),
    path("my-tasks/", views.my_tasks, name="my_tasks"),
    path("my-tasks/board/", views.my_tasks_board, name="my_tasks_board"),
    path("patients/<int:pk>/work/", views.patient_work, name="patient_work"),
    path("tasks/<str:public_id>/", views.task, name="task"),
    path("tasks/<str:public_id>/act/", views.act, name="act"),
    path("tasks/<str:public_id>/edit/", work_views.edit, name="edit_task"),
    path("tasks/<str:public_id>/cancel/", views.cancel, name="cancel"),
]

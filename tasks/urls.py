from django.urls import path, register_converter

from tasks import views
from tasks.converters import DayConverter

register_converter(DayConverter, "day")

urlpatterns = [
    path("", views.my_diary, name="diary"),
    path("wards/<slug:ward>/diary/", views.ward_diary, name="ward_diary"),
    path("wards/<slug:ward>/diary/board/", views.board, name="board"),
    path("wards/<slug:ward>/diary/<day:day>/", views.ward_diary, name="ward_diary_of_day"),
    path("tasks/<str:public_id>/", views.task, name="task"),
    path("tasks/<str:public_id>/act/", views.act, name="act"),
    path("tasks/<str:public_id>/cancel/", views.cancel, name="cancel"),
]

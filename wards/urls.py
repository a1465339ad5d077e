"""The addresses of patients and beds; none holds more of a patient than the Hub's own number."""

from django.urls import path

from wards import views

urlpatterns = [
    path("beds/", views.my_board, name="beds"),
    path("wards/<slug:ward>/beds/", views.ward_board, name="ward_board"),
    path("patients/", views.search, name="patient_search"),
    path("patients/<int:pk>/", views.patient, name="patient"),
]

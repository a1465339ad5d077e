"""The addresses of the library."""

from django.urls import path

from library import views

urlpatterns = [
    path("", views.guides, name="guides"),
    path("<slug:slug>/", views.guide, name="guide"),
]

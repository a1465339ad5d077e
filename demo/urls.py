"""The addresses that exist only in a demo."""

from django.urls import path

from demo import views

urlpatterns = [
    path("sign-in/<int:person_id>/", views.sign_in, name="demo_sign_in"),
]

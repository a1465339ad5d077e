"""The addresses of what goes to SystmOne and comes from it."""

from django.urls import path

from systmone import note_views

urlpatterns = [
    path("notes/<int:pk>/systmone/", note_views.push_note, name="push_note"),
    path("notes/<int:pk>/systmone/state/", note_views.state, name="note_in_systmone"),
    path("notes/<int:pk>/systmone/decide/", note_views.decide_call, name="decide_call"),
    path("notes/<int:pk>/systmone/cancel/", note_views.cancel_call, name="cancel_call"),
    path("notes/<int:pk>/systmone/delete/", note_views.withdraw_note, name="withdraw_note"),
]

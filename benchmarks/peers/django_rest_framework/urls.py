"""The addresses."""

from django.urls import path

from benchmarks.peers.django_rest_framework.views import SyncView

urlpatterns = [path("api/assurance/sync", SyncView.as_view())]

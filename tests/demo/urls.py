"""The addresses of a demo: the suite itself runs outside the demo."""

from django.urls import include, path

from inpatient_hub import urls

handler404 = urls.handler404

urlpatterns = [*urls.urlpatterns, path("demo/", include("demo.urls"))]

"""Settings of an API without pages: what `startproject` gives, less what only pages need."""

from environs import Env

env = Env()

SECRET_KEY = env.str("HUB_SECRET_KEY")
AUDIT_KEY = env.str("HUB_AUDIT_KEY")
ALLOWED_HOSTS = env.list("HUB_ALLOWED_HOSTS")
ROOT_URLCONF = "benchmarks.peers.django_rest_framework.urls"
INSTALLED_APPS = ["rest_framework", "benchmarks.peers.django_rest_framework"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL"),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/London"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "benchmarks.peers.django_rest_framework.authentication.ApiKeyAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "benchmarks.peers.django_rest_framework.views.refused",
    "UNAUTHENTICATED_USER": None,
}

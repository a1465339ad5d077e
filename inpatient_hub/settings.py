"""Settings, all from the environment; the README's table explains each variable.

A demo writes its environment to `HUB_DATA/hub.env`, so that `manage.py` works on the same data.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, validate

from inpatient_hub.beat import BEAT_SCHEDULE
from inpatient_hub.content_security import POLICY
from inpatient_hub.database import for_postgresql, for_sqlite
from inpatient_hub.logs import json_lines
from wards.tiers import Tier

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
DATA_DIR = Path(env.str("HUB_DATA", str(BASE_DIR / "var"))).absolute()
env.read_env(DATA_DIR / "hub.env", recurse=False)


def required(name: str, hint: str) -> str:
    """Return the variable `name`, or stop with a hint that says how to get one."""
    try:
        return env.str(name, validate=validate.Length(min=1))
    except EnvError:
        raise ImproperlyConfigured(
            f"{name} is missing. {hint} To try the product, run `make demo`."
        ) from None


HUB_DEMO = env.bool("HUB_DEMO", False)
HUB_TIER = env.str("HUB_TIER", "max_plus", validate=validate.OneOf(list(Tier)))
HUB_BASE_URL = required("HUB_BASE_URL", "Set it to the address that people type, for its links.")
HUB_ORGANISATION_NAME = env.str("HUB_ORGANISATION_NAME", "Example Partnership")
HUB_ORGANISATION_DESCRIPTOR = env.str("HUB_ORGANISATION_DESCRIPTOR", "NHS Foundation Trust")
HUB_ASSURANCE_DASHBOARD_URL = env.str(
    "HUB_ASSURANCE_DASHBOARD_URL", "https://focus.example.nhs.uk/assurance-dashboard"
)
HUB_SYNC_RATE_LIMIT = env.str("HUB_SYNC_RATE_LIMIT", "600/minute")
# In each of the three shifts a ward has audits, so half a day without any is no chance.
HUB_SYNC_SILENCE_HOURS = env.int("HUB_SYNC_SILENCE_HOURS", 12, validate=validate.Range(min=1))
HUB_TRUSTED_PROXY_COUNT = env.int("HUB_TRUSTED_PROXY_COUNT", 0)
HUB_AUDIT_KEY = required(
    "HUB_AUDIT_KEY",
    "Set it once to a long random text and never change it: it seals the audit log.",
)
HUB_ENCRYPTION_KEYS: list[str] = env.list("HUB_ENCRYPTION_KEYS", [])
if HUB_TIER == Tier.MAX_PLUS and not HUB_ENCRYPTION_KEYS:
    required(
        "HUB_ENCRYPTION_KEYS",
        "Set it to a new key of the library cryptography, `Fernet.generate_key().decode()`: it "
        "encrypts what goes to and from SystmOne.",
    )
# Longer than a note can be deleted from SystmOne again.
HUB_SYSTMONE_RETENTION_DAYS = env.int(
    "HUB_SYSTMONE_RETENTION_DAYS", 90, validate=validate.Range(min=8)
)
# Tokens of the trust's Microsoft Entra ID; without a tenant there are none.
HUB_TOKEN_TENANT = env.str("HUB_TOKEN_TENANT", "")
HUB_TOKEN_AUDIENCES: list[str] = env.list("HUB_TOKEN_AUDIENCES", [])
if HUB_TOKEN_TENANT and not HUB_TOKEN_AUDIENCES:
    required(
        "HUB_TOKEN_AUDIENCES",
        "Set it to the application ID URI, or client id, of the Hub's registration in Entra ID.",
    )
HUB_TOKEN_ROLE = env.str("HUB_TOKEN_ROLE", "Audits.Write")
HUB_TOKEN_ISSUERS: list[str] = env.list(
    "HUB_TOKEN_ISSUERS",
    [
        f"https://login.microsoftonline.com/{HUB_TOKEN_TENANT}/v2.0",
        f"https://sts.windows.net/{HUB_TOKEN_TENANT}/",
    ],
)
HUB_TOKEN_KEYS_URL = env.str(
    "HUB_TOKEN_KEYS_URL",
    f"https://login.microsoftonline.com/{HUB_TOKEN_TENANT}/discovery/v2.0/keys",
)
HUB_METRICS_TOKEN = env.str("HUB_METRICS_TOKEN", "")

SECRET_KEY = required("HUB_SECRET_KEY", "Set it to a long random text that only the servers know.")
SECRET_KEY_FALLBACKS: list[str] = env.list("HUB_SECRET_KEY_FALLBACKS", [])
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "HUB_ALLOWED_HOSTS", "Set it to the host names, separated by commas, that people type."
    ).split(",")
]

ROOMS = ["audit", "wards", "library", "tasks", "assurance", "systmone"]

INSTALLED_APPS = [
    "inpatient_hub.apps.InpatientHubConfig",
    *(["demo"] if HUB_DEMO else []),
    *reversed(ROOMS),
    "inpatient_hub.apps.HubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "ninja",
]

MIDDLEWARE = [
    "inpatient_hub.middleware.ClientAddressMiddleware",
    "inpatient_hub.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "inpatient_hub.middleware.NoStoreMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wards.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "inpatient_hub.urls"
WSGI_APPLICATION = "inpatient_hub.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Our own pages are Jinja2 (`*.jinja`); the admin and e-mails are Django templates.
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            BASE_DIR / "templates",
            *(BASE_DIR / room / "templates" for room in [*ROOMS, "demo"]),
        ],
        "OPTIONS": {
            "environment": "inpatient_hub.pages.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "inpatient_hub.pages.page_context",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------

_database = {**env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'hub.sqlite3'}")}
if _database["ENGINE"].endswith("sqlite3"):
    _database |= for_sqlite(test_file=DATA_DIR / "test.sqlite3")
else:
    _database |= for_postgresql(
        pool_size=env.int("HUB_DATABASE_POOL_SIZE", 8), options=_database.get("OPTIONS", {})
    )
DATABASES: dict[str, dict[str, Any]] = {"default": _database}

# In the database, not in Redis: sign-in must work, and be rate limited, while Redis is down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hub_cache",
    }
}

# --- People and sessions --------------------------------------------------------------------------

AUTH_USER_MODEL = "wards.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "diary"
ACCOUNT_ADAPTER = "wards.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "wards.account_forms.SignInForm",
    "change_password": "wards.account_forms.NewPasswordForm",
    "reset_password": "wards.account_forms.ForgottenPasswordForm",
    "reset_password_from_key": "wards.account_forms.MailedLinkForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Our middleware has put the caller's address there, behind however many proxies.
IPWARE_META_PRECEDENCE_ORDER = ("REMOTE_ADDR",)

# Not in a cookie: a sentence may name what is to be done for a patient.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60

# --- Security -------------------------------------------------------------------------------------

# Off only for a demo or a ward trial on plain HTTP.
HUB_HTTPS = env.bool("HUB_HTTPS", not HUB_DEMO)
SECURE_SSL_REDIRECT = HUB_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HUB_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HUB_HTTPS
SECURE_HSTS_PRELOAD = HUB_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HUB_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_SECURE = HUB_HTTPS
CSRF_COOKIE_SECURE = HUB_HTTPS
CSRF_TRUSTED_ORIGINS = [HUB_BASE_URL]
CSRF_FAILURE_VIEW = "inpatient_hub.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
# Files of patients stay in memory: a larger one than this does not arrive, and none is on disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes
CONTENT_SECURITY_POLICY = POLICY

# --- Language, time, static files, mail ----------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = "inpatient_hub.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str(
            "HUB_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

if email_url := env.str("HUB_EMAIL_URL", ""):
    globals().update(env.dj_email_url("HUB_EMAIL_URL", email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("HUB_FROM_EMAIL", "Inpatient Hub <inpatient-hub@example.nhs.uk>")

# --- Jobs -----------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", f"unix://{DATA_DIR / 'redis.sock'}")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120  # seconds, well under the visibility time-out
# A message is only a wake-up: without Redis the page answers at once, and beat's sweep follows.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 1,
    "socket_connect_timeout": 2,
    "max_retries": 0,  # otherwise publishing waits 6 seconds for a Redis that is away
    "socket_timeout": 10,
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
# A speaker talks for half a minute; what else is to be done must not wait behind it.
CELERY_TASK_ROUTES = {"systmone.jobs.speak": {"queue": "systmone"}}

# --- Logs -----------------------------------------------------------------------------------------

DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # debug: one line a request is enough
LOGGING = json_lines(level=env.str("HUB_LOG_LEVEL", "INFO"))
SILENCED_SYSTEM_CHECKS = [
    "account.W001",  # people sign in by e-mail address; there is no user name
    "fields.W161",  # a shift's time by default is meant; the check takes it for "now" once a day
]

"""Every address of the product."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from inpatient_hub import health, views
from inpatient_hub.api import api, api_not_found

urlpatterns = [
    path("", include("tasks.urls")),
    path("", include("wards.urls")),
    path("", include("systmone.urls")),
    path("guides/", include("library.urls")),
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    re_path("^api/", api_not_found),
    path("night-mode/", views.night_mode, name="night_mode"),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/sign-up/", account.signup, name="account_signup"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/", account.password_change, name="account_change_password"),
    # Whoever has no password yet cannot prove by it who they are, but by their e-mail address.
    path(
        "account/password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "account/password/reset/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        "^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
if settings.HUB_DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error

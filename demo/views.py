"""One-click sign-in as a demo person; it does not exist outside the demo."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from demo.people import demo_users


@login_not_required
@require_POST
def sign_in(request: HttpRequest, person_id: int) -> HttpResponse:
    """Sign the visitor in as a demo person and take them where they were going."""
    if not settings.HUB_DEMO:
        raise Http404
    person = get_object_or_404(demo_users(), pk=person_id)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = settings.LOGIN_REDIRECT_URL
    return redirect(target)

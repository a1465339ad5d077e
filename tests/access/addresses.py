"""Every address of the product, and what it answers to whom: the table that the walk checks.

Statuses stand in the order of `PEOPLE`. `own` is about the ward that the person belongs to, `other`
about one that they do not belong to; a senior admin has every ward.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.urls import URLPattern, URLResolver, get_resolver

from wards.features import Feature

PEOPLE = ("stranger", "normal_user", "contributor", "ward_admin", "senior_admin")

SIGN_IN, OK, GO, NO, NONE, POST = 302, 200, 302, 403, 404, 405


@dataclass(frozen=True)
class Address:
    """A route with its placeholders filled in by name, and its answers."""

    path: str
    own: tuple[int, ...]
    other: tuple[int, ...]
    feature: Feature | None = None
    method: str = "get"


def same(path: str, *statuses: int, method: str = "get") -> Address:
    """An address that has nothing to do with a ward."""
    return Address(path, statuses, statuses, method=method)


def everybody(path: str, status: int = OK) -> Address:
    return same(path, *[status] * 5)


def signed_in(path: str, status: int = OK) -> Address:
    return same(path, SIGN_IN, *[status] * 4)


def in_scope(path: str, status: int = OK, method: str = "get") -> Address:
    """An address of a ward: for its people, and for senior admins."""
    others = (SIGN_IN, NONE, NONE, NONE, status)
    return Address(path, (SIGN_IN, *[status] * 4), others, method=method)


def on_a_proposal(path: str, *statuses: int, method: str = "get") -> Address:
    """An address of what a normal user has proposed."""
    return Address(
        f"/wards/{{ward}}/proposals/{{proposal}}/{path}",
        (SIGN_IN, *statuses),
        (SIGN_IN, NONE, NONE, NONE, statuses[-1]),
        method=method,
    )


PAGES = {
    "": signed_in("/", GO),
    "wards/<slug:ward>/diary/": in_scope("/wards/{ward}/diary/"),
    "wards/<slug:ward>/diary/board/": in_scope("/wards/{ward}/diary/board/?day=2026-01-27"),
    "wards/<slug:ward>/diary/<day:day>/": in_scope("/wards/{ward}/diary/2026-01-27/"),
    "wards/<slug:ward>/diary/<day:day>/add/ward-task/": in_scope(
        "/wards/{ward}/diary/2026-01-27/add/ward-task/"
    ),
    "wards/<slug:ward>/proposals/": in_scope("/wards/{ward}/proposals/"),
    "wards/<slug:ward>/proposals/<int:pk>/edit/": on_a_proposal("edit/", OK, NO, NO, NO),
    "wards/<slug:ward>/proposals/<int:pk>/decline/": on_a_proposal("decline/", NO, NO, OK, OK),
    "wards/<slug:ward>/proposals/<int:pk>/approve/": on_a_proposal(
        "approve/", NO, NO, 400, 400, method="post"
    ),
    "wards/<slug:ward>/proposals/<int:pk>/withdraw/": on_a_proposal(
        "withdraw/", 400, NO, NO, NO, method="post"
    ),
    "tasks/<str:public_id>/": in_scope("/tasks/wt{task}/"),
    "tasks/<str:public_id>/edit/": in_scope("/tasks/wt{task}/edit/"),
    "tasks/<str:public_id>/act/": in_scope("/tasks/wt{task}/act/", 400, "post"),
    "tasks/<str:public_id>/cancel/": Address(
        "/tasks/wt{task}/cancel/",
        (SIGN_IN, NO, NO, OK, OK),
        (SIGN_IN, NONE, NONE, NONE, OK),
    ),
    "my-tasks/": signed_in("/my-tasks/"),
    "my-tasks/board/": signed_in("/my-tasks/board/"),
    "guides/": signed_in("/guides/"),
    "guides/<slug:slug>/": signed_in("/guides/fridge-temps/"),
    "night-mode/": same("/night-mode/", *[GO] * 5, method="post"),
    "health/live": everybody("/health/live"),
    "health/ready": everybody("/health/ready", 503),
    "account/sign-in/": same("/account/sign-in/", OK, GO, GO, GO, GO),
    "account/sign-up/": same("/account/sign-up/", OK, GO, GO, GO, GO),
    "account/sign-out/": signed_in("/account/sign-out/"),
    "account/inactive/": everybody("/account/inactive/"),
    "account/password/": signed_in("/account/password/"),
    "account/password/set/": signed_in("/account/password/set/", GO),
    "account/password/reset/": everybody("/account/password/reset/"),
    "account/password/reset/sent/": everybody("/account/password/reset/sent/"),
    "account/password/reset/done/": everybody("/account/password/reset/done/"),
    "^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": everybody(
        "/account/password/reset/1-abc/"
    ),
}

# What goes to SystmOne: in Max+.
LOG = "patients/<int:pk>/stays/<int:stay>/discharge/log/systmone/"
SYSTMONE = {
    route: replace(address, feature=Feature.SYSTMONE)
    for route, address in {
        # Without HUB_METRICS_TOKEN it exists for senior admins alone.
        "metrics": same("/metrics", NONE, NONE, NONE, NONE, OK),
        "wards/<slug:ward>/systmone/": in_scope("/wards/{ward}/systmone/"),
        "wards/<slug:ward>/systmone/notice/": in_scope("/wards/{ward}/systmone/notice/"),
        "notes/<int:pk>/systmone/": in_scope("/notes/{note}/systmone/"),
        "notes/<int:pk>/systmone/state/": in_scope("/notes/{note}/systmone/state/"),
        "notes/<int:pk>/systmone/decide/": in_scope("/notes/{note}/systmone/decide/", 400, "post"),
        "notes/<int:pk>/systmone/cancel/": in_scope("/notes/{note}/systmone/cancel/", 400, "post"),
        # Nothing to delete has been sent.
        "notes/<int:pk>/systmone/delete/": in_scope("/notes/{note}/systmone/delete/", GO),
        "patients/<int:pk>/systmone/": in_scope("/patients/{patient}/systmone/"),
        "patients/<int:pk>/systmone/state/": in_scope("/patients/{patient}/systmone/state/"),
        "patients/<int:pk>/systmone/find/": in_scope(
            "/patients/{patient}/systmone/find/", GO, "post"
        ),
        "patients/<int:pk>/systmone/ask/": in_scope(
            "/patients/{patient}/systmone/ask/", GO, "post"
        ),
        "patients/<int:pk>/systmone/unlink/": in_scope(
            "/patients/{patient}/systmone/unlink/", GO, "post"
        ),
        "wards/<slug:ward>/systmone/patients/": in_scope("/wards/{ward}/systmone/patients/"),
        # A lookup is seen in the session that made it alone.
        "systmone/lookups/<uuid:pk>/": signed_in("/systmone/lookups/{lookup}/", NONE),
        "systmone/lookups/<uuid:pk>/state/": signed_in("/systmone/lookups/{lookup}/state/", NONE),
        "systmone/lookups/<uuid:pk>/<int:row>/link/": signed_in(
            "/systmone/lookups/{lookup}/0/link/", NONE
        ),
        # The stay ended without a confirmed discharge, so there is nothing to push.
        f"{LOG}": in_scope("/patients/{patient}/stays/{earlier}/discharge/log/systmone/", GO),
        f"{LOG}state/": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log/systmone/state/", NONE
        ),
        f"{LOG}decide/": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log/systmone/decide/", 400, "post"
        ),
        f"{LOG}cancel/": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log/systmone/cancel/", 400, "post"
        ),
        f"{LOG}delete/": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log/systmone/delete/", GO
        ),
    }.items()
}

SYSTMONE |= {
    route: replace(address, feature=Feature.SYSTMONE)
    for route, address in {
        "tasks/<str:public_id>/systmone/": in_scope("/tasks/pt{patienttask}/systmone/"),
        "tasks/<str:public_id>/systmone/state/": in_scope("/tasks/pt{patienttask}/systmone/state/"),
        "tasks/<str:public_id>/systmone/decide/": in_scope(
            "/tasks/pt{patienttask}/systmone/decide/", 400, "post"
        ),
        "tasks/<str:public_id>/systmone/cancel/": in_scope(
            "/tasks/pt{patienttask}/systmone/cancel/", 400, "post"
        ),
        "tasks/<str:public_id>/systmone/delete/": in_scope(
            "/tasks/pt{patienttask}/systmone/delete/", GO
        ),
    }.items()
}

# Patients and beds: in the tiers that hold patients.
PATIENTS = {
    route: replace(address, feature=Feature.PATIENTS)
    for route, address in {
        "beds/": signed_in("/beds/", GO),
        "wards/<slug:ward>/beds/": in_scope("/wards/{ward}/beds/"),
        "wards/<slug:ward>/beds/board/": in_scope("/wards/{ward}/beds/board/"),
        "wards/<slug:ward>/admit/": in_scope("/wards/{ward}/admit/"),
        "wards/<slug:ward>/admit/in-full/": in_scope("/wards/{ward}/admit/in-full/"),
        "patients/": signed_in("/patients/"),
        "patients/<int:pk>/": in_scope("/patients/{patient}/"),
        "patients/<int:pk>/work/": in_scope("/patients/{patient}/work/"),
        "wards/<slug:ward>/diary/<day:day>/add/patient-task/": in_scope(
            "/wards/{ward}/diary/2026-01-27/add/patient-task/"
        ),
        "wards/<slug:ward>/diary/<day:day>/add/appointment/": in_scope(
            "/wards/{ward}/diary/2026-01-27/add/appointment/"
        ),
        "patients/<int:pk>/notes/write/": in_scope("/patients/{patient}/notes/write/"),
        "patients/<int:pk>/discharge/": in_scope("/patients/{patient}/discharge/"),
        "patients/<int:pk>/discharge/confirm/": in_scope(
            "/patients/{patient}/discharge/confirm/", GO, "post"
        ),
        "patients/<int:pk>/discharge/back/": in_scope(
            "/patients/{patient}/discharge/back/", GO, "post"
        ),
        "patients/<int:pk>/discharge/log/": in_scope("/patients/{patient}/discharge/log/", NONE),
        "patients/<int:pk>/discharge/log.pdf": in_scope(
            "/patients/{patient}/discharge/log.pdf", NONE
        ),
        "patients/<int:pk>/stays/<int:stay>/": in_scope("/patients/{patient}/stays/{earlier}/"),
        "patients/<int:pk>/stays/<int:stay>/discharge/log/": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log/"
        ),
        "patients/<int:pk>/stays/<int:stay>/discharge/log.pdf": in_scope(
            "/patients/{patient}/stays/{earlier}/discharge/log.pdf"
        ),
        "patients/<int:pk>/discharge/<int:item>/check/": in_scope(
            "/patients/{patient}/discharge/1/check/", GO, "post"
        ),
        "patients/<int:pk>/discharge/<int:item>/uncheck/": in_scope(
            "/patients/{patient}/discharge/1/uncheck/", GO, "post"
        ),
        "notes/<int:pk>/": in_scope("/notes/{note}/"),
        "notes/<int:pk>/amend/": in_scope("/notes/{note}/amend/"),
        "patients/<int:pk>/edit/": in_scope("/patients/{patient}/edit/"),
        "patients/<int:pk>/move/": in_scope("/patients/{patient}/move/"),
        "patients/<int:pk>/swap/": in_scope("/patients/{patient}/swap/"),
        "patients/<int:pk>/transfer/": in_scope("/patients/{patient}/transfer/"),
        "patients/<int:pk>/leave/": in_scope("/patients/{patient}/leave/"),
        "patients/<int:pk>/absence/": in_scope("/patients/{patient}/absence/"),
        # Who is on the ward has nothing to return from.
        "patients/<int:pk>/return/": in_scope("/patients/{patient}/return/", GO),
        "patients/<int:pk>/no-absence/": in_scope("/patients/{patient}/no-absence/", GO),
        "patients/<int:pk>/reopen/": Address(
            "/patients/{patient}/reopen/",
            (SIGN_IN, NO, NO, NO, GO),
            (SIGN_IN, NONE, NONE, NONE, GO),
        ),
        # Last, for after it the patient waits for the decision.
        "patients/<int:pk>/discharge/start/": in_scope(
            "/patients/{patient}/discharge/start/", GO, "post"
        ),
    }.items()
}

API = {
    "api/openapi.json": signed_in("/api/openapi.json"),
    "api/docs": signed_in("/api/docs"),
    "api/": everybody("/api/", NONE),
    "^api/": everybody("/api/nothing", NONE),
    "api/assurance/sync": Address(
        "/api/assurance/sync",
        (401,) * 5,
        (401,) * 5,
        feature=Feature.ASSURANCE_SYNC,
        method="post",
    ),
    "api/assurance/webhook": Address(
        "/api/assurance/webhook",
        (401,) * 5,
        (401,) * 5,
        feature=Feature.ASSURANCE_SYNC,
        method="post",
    ),
    "api/assurance/events/<uuidstr:event_id>": Address(
        "/api/assurance/events/0f8fad5b-d9cb-469f-a165-70867728950e",
        (401,) * 5,
        (401,) * 5,
        feature=Feature.ASSURANCE_SYNC,
    ),
    "api/systmone/patients": Address(
        "/api/systmone/patients",
        (401, 422, 422, 422, 422),
        (401, 422, 422, 422, 422),
        feature=Feature.SYSTMONE,
    ),
    "api/systmone/tasks": Address(
        "/api/systmone/tasks",
        (401, OK, OK, OK, OK),
        (401, OK, OK, OK, OK),
        feature=Feature.SYSTMONE,
    ),
    "api/systmone/notes": Address(
        "/api/systmone/notes",
        (401, 400, 400, 400, 400),
        (401, 400, 400, 400, 400),
        feature=Feature.SYSTMONE,
        method="post",
    ),
    "api/systmone/calls/<uuidstr:call_id>": Address(
        "/api/systmone/calls/{call}",
        (401, OK, OK, OK, OK),
        (401, NONE, NONE, NONE, OK),
        feature=Feature.SYSTMONE,
    ),
}

ADMIN = {
    "admin/": same("/admin/", SIGN_IN, SIGN_IN, OK, OK, OK),
    "admin/login/": same("/admin/login/", SIGN_IN, NO, GO, GO, GO),
    "admin/logout/": same("/admin/logout/", SIGN_IN, SIGN_IN, POST, POST, POST),
    "admin/autocomplete/": same("/admin/autocomplete/", SIGN_IN, SIGN_IN, NO, NO, NO),
    "admin/jsi18n/": same("/admin/jsi18n/", SIGN_IN, SIGN_IN, OK, OK, OK),
    "admin/(?P<url>.*)$": same("/admin/nothing", SIGN_IN, SIGN_IN, NONE, NONE, NONE),
    "admin/^(?P<app_label>systmone|assurance|tasks|library|wards|audit)/$": same(
        "/admin/tasks/", SIGN_IN, SIGN_IN, NONE, OK, OK
    ),
    "admin/tasks/tasktemplate/week/": same(
        "/admin/tasks/tasktemplate/week/", SIGN_IN, SIGN_IN, NO, OK, OK
    ),
    "admin/wards/user/<id>/password/": Address(
        "/admin/wards/user/{user}/password/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
    ),
    "admin/wards/ward/<int:pk>/task-categories/": Address(
        "/admin/wards/ward/{ward}/task-categories/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/wards/ward/<int:pk>/patient-fields/": Address(
        "/admin/wards/ward/{ward}/patient-fields/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/wards/ward/<int:pk>/discharge-checklist/": Address(
        "/admin/wards/ward/{ward}/discharge-checklist/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/systmone/staffmember/read/": Address(
        "/admin/systmone/staffmember/read/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.SYSTMONE,
    ),
    "admin/wards/ward/<int:pk>/systmone/": Address(
        "/admin/wards/ward/{ward}/systmone/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.SYSTMONE,
    ),
    "admin/wards/ward/<int:pk>/legal-work/": Address(
        "/admin/wards/ward/{ward}/legal-work/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/wards/stay/import/": Address(
        "/admin/wards/stay/import/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/wards/stay/import/template/": Address(
        "/admin/wards/stay/import/template/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/wards/stay/export/": Address(
        "/admin/wards/stay/export/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.PATIENTS,
    ),
    "admin/systmone/gateway/<int:pk>/watch/": Address(
        "/admin/systmone/gateway/{gateway}/watch/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.SYSTMONE,
    ),
    "admin/systmone/gateway/<int:pk>/act/": Address(
        "/admin/systmone/gateway/{gateway}/act/",
        (SIGN_IN, SIGN_IN, NO, 400, 400),
        (SIGN_IN, SIGN_IN, NO, NONE, 400),
        feature=Feature.SYSTMONE,
        method="post",
    ),
    "admin/systmone/gateway/<int:pk>/start/": Address(
        "/admin/systmone/gateway/{gateway}/start/",
        (SIGN_IN, SIGN_IN, NO, NO, GO),
        (SIGN_IN, SIGN_IN, NO, NONE, GO),
        feature=Feature.SYSTMONE,
        method="post",
    ),
    "admin/systmone/attempt/export/": Address(
        "/admin/systmone/attempt/export/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.SYSTMONE,
    ),
    "admin/systmone/attempt/<int:pk>/documents/": Address(
        "/admin/systmone/attempt/{attempt}/documents/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.SYSTMONE,
    ),
    "admin/assurance/syncevent/monitoring/": Address(
        "/admin/assurance/syncevent/monitoring/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/syncevent/reconciliation/": Address(
        "/admin/assurance/syncevent/reconciliation/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/syncevent/compliance/": Address(
        "/admin/assurance/syncevent/compliance/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    # Without a month and a kind of file there is nothing to hand out.
    "admin/assurance/syncevent/compliance/export/": Address(
        "/admin/assurance/syncevent/compliance/export/",
        (SIGN_IN, SIGN_IN, NO, 400, 400),
        (SIGN_IN, SIGN_IN, NO, 400, 400),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/syncevent/evidence/<int:task>/": Address(
        "/admin/assurance/syncevent/evidence/{audit}/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/syncevent/kept/": Address(
        "/admin/assurance/syncevent/kept/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/syncevent/<int:pk>/match/": Address(
        "/admin/assurance/syncevent/{syncevent}/match/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.ASSURANCE_SYNC,
        method="post",
    ),
    "admin/assurance/syncevent/<int:pk>/set-aside/": Address(
        "/admin/assurance/syncevent/{syncevent}/set-aside/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.ASSURANCE_SYNC,
        method="post",
    ),
    "admin/assurance/syncevent/<int:pk>/take-up/": Address(
        "/admin/assurance/syncevent/{syncevent}/take-up/",
        (SIGN_IN, SIGN_IN, NO, GO, GO),
        (SIGN_IN, SIGN_IN, NO, NONE, GO),
        feature=Feature.ASSURANCE_SYNC,
        method="post",
    ),
    "admin/assurance/syncevent/<int:pk>/replay/": Address(
        "/admin/assurance/syncevent/{syncevent}/replay/",
        (SIGN_IN, SIGN_IN, NO, OK, OK),
        (SIGN_IN, SIGN_IN, NO, NONE, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/teamschannel/<int:pk>/test/": Address(
        "/admin/assurance/teamschannel/{teamschannel}/test/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/apiclient/<int:pk>/issue-key/": Address(
        "/admin/assurance/apiclient/{apiclient}/issue-key/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/apiclient/<int:pk>/signing-secret/": Address(
        "/admin/assurance/apiclient/{apiclient}/signing-secret/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/apiclient/<int:pk>/no-signatures/": Address(
        "/admin/assurance/apiclient/{apiclient}/no-signatures/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
    "admin/assurance/apiclient/<int:pk>/revoke/": Address(
        "/admin/assurance/apiclient/{apiclient}/revoke/",
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        (SIGN_IN, SIGN_IN, NO, NO, OK),
        feature=Feature.ASSURANCE_SYNC,
    ),
}


@dataclass(frozen=True)
class Kept:
    """What the admin keeps of one kind: the least person who sees, adds and deletes it."""

    seen_by: str
    added_by: str | None
    deleted_by: str | None
    is_of_a_ward: bool
    feature: Feature | None = None


KEPT = {
    "tasks/tasktemplate": Kept("ward_admin", "ward_admin", "ward_admin", is_of_a_ward=True),
    "tasks/task": Kept("ward_admin", "ward_admin", None, is_of_a_ward=True),
    "wards/ward": Kept("ward_admin", "senior_admin", None, is_of_a_ward=True),
    "wards/membership": Kept("ward_admin", "ward_admin", "ward_admin", is_of_a_ward=True),
    "wards/room": Kept(
        "ward_admin", "ward_admin", None, is_of_a_ward=True, feature=Feature.PATIENTS
    ),
    "wards/stay": Kept("ward_admin", None, None, is_of_a_ward=True, feature=Feature.PATIENTS),
    "wards/notetemplate": Kept(
        "ward_admin", "ward_admin", "ward_admin", is_of_a_ward=True, feature=Feature.PATIENTS
    ),
    "wards/alert": Kept(
        "ward_admin", "ward_admin", None, is_of_a_ward=False, feature=Feature.PATIENTS
    ),
    "wards/user": Kept("ward_admin", "ward_admin", None, is_of_a_ward=True),
    "library/guide": Kept("contributor", "contributor", "senior_admin", is_of_a_ward=False),
    "systmone/gateway": Kept(
        "ward_admin", "senior_admin", None, is_of_a_ward=True, feature=Feature.SYSTMONE
    ),
    "systmone/attempt": Kept("ward_admin", None, None, is_of_a_ward=True, feature=Feature.SYSTMONE),
    "systmone/staffmember": Kept(
        "senior_admin", None, None, is_of_a_ward=False, feature=Feature.SYSTMONE
    ),
    "systmone/call": Kept("ward_admin", None, None, is_of_a_ward=True, feature=Feature.SYSTMONE),
    "assurance/syncevent": Kept(
        "ward_admin", None, None, is_of_a_ward=True, feature=Feature.ASSURANCE_SYNC
    ),
    "assurance/syncalert": Kept(
        "ward_admin", None, None, is_of_a_ward=True, feature=Feature.ASSURANCE_SYNC
    ),
    "assurance/teamschannel": Kept(
        "senior_admin",
        "senior_admin",
        "senior_admin",
        is_of_a_ward=False,
        feature=Feature.ASSURANCE_SYNC,
    ),
    "assurance/readinglimit": Kept(
        "ward_admin",
        "senior_admin",
        "senior_admin",
        is_of_a_ward=False,
        feature=Feature.ASSURANCE_SYNC,
    ),
    "assurance/apiclient": Kept(
        "senior_admin", "senior_admin", None, is_of_a_ward=False, feature=Feature.ASSURANCE_SYNC
    ),
    "audit/auditevent": Kept(
        "senior_admin", None, None, is_of_a_ward=False, feature=Feature.AUDIT_LOG
    ),
}


def _from(least: str | None, refusal: int) -> list[int]:
    """What contributors, ward admins and senior admins get if `least` and above may."""
    allowed = PEOPLE[PEOPLE.index(least) :] if least else ()
    return [OK if person in allowed else refusal for person in PEOPLE[2:]]


def _row(path: str, kept: Kept, own: list[int]) -> Address:
    """A page about one row: who may see it only on other wards is sent away from it."""
    other = [GO if status == OK else status for status in own[:2]] + own[2:]
    return Address(
        path,
        (SIGN_IN, SIGN_IN, *own),
        (SIGN_IN, SIGN_IN, *(other if kept.is_of_a_ward else own)),
        feature=kept.feature,
    )


def kept_in_the_admin() -> dict[str, Address]:
    """The admin's addresses of every kind that it keeps."""
    addresses: dict[str, Address] = {}
    for name, kept in KEPT.items():
        route, row = f"admin/{name}/", f"/admin/{name}/{{{name.split('/')[1]}}}/"
        one = f"{route}<path:object_id>/"
        seen, added = _from(kept.seen_by, NO), _from(kept.added_by, NO)
        addresses |= {
            route: Address(
                f"/{route}",
                (SIGN_IN, SIGN_IN, *seen),
                (SIGN_IN, SIGN_IN, *seen),
                feature=kept.feature,
            ),
            f"{route}add/": Address(
                f"/{route}add/",
                (SIGN_IN, SIGN_IN, *added),
                (SIGN_IN, SIGN_IN, *added),
                feature=kept.feature,
            ),
            f"{one}change/": _row(f"{row}change/", kept, seen),
            f"{one}history/": _row(f"{row}history/", kept, _from(kept.seen_by, GO)),
            f"{one}delete/": _row(f"{row}delete/", kept, _from(kept.deleted_by, NO)),
            one: Address(row, (GO,) * 5, (GO,) * 5, feature=kept.feature),
        }
    return addresses


ADDRESSES: Mapping[str, Address] = {
    **PAGES,
    **PATIENTS,
    **SYSTMONE,
    **API,
    **ADMIN,
    **kept_in_the_admin(),
}


def routes() -> list[str]:
    """Every route that the product's URL configuration has."""
    return [re.sub(r"\s", "", route) for route in _routes_below(get_resolver(), "")]


def _routes_below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes_below(pattern, route)

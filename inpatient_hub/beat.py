"""What Celery beat starts by itself, and when."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "mark that beat is alive": {"task": "inpatient_hub.jobs.mark_beat", "schedule": 15},
    "generate the coming days": {
        "task": "tasks.jobs.generate_coming_days",
        "schedule": crontab(hour="2", minute="30"),
    },
    "forget the forms that were sent days ago": {
        "task": "wards.jobs.forget_sent_forms",
        "schedule": crontab(hour="3", minute="10"),
    },
    "process and follow up audits whose wake-up was lost": {
        "task": "assurance.jobs.sweep",
        "schedule": 60,
    },
    "tell of wards whose audits do not arrive": {
        "task": "assurance.jobs.tell_of_silence",
        "schedule": 600,
    },
    # Each ward is told once, an hour after its night shift; later runs make up for one that failed.
    "reconcile yesterday's audits": {
        "task": "assurance.jobs.reconcile_yesterday",
        "schedule": crontab(hour="8-15", minute="30"),
    },
    "ask who works in SystmOne": {
        "task": "systmone.jobs.refresh_staff",
        "schedule": crontab(hour="4", minute="20"),
    },
    "read SystmOne's diary": {"task": "systmone.jobs.read_diaries", "schedule": 300},
    "ask what SystmOne says of linked patients": {
        "task": "systmone.jobs.refresh_demographics",
        "schedule": 600,
    },
    "forget what was looked up in SystmOne": {
        "task": "systmone.jobs.forget_lookups",
        "schedule": 60,
    },
    "read the tasks that SystmOne's users enter": {
        "task": "systmone.jobs.read_tasks",
        "schedule": 900,
    },
    "wake the speakers of SystmOne gateways": {"task": "systmone.jobs.sweep", "schedule": 10},
    "tell people what SystmOne needs them for": {
        "task": "systmone.jobs.tell_people",
        "schedule": 60,
    },
    "delete old documents of SystmOne": {
        "task": "systmone.jobs.delete_old_documents",
        "schedule": crontab(hour="3", minute="40"),
    },
}

"""The Celery application. Apps keep their tasks in `tasks.py`; their periods are in `beat.py`."""

import os

from celery import Celery
from django.conf import settings

from console.beat import SCHEDULE
from console.broker import harden

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
harden()
app = Celery("atrium")
app.config_from_object(settings.CELERY)
app.conf.beat_schedule = SCHEDULE
app.conf.beat_scheduler = "console.beat:SteadyScheduler"
app.autodiscover_tasks()

"""The composition root: settings, URLs, the Celery app, dashboard and exports."""

from console.celery import app as celery_app

__all__ = ["celery_app"]

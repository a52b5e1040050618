"""The Celery app with the probe's handlers, for real workers in tests and benchmarks."""

from console.celery import app

app.conf.imports = (*app.conf.imports, "tests.timers.probe")

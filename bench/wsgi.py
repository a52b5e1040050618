"""The product's own application, with the references at addresses of their own."""

from django.conf import settings

from console.wsgi import application

settings.ROOT_URLCONF = "bench.urls"
__all__ = ["application"]

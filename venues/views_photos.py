"""Hands out room photos to anybody: guests' clients and browsers show them without a log-in."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from core.entrances import PUBLIC, console_view

_NAME = re.compile(r"[0-9a-f]{32}\.jpg\Z")
"""What `services.clean_picture` names them; nothing else under the media folder is reachable."""


@require_safe
@console_view(PUBLIC)
def photo(request: HttpRequest, name: str) -> FileResponse:
    """One picture. A name is never used for another one, so it may be kept for ever."""
    path = f"rooms/{name}"
    if not _NAME.match(name) or not default_storage.exists(path):
        raise Http404
    answer = FileResponse(default_storage.open(path), content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer

"""Room photos: decoded and encoded again, so that nothing but pixels is kept."""

from __future__ import annotations

import io
import secrets
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Invalid
from core.transactions import unit
from venues.models import Room, RoomPhoto

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1920
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


@unit
def add_photo(*, room: Room, upload: BinaryIO, caption: str = "") -> RoomPhoto:
    """Keep a picture of a room, last in order. Raises Invalid (field ``image``) for what is no picture."""
    picture = clean_picture(upload)
    return RoomPhoto.objects.create(room=room, image=picture, caption=caption, sort=room.photos.count())


def clean_picture(upload: BinaryIO) -> ContentFile[bytes]:
    """Re-encode an upload as JPEG of at most 1920 pixels a side, without metadata, under a random name.

    Raises Invalid where it is over 8 MB, over 40 megapixels, or not JPEG, PNG or WebP.
    """
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Invalid(_("The picture is larger than 8 MB."), field="image")
    target = io.BytesIO()
    _decoded(raw).save(target, "JPEG", quality=QUALITY, optimize=True)
    return ContentFile(target.getvalue(), name=f"{secrets.token_hex(16)}.jpg")


def _decoded(raw: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Invalid(_("The picture has more than 40 megapixels."), field="image")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Invalid(_("Not a readable JPEG, PNG or WebP picture."), field="image") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    return clean

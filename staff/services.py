"""The only writer of staff users and roles."""

from core.transactions import unit
from staff.models import User


@unit
def choose_language(*, user: User, language: str) -> None:
    """Keep the language the user reads the console in."""
    User.objects.filter(pk=user.pk).update(language=language)

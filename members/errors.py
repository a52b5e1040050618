"""What members' requests may be refused with."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class Unauthorized(DomainError):
    """Not or wrongly signed (401)."""

    status = 401


class SignatureMissing(Unauthorized):
    code = "signature_missing"
    message = _("The request is not signed.")


class SignatureInvalid(Unauthorized):
    code = "signature_invalid"
    message = _("The signature is not valid.")


class SignatureStale(Unauthorized):
    """``server_time`` in ``data`` lets a client with a wrong clock correct itself."""

    code = "signature_stale"
    message = _("The signature was made outside the window; set the clock by server_time.")


class NonceReused(Unauthorized):
    code = "nonce_reused"
    message = _("This nonce was used before.")


class SessionUnknown(Unauthorized):
    code = "session_unknown"
    message = _("There is no such session.")


class SessionExpired(Unauthorized):
    code = "session_expired"
    message = _("This session has ended; log in again.")


class CodeInvalid(Unauthorized):
    code = "code_invalid"
    message = _("WeChat does not accept this code.")


class MemberBlocked(DomainError):
    code = "member_blocked"
    status = 403
    message = _("This membership is blocked; please ask at the desk.")


class Throttled(DomainError):
    """``retry_after`` in ``data`` is in seconds."""

    code = "throttled"
    status = 429
    message = _("Too many requests; please wait.")


class KeyRequired(DomainError):
    code = "idempotency_key_required"
    status = 400
    message = _("This call needs an Idempotency-Key.")


class InFlight(DomainError):
    code = "idempotency_in_flight"
    message = _("The same request is still being worked on.")


class Mismatch(DomainError):
    code = "idempotency_mismatch"
    status = 422
    message = _("This Idempotency-Key was used for another request.")

from rest_framework.authentication import BaseAuthentication


class SignedSession(BaseAuthentication):
    pass

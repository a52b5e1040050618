"""The members' own endpoints: sessions, profile, phone, messages."""

from typing import Any, cast

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock
from core.api_fields import IdField, InstantField, StrictSerializer, show_instant
from members import nonces, queries, services
from members.entrance import MemberView
from members.errors import MemberBlocked
from members.idempotency import idempotent
from members.models import InboxMessage, Member, MemberSession
from members.rules import mask_phone
from wechat import mini_program


class LogIn(StrictSerializer):
    code = serializers.CharField(max_length=128)


class PhoneCode(StrictSerializer):
    code = serializers.CharField(max_length=128)


class Profile(StrictSerializer):
    nickname = serializers.CharField(min_length=1, max_length=60, required=False)
    avatar_url = serializers.URLField(max_length=300, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class ReadMessages(StrictSerializer):
    ids = serializers.ListField(child=IdField(), max_length=200, required=False)


class MemberShape(serializers.Serializer[Any]):
    id = IdField()
    nickname = serializers.CharField()
    avatar_url = serializers.CharField()
    phone_masked = serializers.CharField()
    plan = serializers.CharField(allow_null=True)
    plan_ends_at = InstantField(allow_null=True)
    credits = serializers.ListField(child=serializers.DictField())
    unread = serializers.IntegerField()


class SessionShape(serializers.Serializer[Any]):
    key_id = serializers.CharField()
    secret = serializers.CharField()
    expires_at = InstantField()
    member = MemberShape()


class MessageShape(serializers.Serializer[Any]):
    id = IdField()
    kind = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    link = serializers.CharField()
    created_at = InstantField()
    read_at = InstantField(allow_null=True)


def show_member(member: Member) -> dict[str, Any]:
    """A member as `/me` and a new session show them; the phone is masked."""
    return {
        "id": str(member.pk),
        "nickname": member.nickname,
        "avatar_url": member.avatar_url,
        "phone_masked": mask_phone(member.phone),
        "plan": member.plan.code if member.plan else None,
        "plan_ends_at": show_instant(member.plan_ends_at) if member.plan_ends_at else None,
        "credits": [],
        "unread": queries.unread_count(member),
    }


def show_message(message: InboxMessage) -> dict[str, Any]:
    """One message of the inbox."""
    return dict(MessageShape(message).data)


def address_of(request: Request) -> str:
    """The client's address: the one our own proxies vouch for (NUM_PROXIES), else the peer."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.NUM_PROXIES
    if proxies and forwarded:
        return str(forwarded[-min(proxies, len(forwarded))])
    return str(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"


class Sessions(MemberView):
    """Log in with a code of the mini-program."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(request=LogIn, responses={201: SessionShape}, auth=[])
    def post(self, request: Request) -> Response:
        nonces.admit_log_in(address=address_of(request))
        code = self.data_of(request, LogIn)["code"]
        identity = mini_program.code_to_session(code)
        member = services.ensure_member(
            openid=identity.openid, unionid=identity.unionid, nickname=identity.nickname, at=clock.now()
        )
        if member.status == Member.Status.BLOCKED:
            raise MemberBlocked
        device = request.headers.get("User-Agent", "")
        opened = services.open_session(
            member=member, at=clock.real_now(), address=_valid_address(request), device=device
        )
        body = {
            "key_id": opened.session.key_id,
            "secret": opened.secret,
            "expires_at": show_instant(opened.session.expires_at),
            "member": show_member(member),
        }
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class CurrentSession(MemberView):
    """End this session."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        services.end_session(session=cast(MemberSession, request.auth), at=clock.real_now())
        return Response(status=204)


class Me(MemberView):
    """Who I am."""

    @extend_schema(responses=MemberShape)
    def get(self, request: Request) -> Response:
        return Response(show_member(self.member_of(request)))

    @extend_schema(request=Profile, responses=MemberShape)
    def patch(self, request: Request) -> Response:
        member = services.update_profile(member=self.member_of(request), changes=dict(self.data_of(request, Profile)))
        return Response(show_member(member))


class Phone(MemberView):
    """Bind the phone by WeChat's single-use code."""

    def look_up(self, request: Request) -> str:
        """Ask WeChat for the number; outside any transaction."""
        return mini_program.phone_number(self.data_of(request, PhoneCode)["code"])

    @extend_schema(request=PhoneCode, responses={200: MemberShape})
    @idempotent(prepare=look_up)
    def post(self, request: Request, *, prepared: str) -> Response:
        member = services.bind_phone(member=self.member_of(request), phone=prepared)
        return Response(show_member(member))


class Messages(MemberView):
    """The inbox, newest first."""

    @extend_schema(responses=MessageShape(many=True))
    def get(self, request: Request) -> Response:
        return self.page(request, self.member_of(request).messages.all(), show_message)


class MessagesRead(MemberView):
    """Mark messages as read: those named, or all."""

    @extend_schema(request=ReadMessages, responses={200: MemberShape})
    @idempotent()
    def post(self, request: Request) -> Response:
        ids = self.data_of(request, ReadMessages).get("ids")
        services.mark_read(member=self.member_of(request), at=clock.now(), ids=ids)
        return Response(show_member(self.member_of(request)))


def _valid_address(request: Request) -> str | None:
    field = serializers.IPAddressField()
    try:
        return str(field.run_validation(address_of(request)))
    except serializers.ValidationError:
        return None

"""What can go wrong with a Net2 server (section 7): switches, all off by default."""

from dataclasses import dataclass, field

from simulators.kit.faults import Faults

from .wire import Json, changed


@dataclass(slots=True)
class Net2Faults(Faults):
    """The switches beyond those of any HTTP server; `fail(401, times=3)` and the like are there.

    What a switch turns on is the rarer variant; the certain one is served when all are off.
    """

    # Sign-in
    #: Two requests a second to the token route, as from Net2 6.8.
    rate_limit: bool = False
    #: `Retry-After` of the answers that the rate limit gives; None leaves it out.
    retry_after: str | None = None
    invalid_client: bool = False
    mfa_required: bool = False
    #: Status of the answer that says `mfa_required`; the vendor does not tell.
    mfa_status: int = 400
    refuse_refresh: bool = False
    refresh_without_new_token: bool = False

    # REST
    #: nginx is up and Net2 is not: every answer is 502 with a page of HTML.
    service_down: bool = False
    #: The product without lockdown, roll call, or more than one access level per user.
    lite: bool = False
    #: Expiry dates are cut to midnight.
    cut_expiry: bool = False
    pascal_case: bool = False
    numbers_as_text: bool = False
    #: Every object has a field that no client knows.
    extra_fields: bool = False
    #: Events without a person have null for its id, not 0.
    null_users: bool = False
    #: Answers come in chunks, without a length.
    chunked_answers: bool = False
    #: An answer without any event has an empty body.
    empty_events_body: bool = False
    #: Servers before 6.6 SR5 have no `/doors/status`.
    no_door_status: bool = False
    #: Door ids that `/doors`, or `/doors/status`, leaves out.
    unlisted_doors: list[int] = field(default_factory=list)
    statusless_doors: list[int] = field(default_factory=list)
    missing_status: bool = False
    missing_contact: bool = False
    #: What command answers carry in `output.errors`; None means none.
    command_errors: str | None = None
    german_descriptions: bool = False
    #: Seconds by which the server's clock is ahead.
    clock_skew: float = 0.0

    # Live stream
    #: Nothing is sent any more, not even keep-alives, and the sockets stay open.
    silent: bool = False
    no_keep_alives: bool = False
    #: Keep-alives are switched off, and negotiate says so.
    keep_alive_disabled: bool = False
    #: What all other time-outs are made from: keep-alives come in a third of it.
    disconnect_timeout: float = 30.0
    #: Live events that come together in one message.
    events_per_message: int = 1
    duplicate_frames: bool = False
    #: Seconds for which messages are collected, so that a frame carries several.
    collect_messages: float = 0.0
    out_of_order: bool = False
    camel_case_names: bool = False
    flat_arguments: bool = False
    #: Door status events carry `doorId` instead of `deviceId`.
    door_id_key: bool = False
    system_events_live: bool = False
    no_web_sockets: bool = False
    #: Door ids whose subscription is refused, or never answered.
    refused_doors: list[int] = field(default_factory=list)
    unanswered_doors: list[int] = field(default_factory=list)
    detailed_errors: bool = False
    cut_at_token_expiry: bool = False
    #: After a restart connection tokens of before are still good (appendix C, 6).
    keep_keys: bool = False

    def distort(self, value: Json) -> Json:
        """Return an answer or a message as this server writes it."""
        if self.null_users:
            value = changed(value, pair=_null_user)
        if self.numbers_as_text:
            value = changed(value, leaf=_as_text)
        if self.pascal_case:
            value = changed(value, pair=_pascal_case)
        if self.extra_fields:
            value = changed(value, more={"addedLater": {"since": [8, "x", None]}})
        return value


def _pascal_case(key: str, value: Json) -> tuple[str, Json]:
    return key[:1].upper() + key[1:], value


def _null_user(key: str, value: Json) -> tuple[str, Json]:
    return key, None if key.lower() == "userid" and value == 0 else value


def _as_text(value: Json) -> Json:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value

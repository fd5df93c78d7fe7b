"""What people carry and where it lets them go: tokens, pictures, permissions (section 3.5)."""

import base64
import binascii
from typing import Final

from .people import TOKEN_TYPES, Token, User
from .routing import DONE, RefusedError, Reply, Request, Routes, found, user_of
from .wire import BadRequestError, Body, Json

_LARGEST_IMAGE: Final = 3_670_016


def permission_set(user: User) -> Json:
    """Return a user's permissions as the API tells them."""
    individual: list[Json] = [
        {"id": area, "timezoneId": zone} for area, zone in user.individual_permissions
    ]
    return {"accessLevels": list(user.access_levels), "individualPermissions": individual}


def replace_permissions(request: Request, user: User, body: Body) -> None:
    """Replace all permissions of a user."""
    site, levels = request.world.site, body.integers("accessLevels")
    individual = [
        (part.integer("id"), part.integer("timezoneId"))
        for part in body.parts("individualPermissions")
    ]
    known = all(level in site.access_levels for level in levels)
    if not known or any(zone not in site.time_zones for _, zone in individual):
        raise BadRequestError("There is no such access level or time zone.")
    if request.faults.lite and len(levels) > 1:
        raise BadRequestError("Net2 Lite knows one access level per user.")
    user.access_levels, user.individual_permissions = levels, individual


def _permissions(request: Request) -> Reply:
    return Reply(permission_set(user_of(request)))


def _put_permissions(request: Request) -> Reply:
    replace_permissions(request, user_of(request), request.body)
    return DONE


def _tokens(request: Request) -> Reply:
    return Reply([_token_json(token) for token in user_of(request).tokens.values()])


def _token(request: Request) -> Reply:
    return Reply(_token_json(found(user_of(request).tokens, request.ids[1])))


def _create_token(request: Request) -> Reply:
    user = user_of(request)
    token = _read_token(request, number=max(user.tokens, default=-1) + 1)
    user.tokens[token.id] = token
    return Reply(_token_json(token), status=201)


def _put_token(request: Request) -> Reply:
    tokens = user_of(request).tokens
    token = found(tokens, request.ids[1])
    tokens[token.id] = _read_token(request, number=token.id, replaces=token)
    return DONE


def _delete_token(request: Request) -> Reply:
    tokens = user_of(request).tokens
    found(tokens, request.ids[1])
    del tokens[request.ids[1]]
    return DONE


def _read_token(request: Request, number: int, replaces: Token | None = None) -> Token:
    body = request.body
    kind = body.text("tokenType", "Unspecified")
    if kind not in TOKEN_TYPES:
        raise BadRequestError("The request is invalid.")
    # openHAB says `tokenNumber` where everybody else says `tokenValue`.
    value = body.text("tokenValue") or body.text("tokenNumber")
    issued = (each for user in request.world.users.values() for each in user.tokens.values())
    if any(each.value == value and each is not replaces for each in issued):
        raise BadRequestError(f": Card {value} has already been issued.")
    return Token(number, kind, value, lost=body.flag("isLost"))


def _token_json(token: Token) -> Json:
    return {
        "id": token.id,
        "tokenType": token.type,
        "tokenValue": token.value,
        "isLost": token.lost,
    }


def _token_types(_: Request) -> Reply:
    return Reply(list(TOKEN_TYPES))


def _image(request: Request) -> Reply:
    image = user_of(request).image
    if image is None:
        raise RefusedError(404, "Not found.")
    return Reply(raw=image, content_type="image/jpeg")


def _put_image(request: Request) -> Reply:
    user = user_of(request)
    try:
        image = base64.b64decode(request.body.text("base64Data"), validate=True)
    except binascii.Error:
        raise BadRequestError("base64Data is not understood") from None
    if len(image) > _LARGEST_IMAGE:
        raise RefusedError(413, "Request entity too large.")
    user.image = image
    return DONE


def _delete_image(request: Request) -> Reply:
    user_of(request).image = None
    return DONE


ROUTES: Final[Routes] = {
    ("GET", "/users/{}/doorpermissionset"): _permissions,
    ("PUT", "/users/{}/doorpermissionset"): _put_permissions,
    ("GET", "/users/{}/tokens"): _tokens,
    ("POST", "/users/{}/tokens"): _create_token,
    ("GET", "/users/{}/tokens/{}"): _token,
    ("PUT", "/users/{}/tokens/{}"): _put_token,
    ("DELETE", "/users/{}/tokens/{}"): _delete_token,
    ("GET", "/users/token/types"): _token_types,
    ("GET", "/users/{}/image"): _image,
    ("PUT", "/users/{}/image"): _put_image,
    ("DELETE", "/users/{}/image"): _delete_image,
}

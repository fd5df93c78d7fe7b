"""People (section 3.5): reading, creating, replacing and removing them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from .people import CUSTOM_FIELDS, NamedThing, User
from .rest_permissions import permission_set, replace_permissions
from .routing import DONE, RefusedError, Reply, Request, Routes, found, user_of
from .wire import BadRequestError, Body, Json, load, local, read_time


def _users(request: Request) -> Reply:
    return Reply([_user_json(request, user) for user in request.world.users.values()])


def _user(request: Request) -> Reply:
    user = user_of(request)
    return Reply({**_user_json(request, user), "doorAccessPermissionSet": permission_set(user)})


def _create(request: Request) -> Reply:
    body, users = request.body, request.world.users
    if not body.text("firstName") and not body.text("lastName"):
        raise BadRequestError("A user needs a name.")
    user = User(max(users) + 1)
    _replace(request, user, body)
    users[user.id] = user
    return Reply({**_user_json(request, user), "doorAccessPermissionSet": permission_set(user)})


def _put(request: Request) -> Reply:
    _replace(request, user_of(request), request.body)
    return DONE


def _delete(request: Request) -> Reply:
    return _remove(request, [user_of(request).id])


def _delete_several(request: Request) -> Reply:
    ids = load(request.data)
    if isinstance(ids, str) or not isinstance(ids, Sequence):
        raise BadRequestError("not a list of ids")
    return _remove(request, [each for each in ids if isinstance(each, int)])


def _remove(request: Request, ids: Sequence[int]) -> Reply:
    for number in ids:
        request.world.users.pop(number, None)
        request.world.site.operators.discard(number)
    return DONE


def _replace(request: Request, user: User, body: Body) -> None:
    """Take everything from the body: what it leaves out is cleared (section 3.5)."""
    pin = body.text("pin") or None
    others = (each for each in request.world.users.values() if each is not user)
    if pin and (not pin.isdecimal() or any(each.pin == pin for each in others)):
        raise BadRequestError("The PIN is not a number or not unique.")
    activates, expires = _time(request, body, "activateDate"), _time(request, body, "expiryDate")
    permissions = body.part("doorAccessPermissionSet")
    if permissions is not None:
        replace_permissions(request, user, permissions)
    if expires and request.faults.cut_expiry:
        expires = expires.astimezone(request.zone).replace(hour=0, minute=0, second=0)
    user.pin, user.activates, user.expires = pin, activates, expires
    user.first_name = body.text("firstName")
    user.middle_name = body.text("middleName") or None
    user.last_name = body.text("lastName")
    user.telephone = body.text("telephone") or None
    user.extension = body.text("extension") or None
    user.fax = body.text("fax") or None
    user.anti_passback = body.flag("isAntiPassbackUser", default=True)
    user.alarm_user = body.flag("isAlarmUser")
    user.lockdown_exempt = body.flag("isLockdownExempt")
    user.custom_fields = {
        field.integer("id"): field.text("value") for field in body.parts("customFields")
    }


def _time(request: Request, body: Body, key: str) -> datetime | None:
    text = body.text(key)
    return read_time(text, request.zone) if text else None


def _user_json(request: Request, user: User) -> dict[str, Json]:
    fields: list[Json] = [
        {"id": number, "value": value} for number, value in user.custom_fields.items()
    ]
    return {
        "id": user.id,
        "firstName": user.first_name,
        "middleName": user.middle_name,
        "lastName": user.last_name,
        "expiryDate": local(user.expires, request.zone) if user.expires else None,
        "activateDate": local(user.activates, request.zone) if user.activates else None,
        "pin": user.pin,
        "telephone": user.telephone,
        "extension": user.extension,
        "fax": user.fax,
        "isAntiPassbackUser": user.anti_passback,
        "isAlarmUser": user.alarm_user,
        "isLockdownExempt": user.lockdown_exempt,
        "hasImage": user.image is not None,
        "customFields": fields,
    }


def _operators(request: Request) -> Reply:
    site = request.world.site
    told: list[Json] = [
        {
            "userID": user.id,
            "firstName": user.first_name,
            "surname": user.last_name,
            "displayName": user.name,
        }
        for user in (site.users[number] for number in sorted(site.operators))
    ]
    return Reply(told)


def _custom_field_names(_: Request) -> Reply:
    return Reply([_field_json(number) for number in range(1, len(CUSTOM_FIELDS) + 1)])


def _custom_field_name(request: Request) -> Reply:
    found(dict(enumerate(CUSTOM_FIELDS, 1)), request.ids[0])
    return Reply(_field_json(request.ids[0]))


def _field_json(number: int) -> Json:
    return {"id": number, "name": CUSTOM_FIELDS[number - 1], "type": "Text", "maxLength": 50}


def _departments(request: Request) -> Reply:
    return Reply([_department_json(each) for each in request.world.site.departments.values()])


def _department(request: Request) -> Reply:
    return Reply(_department_json(found(request.world.site.departments, request.ids[0])))


def _create_department(request: Request) -> Reply:
    departments = request.world.site.departments
    department = NamedThing(max(departments, default=0) + 1, request.body.text("name"))
    departments[department.id] = department
    return Reply(_department_json(department))


def _put_department(request: Request) -> Reply:
    found(request.world.site.departments, request.ids[0]).name = request.body.text("name")
    return DONE


def _delete_department(request: Request) -> Reply:
    found(request.world.site.departments, request.ids[0])
    del request.world.site.departments[request.ids[0]]
    for user in request.world.users.values():
        if user.department_id == request.ids[0]:
            user.department_id = None
    return DONE


def _department_users(request: Request) -> Reply:
    wanted = request.ids[0] if request.ids else None
    users = request.world.users.values()
    return Reply([_user_json(request, user) for user in users if user.department_id == wanted])


def _user_departments(request: Request) -> Reply:
    departments = request.world.site.departments
    number = user_of(request).department_id
    return Reply([] if number is None else [_department_json(departments[number])])


def _put_user_department(request: Request) -> Reply:
    user, number = user_of(request), request.body.integer("id")
    if number not in request.world.site.departments:
        raise RefusedError(400, "There is no such department.")
    user.department_id = number
    return DONE


def _delete_user_department(request: Request) -> Reply:
    user_of(request).department_id = None
    return DONE


def _department_json(department: NamedThing) -> Json:
    return {"id": department.id, "name": department.name}


ROUTES: Final[Routes] = {
    ("GET", "/users"): _users,
    ("POST", "/users"): _create,
    ("DELETE", "/users"): _delete_several,
    ("GET", "/users/{}"): _user,
    ("PUT", "/users/{}"): _put,
    ("DELETE", "/users/{}"): _delete,
    ("GET", "/users/{}/departments"): _user_departments,
    ("PUT", "/users/{}/departments"): _put_user_department,
    ("DELETE", "/users/{}/departments"): _delete_user_department,
    ("GET", "/users/customfieldnames"): _custom_field_names,
    ("GET", "/users/customfieldnames/{}"): _custom_field_name,
    ("GET", "/operators"): _operators,
    ("GET", "/departments"): _departments,
    ("POST", "/departments"): _create_department,
    ("GET", "/departments/{}"): _department,
    ("PUT", "/departments/{}"): _put_department,
    ("DELETE", "/departments/{}"): _delete_department,
    ("GET", "/departments/{}/users"): _department_users,
    ("GET", "/departments/root/users"): _department_users,
}

"""Roll calls, I/O boards and the server itself (section 3.7)."""

from typing import Final

from .people import User
from .roll_call import RollCall
from .routing import DONE, Command, RefusedError, Reply, Request, Routes, found
from .wire import BadRequestError, Json

VERSION: Final = "6.9"


def _reports(request: Request) -> Reply:
    _professional(request)
    reports = request.world.roll_calls.reports.values()
    return Reply([{"id": report.id, "name": report.name} for report in reports])


def _create_report(request: Request) -> Reply:
    _professional(request)
    report = request.world.roll_calls.create(request.body.text("name", "Roll call"))
    return Reply({"id": report.id, "name": report.name}, status=201)


def _report(request: Request) -> Reply:
    report = found(request.world.roll_calls.reports, request.ids[0])
    return Reply({"id": report.id, "name": report.name})


def _items(request: Request) -> Reply:
    report = found(request.world.roll_calls.reports, request.ids[0])
    return Reply([_item_json(request, report, number) for number in report.members])


def _item(request: Request) -> Reply:
    report = _report_of_member(request)
    return Reply(_item_json(request, report, request.ids[1]))


def _mark_safe(request: Request) -> Reply:
    report = _report_of_member(request)
    request.world.roll_calls.mark_safe(report.id, request.ids[1], request.operator_id)
    return DONE


def _mark_unsafe(request: Request) -> Reply:
    report = _report_of_member(request)
    if report.safe.get(request.ids[1]) != request.ids[2]:
        raise RefusedError(404, "Not found.")
    request.world.roll_calls.mark_unsafe(report.id, request.ids[1])
    return DONE


def _report_of_member(request: Request) -> RollCall:
    report = found(request.world.roll_calls.reports, request.ids[0])
    if request.ids[1] not in report.members:
        raise RefusedError(404, "Not found.")
    return report


def _item_json(request: Request, report: RollCall, user_id: int) -> dict[str, Json]:
    world = request.world
    user = world.users.get(user_id, User(user_id))
    by = world.users.get(report.safe.get(user_id, 0))
    marked_by: Json = {"id": by.id, "name": by.name} if by else None
    return {
        "userId": user.id,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "lastKnownLocation": world.site.areas[user.area_id].name,
        "musteredAt": None,
        "markedSafeBy": marked_by,
    }


def _professional(request: Request) -> None:
    if request.faults.lite:
        raise RefusedError(403, "Not licensed.")


def _boards(_: Request) -> Reply:
    return Reply([_BOARD])


def _board(request: Request) -> Reply:
    return Reply(found({1: _BOARD}, request.ids[0]))


def _board_lines(request: Request) -> Reply:
    found({1: _BOARD}, request.ids[0])
    return Reply([{"id": line, "name": f"Line {line}"} for line in range(1, 5)])


def _board_relay(request: Request) -> Reply:
    found({1: _BOARD}, request.ids[0])
    if request.body.part("relayFunction") is None:
        raise BadRequestError("relayFunction is required")
    request.commands.append(Command("ControlIoBoardRelay"))
    return DONE


def _features(request: Request) -> Reply:
    professional = not request.faults.lite
    return Reply({"lockdown": professional, "rollCall": professional, "areas": professional})


def _properties(request: Request) -> Reply:
    return Reply({"timeZone": str(request.zone), "language": "en-GB"})


def _product(request: Request) -> Reply:
    return Reply("Lite" if request.faults.lite else "Professional")


def _version(_: Request) -> Reply:
    return Reply(VERSION)


def _version_history(_: Request) -> Reply:
    return Reply([{"version": "6.8"}, {"version": VERSION}])


def _versions(_: Request) -> Reply:
    return Reply(["v1"])


def _query(_: Request) -> Reply:
    raise RefusedError(403, "This operator may not query the database.")


_BOARD: Final[Json] = {"id": 1, "name": "I/O board"}

ROUTES: Final[Routes] = {
    ("GET", "/rollcallreports"): _reports,
    ("POST", "/rollcallreports"): _create_report,
    ("GET", "/rollcallreports/{}"): _report,
    ("GET", "/rollcallreports/{}/reportitems"): _items,
    ("GET", "/rollcallreports/{}/reportitems/{}"): _item,
    ("POST", "/rollcallreports/{}/reportitems/{}/safeupdates"): _mark_safe,
    ("DELETE", "/rollcallreports/{}/reportitems/{}/safeupdates/{}"): _mark_unsafe,
    ("GET", "/ioboards"): _boards,
    ("GET", "/ioboards/{}"): _board,
    ("GET", "/ioboards/{}/detail"): _board,
    ("GET", "/ioboards/{}/inputs"): _board_lines,
    ("GET", "/ioboards/{}/outputs"): _board_lines,
    ("POST", "/ioboards/{}/relays"): _board_relay,
    ("GET", "/serversettings/features"): _features,
    ("GET", "/serversettings/properties"): _properties,
    ("GET", "/serversettings/producttype"): _product,
    ("GET", "/serversettings/version"): _version,
    ("GET", "/serversettings/version/history"): _version_history,
    ("GET", "/versions"): _versions,
    ("GET", "/customquery/querydb"): _query,
}

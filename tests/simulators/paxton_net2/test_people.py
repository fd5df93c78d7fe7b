"""People, tokens, permissions, departments, access levels (sections 3.5, 3.6, 4.4 to 4.6)."""

import base64
from datetime import datetime, timedelta

import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import Api, Json

VISITOR: dict[str, Json] = {"firstName": "Vera", "lastName": "Visitor", "pin": "7777"}


async def test_people_are_listed_without_their_permissions(api: Api) -> None:
    users = (await api.get("/users")).json

    assert all("doorAccessPermissionSet" not in user for user in users)
    assert {"Ada", "Björn"} <= {user["firstName"] for user in users}


async def test_a_person_tells_all_of_themselves(api: Api) -> None:
    assert (await api.get("/users/8")).json == {
        "id": 8,
        "firstName": "Ada",
        "middleName": None,
        "lastName": "Example",
        "expiryDate": None,
        "activateDate": None,
        "pin": "4008",
        "telephone": None,
        "extension": None,
        "fax": None,
        "isAntiPassbackUser": True,
        "isAlarmUser": False,
        "isLockdownExempt": False,
        "hasImage": False,
        "customFields": [],
        "doorAccessPermissionSet": {"accessLevels": [1], "individualPermissions": []},
    }


async def test_a_visitor_is_created_let_in_and_turned_away_when_expired(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    expiry = (simulator.world.now() + timedelta(minutes=20)).isoformat()

    created = (await api.post("/users", {**VISITOR, "expiryDate": expiry})).json
    user_id = created["id"]
    assert not simulator.world.enter_pin(door_id, user_id)
    level = {"accessLevels": [3], "individualPermissions": []}
    assert (await api.put(f"/users/{user_id}/doorpermissionset", level)).status == 204

    assert simulator.world.enter_pin(door_id, user_id)
    simulator.clock.advance(1300)
    assert not simulator.world.enter_pin(door_id, user_id)
    assert datetime.fromisoformat(created["expiryDate"]).tzinfo is not None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"firstName": "Vera", "pin": "4008"},
        {"firstName": "Vera", "pin": "abc"},
        {"firstName": "Vera", "expiryDate": "soon"},
        {"firstName": "Vera", "customFields": "none"},
        {"firstName": "Vera", "doorAccessPermissionSet": {"accessLevels": [99]}},
    ],
)
async def test_a_person_that_makes_no_sense_is_refused(
    simulator: Net2Simulator, api: Api, body: Json
) -> None:
    before = len(simulator.world.users)

    assert (await api.post("/users", body)).status == 400
    assert len(simulator.world.users) == before


async def test_putting_a_person_replaces_all_of_them(simulator: Net2Simulator, api: Api) -> None:
    fields = [{"id": 9, "value": "vera@example.org"}]
    body = {**VISITOR, "expiryDate": "2030-01-05T23:59:00", "customFields": fields}
    user_id = (await api.post("/users", body)).json["id"]

    assert (await api.put(f"/users/{user_id}", VISITOR)).status == 204

    user = (await api.get(f"/users/{user_id}")).json
    assert (user["expiryDate"], user["customFields"], user["pin"]) == (None, [], "7777")


async def test_an_expiry_may_be_cut_to_midnight(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.cut_expiry = True

    user = (await api.post("/users", {**VISITOR, "expiryDate": "2030-07-05T23:59:00"})).json

    assert user["expiryDate"] == "2030-07-05T00:00:00.000+01:00"


async def test_people_are_deleted_one_or_several_at_a_time(api: Api) -> None:
    assert (await api.delete("/users/9")).status == 204
    assert (await api.delete("/users/9")).status == 404
    assert (await api.delete("/users?purge=true", [10, 11])).status == 204
    assert (await api.delete("/users", "10")).status == 400

    assert {user["id"] for user in (await api.get("/users")).json} == {1, 2, 8, 12}


async def test_operators(api: Api) -> None:
    assert (await api.get("/operators")).json[1] == {
        "userID": 2,
        "firstName": "Home",
        "surname": "Assistant",
        "displayName": "Home Assistant",
    }


async def test_tokens_are_issued_blocked_and_taken_back(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    new = {"tokenType": "ProxCard", "tokenValue": "55550000", "isLost": False}

    created = await api.post("/users/8/tokens", new)
    assert (created.status, created.json) == (201, {"id": 1, **new})
    assert (await api.get("/users/8/tokens")).json == [
        {"id": 0, "tokenType": "Keyfob", "tokenValue": "12345678", "isLost": False},
        created.json,
    ]
    assert (await api.put("/users/8/tokens/1", {**new, "isLost": True})).status == 204
    assert not simulator.world.swipe(door_id, 8)
    assert (await api.delete("/users/8/tokens/1")).status == 204
    assert (await api.delete("/users/8/tokens/1")).status == 404
    assert simulator.world.swipe(door_id, 8)
    assert (await api.get("/users/8/tokens/0")).json["id"] == 0


@pytest.mark.parametrize("key", ["tokenValue", "tokenNumber"])
async def test_a_card_is_issued_once(api: Api, key: str) -> None:
    answer = await api.post("/users/9/tokens", {"tokenType": "ProxCard", key: "12345678"})

    assert answer.status == 400
    assert answer.json == {"message": ": Card 12345678 has already been issued."}


async def test_token_types(api: Api) -> None:
    assert "Keyfob" in (await api.get("/users/token/types")).json
    wrong = {"tokenType": "Thought", "tokenValue": "1"}
    assert (await api.post("/users/8/tokens", wrong)).status == 400


async def test_permissions_are_replaced_as_a_whole(api: Api) -> None:
    both = {"accessLevels": [1, 3], "individualPermissions": [{"id": 2, "timezoneId": 1}]}
    assert (await api.put("/users/8/doorpermissionset", both)).status == 204
    assert (await api.get("/users/8/doorpermissionset")).json == both

    assert (await api.put("/users/8/doorpermissionset", {"accessLevels": [3]})).status == 204
    assert (await api.get("/users/8/doorpermissionset")).json == {
        "accessLevels": [3],
        "individualPermissions": [],
    }
    wrong = {"accessLevels": [99]}
    assert (await api.put("/users/8/doorpermissionset", wrong)).status == 400


async def test_lite_knows_one_level_and_no_lockdown_or_roll_call(
    simulator: Net2Simulator, api: Api
) -> None:
    simulator.faults.lite = True

    levels = {"accessLevels": [1, 3]}
    assert (await api.put("/users/8/doorpermissionset", levels)).status == 400
    assert (await api.post("/commands/controlLockdown", {"lockdown": True})).status == 403
    assert (await api.get("/rollcallreports")).status == 403
    assert (await api.get("/serversettings/productType")).json == "Lite"


async def test_a_picture_is_kept_as_it_is(api: Api) -> None:
    picture = {"base64Data": base64.b64encode(b"a JPEG").decode()}
    assert (await api.get("/users/8/image")).status == 404
    assert (await api.put("/users/8/image", picture)).status == 204

    answer = await api.get("/users/8/image")
    assert (answer.text, answer.headers["Content-Type"]) == ("a JPEG", "image/jpeg")
    assert (await api.get("/users/8")).json["hasImage"] is True
    assert (await api.delete("/users/8/image")).status == 204
    assert (await api.get("/users/8/image")).status == 404


async def test_a_picture_may_be_too_large_or_no_picture(api: Api) -> None:
    large = {"base64Data": base64.b64encode(b"x" * 3_670_017).decode()}
    answer = await api.put("/users/8/image", large)

    assert answer.status == 413
    assert answer.text.startswith("<html>")
    assert (await api.put("/users/8/image", {"base64Data": "?"})).status == 400


async def test_custom_fields_have_names(api: Api) -> None:
    names = (await api.get("/users/customfieldnames")).json

    assert names[8] == {"id": 9, "name": "Email", "type": "Text", "maxLength": 50}
    assert (await api.get("/users/customfieldnames/9")).json == names[8]
    assert (await api.get("/users/customfieldnames/99")).status == 404


async def test_departments(api: Api) -> None:
    created = (await api.post("/departments", {"name": "Visitors"})).json
    path = f"/departments/{created['id']}"

    assert (await api.put("/users/8/departments", created)).status == 204
    assert (await api.put(path, {"name": "Guests"})).status == 204
    renamed = {**created, "name": "Guests"}
    assert (await api.get("/users/8/departments")).json == [renamed]
    assert (await api.get(path)).json == renamed
    assert renamed in (await api.get("/departments")).json
    assert [user["id"] for user in (await api.get(f"{path}/users")).json] == [8]
    assert (await api.delete(path)).status == 204
    assert (await api.get("/users/8/departments")).json == []
    assert 8 in [user["id"] for user in (await api.get("/departments/root/users")).json]
    assert (await api.put("/users/8/departments", {"id": 99})).status == 400
    assert (await api.delete("/users/9/departments")).status == 204


async def test_access_levels_say_where_and_when(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    rows = [{"areaID": 1, "timezoneID": 1}]
    level = (await api.post("/accesslevels", {"name": "Foyer", "detailRows": rows})).json
    path = f"/accesslevels/{level['id']}"
    await api.put("/users/8/doorpermissionset", {"accessLevels": [level["id"]]})

    assert (await api.get(path)).json == level
    assert (await api.get(f"{path}/detail")).json == rows
    assert simulator.world.swipe(door_id, 8)
    assert (await api.put(path, {"name": "Nowhere", "detailRows": []})).status == 204
    assert not simulator.world.swipe(door_id, 8)
    assert (await api.delete(path)).status == 204
    assert (await api.get("/users/8/doorpermissionset")).json["accessLevels"] == []
    assert {"id": 0, "name": "No access"} in (await api.get("/accesslevels")).json
    assert (await api.delete("/accesslevels/0")).status == 400
    wrong = {"name": "x", "detailRows": [{"areaID": 99, "timezoneID": 1}]}
    assert (await api.post("/accesslevels", wrong)).status == 400


async def test_areas(api: Api) -> None:
    assert (await api.get("/accesslevels/areas")).json[0] == {"areaID": 0, "name": "Outside"}
    assert (await api.get("/areagroups")).json == [(await api.get("/areagroups/0")).json]


async def test_time_zones_are_weekly_schedules(api: Api) -> None:
    rows = [{"dayID": day, "startTime": "09:00:00", "endTime": "17:00:00"} for day in (1, 2)]
    zone = (await api.post("/timezones", {"name": "Short days", "detailRows": rows})).json
    path = f"/timezones/{zone['id']}"

    assert {"id": 1, "name": "All day, every day"} in (await api.get("/timezones")).json
    assert (await api.get(path)).json == zone
    assert (await api.get(f"{path}/detail")).json == rows
    assert (await api.put(path, {"name": "Always"})).status == 204
    assert len((await api.get(f"{path}/detail")).json) == 7
    assert (await api.delete(path)).status == 204
    assert (await api.delete("/timezones/1")).status == 400
    assert len((await api.get("/timezones/days")).json) == 7
    assert (await api.get("/timezones/days/0")).json == {"id": 0, "name": "Monday"}
    wrong = {"name": "x", "detailRows": [{"dayID": 1, "startTime": "noon", "endTime": "17:00"}]}
    assert (await api.post("/timezones", wrong)).status == 400

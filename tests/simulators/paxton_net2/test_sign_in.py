"""Signing in (section 2)."""

import re

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator
from simulators.paxton_net2.sign_in import MFA_CODE

from .support import Api


async def test_an_operator_is_given_tokens(stranger: Api) -> None:
    answer = await stranger.sign_in()

    assert answer.status == 200
    assert answer.json.keys() == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "expiry_datetime",
    }
    assert answer.json["token_type"] == "bearer"
    assert answer.json["expires_in"] == 1800
    assert re.fullmatch(r"[0-9a-f]{32}", answer.json["refresh_token"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", answer.json["expiry_datetime"])
    assert (await stranger.get("/doors")).status == 200


async def test_a_refresh_token_comes_only_when_asked_for(stranger: Api) -> None:
    answer = await stranger.sign_in(scope="")

    assert "refresh_token" not in answer.json


async def test_json_is_taken_as_well_as_a_form(simulator: Net2Simulator, stranger: Api) -> None:
    answer = await stranger.post(
        "/authorization/tokens",
        {
            "username": simulator.username,
            "password": simulator.password,
            "grant_type": "password",
            "client_id": simulator.client_id,
        },
    )

    assert answer.status == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 400, "invalid_client"),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type"),
        ({"password": "wrong"}, 401, "invalid_grant"),
        ({"username": "Home  Assistant"}, 401, "invalid_grant"),
        ({"username": "Ada Example"}, 401, "invalid_grant"),
    ],
)
async def test_a_sign_in_is_refused(
    stranger: Api, changes: dict[str, str], status: int, error: str
) -> None:
    answer = await stranger.sign_in(**changes)

    assert (answer.status, answer.json["error"]) == (status, error)


async def test_a_licence_may_ask_for_a_secret(simulator: Net2Simulator, stranger: Api) -> None:
    simulator.authority.client_secret = "of the licence"

    assert (await stranger.sign_in()).status == 400
    assert (await stranger.sign_in(client_secret="of the licence")).status == 200


@pytest.mark.parametrize("authorization", ["", "bearer nonsense", "basic abc"])
async def test_nothing_is_told_without_a_token(stranger: Api, authorization: str) -> None:
    answer = await stranger.request(
        "GET", "/api/v1/doors", headers={"Authorization": authorization}
    )

    assert answer.status == 401
    assert answer.json == {"message": "Authorization has been denied for this request."}


async def test_the_scheme_is_taken_in_any_case(api: Api) -> None:
    answer = await api.request(
        "GET", "/api/v1/doors", headers={"Authorization": f"BEARER {api.token}"}
    )

    assert answer.status == 200


async def test_an_access_token_dies_after_half_an_hour(simulator: Net2Simulator, api: Api) -> None:
    simulator.clock.advance(1790)
    assert (await api.get("/doors")).status == 200
    simulator.clock.advance(20)
    assert (await api.get("/doors")).status == 401


async def test_a_refresh_token_is_good_for_two_hours_and_for_one_use(
    simulator: Net2Simulator, stranger: Api
) -> None:
    first = (await stranger.sign_in()).json["refresh_token"]
    simulator.clock.advance(7100)
    second = await stranger.refresh(first)
    again = await stranger.refresh(first)
    simulator.clock.advance(7300)
    late = await stranger.refresh(second.json["refresh_token"])

    assert second.status == 200
    assert (again.status, again.json) == (400, {"error": "invalid_grant"})
    assert (late.status, late.json) == (400, {"error": "invalid_grant"})


async def test_a_server_may_keep_its_refresh_token(simulator: Net2Simulator, stranger: Api) -> None:
    simulator.faults.refresh_without_new_token = True
    token = (await stranger.sign_in()).json["refresh_token"]

    for _ in range(2):
        answer = await stranger.refresh(token)
        assert answer.status == 200
        assert "refresh_token" not in answer.json


async def test_a_refresh_can_be_refused(simulator: Net2Simulator, stranger: Api) -> None:
    token = (await stranger.sign_in()).json["refresh_token"]
    simulator.faults.refuse_refresh = True

    assert (await stranger.refresh(token)).status == 400


async def test_signing_out_voids_the_refresh_token(stranger: Api) -> None:
    token = (await stranger.sign_in()).json["refresh_token"]

    assert (await stranger.delete("/authorization/tokens", {"refreshToken": token})).status == 204
    assert (await stranger.refresh(token)).status == 400


async def test_an_operator_can_lose_the_right_to_sign_in(
    simulator: Net2Simulator, api: Api
) -> None:
    simulator.revoke_operator()

    assert (await api.get("/doors")).status == 401
    assert (await api.sign_in()).status == 401


async def test_the_second_factor_is_asked_for(simulator: Net2Simulator, stranger: Api) -> None:
    simulator.faults.mfa_required = True
    refused = await stranger.sign_in()
    challenge = refused.json["challengeToken"]
    final = {
        "grant_type": "mfa_2fa",
        "challengeToken": challenge,
        "client_id": simulator.client_id,
    }

    assert (refused.status, refused.json["error"]) == (400, "mfa_required")
    asked = {"challengeToken": challenge, "challengeType": "email"}
    assert (await stranger.post("/authorization/mfa-request", asked)).status == 204
    wrong = {"challengeToken": challenge, "code": "000000"}
    assert (await stranger.post("/authorization/mfa-challenge", wrong)).status == 400
    right = {"challengeToken": challenge, "code": MFA_CODE}
    assert (await stranger.post("/authorization/mfa-challenge", right)).status == 204
    assert (await stranger.tokens(**final)).status == 200
    assert (await stranger.tokens(**final)).status == 400


@pytest.mark.parametrize("retry_after", [None, "1"])
async def test_requests_for_tokens_are_limited(
    simulator: Net2Simulator, stranger: Api, retry_after: str | None
) -> None:
    simulator.faults.rate_limit = True
    simulator.faults.retry_after = retry_after

    assert (await stranger.sign_in()).status == 200
    refused = await stranger.sign_in()
    assert refused.status == 429
    assert refused.headers["Content-Type"].startswith("text/html")
    assert refused.headers.get("Retry-After") == retry_after
    simulator.clock.advance(0.5)
    assert (await stranger.sign_in()).status == 200


async def test_the_certificate_is_its_own_and_stays_until_renewed(
    simulator: Net2Simulator, api: Api
) -> None:
    before = simulator.fingerprint
    await simulator.restart()
    assert (await api.sign_in()).status == 200

    simulator.renew_certificate()
    await simulator.restart()

    assert simulator.fingerprint != before
    with pytest.raises(aiohttp.ServerFingerprintMismatch):
        await api.sign_in()

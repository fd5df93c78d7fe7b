"""A building's lights, by hand: set up, dimmed until that ends, and seen to be in use."""

from collections.abc import Mapping
from datetime import datetime
import re
from typing import Any, cast

from playwright.async_api import Locator, expect
import pytest

from script.lib.demo import enlighted_manage
from script.lib.demo.api import HomeAssistantApi, Json
from script.lib.demo.dashboard import PATH
from script.lib.demo.devices import read_devices
from script.lib.demo.simulators import Simulator
from tests.e2e.pages import Pages
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST_FLOOR = "First Floor"
AREA = "Open Office"
MINUTE = 60


async def truth(building: Simulator) -> Mapping[str, Any]:
    """Return how the building is."""
    return cast(Mapping[str, Any], await building.look("state"))


async def area_of(building: Simulator) -> Mapping[str, Any]:
    """Return the area on the first floor, as the manager knows it."""
    floor = next(each for each in (await truth(building))["floors"] if each["name"] == FIRST_FLOOR)
    found: Mapping[str, Any] = next(each for each in floor["areas"] if each["name"] == AREA)
    return found


async def overridden(building: Simulator) -> list[int]:
    """Return the levels of the fixtures that were told one."""
    fixtures = (await truth(building))["fixtures"]
    return [each["level"] for each in fixtures if each["override_until"]]


async def turn_clock(building: Simulator, seconds: float) -> None:
    """Let time pass at the manager's."""
    await building.do("clock", advance=seconds)


def section(pages: Pages) -> Locator:
    """Find the part of the page that is about the first floor."""
    return pages.page.locator("hui-grid-section").filter(has_text=FIRST_FLOOR).first


def tile(pages: Pages, text: str | re.Pattern[str], place: int) -> Locator:
    """Find the tile of an area by its place among the areas, which go by their names."""
    return section(pages).locator("hui-tile-card").filter(has_text=text).nth(place)


async def read_anew(pages: Pages) -> None:
    """Have everything read now, as somebody does who does not want to wait."""
    await pages.page.locator("hui-tile-card").filter(has_text="Read anew").click()


async def test_a_manager_is_set_up_and_its_floors_are_chosen(
    pages: Pages, manager: Simulator, api: HomeAssistantApi
) -> None:
    ready = manager.ready
    await pages.find_gatehouse()
    await pages.dialog.get_by_text("Enlighted Manage", exact=True).click()
    await pages.field("Server").fill(str(ready["host"]))
    await pages.field("Port").fill(str(ready["port"]))
    await pages.field("User").fill(str(ready["username"]))
    await pages.field("API key").fill(str(ready["api_key"]))
    await pages.picture("70-form")
    await pages.submit()

    await expect(pages.dialog.get_by_text(re.compile("SHA-256", re.IGNORECASE))).to_be_visible()
    await pages.picture("71-certificate")
    await pages.submit()

    await expect(pages.dialog.get_by_text(f"Main: {FIRST_FLOOR}", exact=True)).to_be_visible()
    await pages.picture("72-floors")
    await pages.submit()

    await expect(pages.dialog.get_by_role("button", name=re.compile("inish"))).to_be_visible()
    await pages.picture("73-finished")
    await pages.dialog.get_by_role("button", name=re.compile("inish")).click()
    devices = await eventually(
        lambda: read_devices(api, "enlighted_manage"), lambda found: len(found) > 50
    )
    assert {FIRST_FLOOR, "Second Floor", AREA} <= {each.name for each in devices}


async def test_an_area_is_dimmed_and_comes_back_when_that_ends(
    pages: Pages, building: Simulator
) -> None:
    await pages.open(f"/{PATH}/lights")
    # Areas go by their names: Kitchen, Lobby, Meeting Room, Open Office.
    lights, control = tile(pages, "Lights", 3), tile(pages, "Control", 3)
    await expect(control).to_contain_text("Auto")
    await pages.picture("74-auto")

    slider = lights.locator("ha-control-slider")
    await slider.scroll_into_view_if_needed()
    box = await slider.bounding_box()
    assert box
    await slider.click(position={"x": box["width"] * 0.4, "y": box["height"] / 2})

    await expect(control).to_contain_text("Manual")
    levels = await eventually(lambda: overridden(building), bool)
    assert len(set(levels)) == 1
    assert 36 <= levels[0] <= 44
    await expect(lights).to_contain_text(f"{levels[0]}%")
    await expect(section(pages)).to_contain_text("Override until")
    await pages.picture("75-dimmed")

    # Just before its end it still holds, and then the profile is in charge again.
    await turn_clock(building, 59 * MINUTE)
    await read_anew(pages)
    await expect(control).to_contain_text("Manual")
    await turn_clock(building, 2 * MINUTE)
    await read_anew(pages)
    await expect(control).to_contain_text("Auto")
    # How bright it is now its sensors tell, five minutes at a time.
    await turn_clock(building, 10 * MINUTE)
    await read_anew(pages)
    await expect(lights).to_contain_text("Off")
    assert await overridden(building) == []
    await pages.picture("76-auto-again")
    commands = cast(list[Json], await building.look("commands"))
    assert [each["name"] for each in commands] == ["dim"]


async def test_occupancy_follows_somebody_who_walks_through(
    pages: Pages, building: Simulator
) -> None:
    area = await area_of(building)
    await pages.open(f"/{PATH}/lights")
    heading = section(pages).locator("hui-heading-card").filter(has_text=AREA)
    await expect(heading).to_contain_text("Clear")

    await building.do("enter", area=area["id"])
    # Twice a minute it is asked who is where.
    await expect(heading).to_contain_text("Detected", timeout=40_000)
    await expect(section(pages)).to_contain_text("Occupied")
    await pages.picture("77-occupied")

    await building.do("leave", area=area["id"])
    await turn_clock(building, 95)
    await expect(heading).to_contain_text("Clear", timeout=40_000)
    await pages.picture("78-vacant")
    assert (await truth(building))["mistakes"] == []


async def test_the_energy_dashboard_shows_the_building(
    pages: Pages, building: Simulator, api: HomeAssistantApi
) -> None:
    devices = await read_devices(api, "enlighted_manage")
    await api.command("energy/save_prefs", **enlighted_manage.energy(devices))
    [manager] = [each for each in devices if each.is_hub]
    sensor = manager.entities["energy_lighting"]

    async def yesterday() -> list[Mapping[str, float]]:
        """Return what the statistics say, which come out of the manager's history."""
        now = datetime.now().astimezone()
        start = now.replace(hour=0, minute=0, second=0).timestamp() - 24 * 60 * MINUTE
        answer = await api.command(
            "recorder/statistics_during_period",
            start_time=datetime.fromtimestamp(start, now.tzinfo).isoformat(),
            statistic_ids=[sensor],
            period="hour",
            types=["change"],
        )
        return cast(list[Mapping[str, float]], cast(Json, answer).get(sensor, []))

    rows = await eventually(yesterday, lambda found: len(found) >= 24)
    assert min(row["change"] for row in rows) >= 0
    assert sum(row["change"] for row in rows) > 1

    await pages.open("/energy?historyBack=1")
    graph = pages.page.locator("hui-energy-usage-graph-card").first
    await expect(graph).to_be_visible()
    await expect(pages.page.locator("hui-energy-sources-table-card")).to_contain_text("kWh")
    await pages.picture("79-energy")

"""The live stream, against the simulator."""

from custom_components.gatehouse.systems.paxton_net2.client import *
from .support import *


async def test_smoke(client, simulator, stream, listener):
    print(await client.get_doors())
    print(await client.get_door_statuses())
    door = next(iter(simulator.world.doors))
    async with connected(stream, listener) as c:
        print(c)
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent, 2)
        await listener.wait_for(DoorStatusUpdate)
        await client.open_door(door)
        simulator.clock.advance(60)
        for m in listener:
            print(m)
        for e in await client.get_events():
            print(e)
    print(simulator.requests, simulator.commands, client.clock.skew)

"""The simulated Net2 server against the protocol notes, spoken to with plain aiohttp."""

"""Events: what happened, when, where and by whom, and the two shapes they are told in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from .wire import Json, local, naive

#: Codes from here on are system events, which the live stream leaves out (section 6).
FIRST_SYSTEM_CODE: Final = 500

TOKEN, PIN, VEHICLE, CODE = range(4)

#: English and German, since a client must never match on them.
DESCRIPTIONS: Final[Mapping[int, tuple[str, str]]] = {
    16: ("Access denied", "Zutritt verweigert"),
    20: ("Access permitted - token only", "Zutritt gewährt - nur Transponder"),
    23: ("Access denied - invalid token", "Zutritt verweigert - ungültiger Transponder"),
    24: ("Access denied - invalid PIN", "Zutritt verweigert - ungültige PIN"),
    26: ("Access permitted - PIN only", "Zutritt gewährt - nur PIN"),
    28: ("Door opened", "Tür geöffnet"),
    29: ("Door closed", "Tür verriegelt"),
    33: ("Anti-passback cleared", "Zutrittswiederholsperre aufgehoben"),
    46: ("Door contact opened", "Türkontakt offen"),
    47: ("Door contact closed", "Türkontakt geschlossen"),
    52: ("Door bell pressed", "Türklingel betätigt"),
    67: ("Relay 2 opened", "Relais 2 geöffnet"),
    68: ("Relay 2 closed", "Relais 2 geschlossen"),
    90: ("Tamper", "Sabotage"),
    91: ("Mains failed", "Netzausfall"),
    92: ("Door forced", "Tür aufgebrochen"),
    93: ("Door left open", "Tür zu lange offen"),
    95: ("Duress code used", "Bedrohungscode verwendet"),
    96: ("Keypad hacker", "Codemanipulation"),
    102: ("Mains restored", "Netz wiederhergestellt"),
    103: ("Tamper restored", "Sabotage behoben"),
    112: ("Access denied - lockdown in progress", "Zutritt verweigert - Sperrung aktiv"),
    120: ("Door lockdown activated", "Türsperrung aktiviert"),
    121: ("Door lockdown reset", "Türsperrung aufgehoben"),
    300: ("Lockdown activated", "Sperrung aktiviert"),
    301: ("Lockdown reset", "Sperrung aufgehoben"),
    500: ("ACU not responding", "Zentrale antwortet nicht"),
    501: ("ACU online", "Zentrale online"),
    551: ("Alarm actioned", "Alarm bearbeitet"),
    580: ("Request door open", "Türöffnung angefordert"),
    590: ("Lockdown activated by user", "Sperrung durch Benutzer aktiviert"),
    591: ("Lockdown reset by user", "Sperrung durch Benutzer aufgehoben"),
    722: ("Low battery", "Batterie schwach"),
    723: ("Critically low battery", "Batterie kritisch"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `device_name` ends with the reader's direction on doors with two."""

    id: int
    time: datetime
    code: int
    sub_code: int = 0
    door_id: int | None = None
    device_name: str | None = None
    user_id: int = 0
    first_name: str | None = None
    surname: str | None = None
    credential: int = TOKEN
    card_number: int | None = None
    details: str | None = None
    priority: int = 15

    @property
    def is_system(self) -> bool:
        """Whether the live stream leaves it out."""
        return self.code >= FIRST_SYSTEM_CODE

    def description(self, *, german: bool = False) -> str:
        """Return what the server calls it, in the server's language."""
        return DESCRIPTIONS.get(self.code, ("Event", "Ereignis"))[german]

    def rest(self, zone: tzinfo, *, german: bool = False) -> dict[str, Json]:
        """Return it as `GET /events` tells it (section 4.3)."""
        return {
            "eventTime": local(self.time, zone),
            "id": self.id,
            "deviceName": self.device_name,
            "cardNo": self.card_number,
            "eventType": self.code,
            "eventDescription": self.description(german=german),
            "eventSubType": self.sub_code,
            "eventDetails": self.details,
            "linkedEvent": None,
            "firstName": self.first_name,
            "middleName": None,
            "surname": self.surname,
            "userID": self.user_id,
            "priority": self.priority,
            "address": self.door_id,
            "peripheralID": None,
            "ioBoardID": None,
            "doorGroupID": 0,
            "deviceDeleted": False,
        }

    def live(self, zone: tzinfo) -> dict[str, Json]:
        """Return it as the live stream tells it, without an id (section 5.7)."""
        return {
            "eventTime": naive(self.time, zone),
            "eventType": self.code,
            "eventSubType": self.sub_code,
            "tokenType": self.credential,
            "tokenNumber": self.card_number,
            "userId": self.user_id,
            "userName": f"{self.surname} {self.first_name}" if self.user_id else None,
            "deviceId": self.door_id,
            "areaName": self.device_name,
            "details": self.details,
            "notificationType": "EventsReportEvent",
        }

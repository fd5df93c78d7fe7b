"""What signs a request: the two schemes of section 2."""

from collections.abc import Mapping
import hashlib

from .settings import AuthScheme


def signature(username: str, api_key: str, milliseconds: int) -> str:
    """Return the hash of the older scheme: user, key and time, with nothing between (2.2)."""
    text = f"{username}{api_key}{milliseconds}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def signed(scheme: AuthScheme, username: str, api_key: str, milliseconds: int) -> Mapping[str, str]:
    """Return the headers of one request.

    Args:
        scheme: Which of the two.
        username: The user's name. In the older scheme it stands in `ApiKey` (gotcha 1).
        api_key: The key. The older scheme never sends it.
        milliseconds: The manager's time since the epoch.
    """
    user = _header(username)
    if scheme is AuthScheme.V4_5:
        return {"UserId": user, "Authorization": f"apikey {_header(api_key)}"}
    return {
        "ApiKey": user,
        "Authorization": signature(username, api_key, milliseconds),
        "ts": str(milliseconds),
    }


def _header(text: str) -> str:
    """Return a header's value; a name or key that could end the header is none of anybody's."""
    if not text.isprintable():
        raise ValueError
    return text

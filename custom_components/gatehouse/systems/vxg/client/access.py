"""Which secret opens what: a licence key or a group's token stands above channel tokens."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from .credential import Credential, CredentialKind
from .errors import VxgAuthError, VxgForbiddenError, VxgNotFoundError
from .parse import Json, JsonObject, as_integer, as_object, as_text
from .rest import CloudRest

V2: Final = "/api/v2"
V3: Final = "/api/v3"
V4: Final = "/api/v4"
V5: Final = "/api/v5"


class CloudAccess:
    """Sends what concerns one camera with what opens that camera."""

    def __init__(self, rest: CloudRest, credential: Credential) -> None:
        """Prepare; nothing is sent."""
        self.rest = rest
        self.credential = credential
        self.kind = credential.kind
        #: The channel tokens that the licence or the group brings, by camera.
        self._tokens: dict[int, str] = {}
        if credential.camera_id is not None:
            self._tokens[credential.camera_id] = credential.secret
        #: Whether there is a v4 at all; an old server lacks it (section 7.24).
        self._has_v4: bool | None = None

    @property
    def header(self) -> str:
        """The header of the credential itself."""
        return self.credential.header

    @property
    def has_tokens(self) -> bool:
        """Whether any channel token is known."""
        return bool(self._tokens)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> JsonObject:
        """Read something that is about no single camera."""
        return await self.rest.get(self.header, path, params)

    async def send(
        self,
        camera_id: int,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        limit: float = 15.0,
    ) -> JsonObject:
        """Send what concerns one camera."""
        return await self._try(
            camera_id,
            path,
            lambda header: self.rest.request(
                method, header, path, params=params, body=body, limit=limit
            ),
        )

    async def get_all(
        self,
        camera_id: int,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        most: int | None = None,
    ) -> list[Json]:
        """Read a list that concerns one camera."""
        return await self._try(
            camera_id, path, lambda header: self.rest.get_all(header, path, params, most=most)
        )

    async def _try[T](self, camera_id: int, path: str, send: Callable[[str], Awaitable[T]]) -> T:
        """Send something with what opens a camera.

        A refused token may just have been replaced (section 2.6): the tokens are read again,
        once. What was refused did not run, so that sending it again sends nothing twice.
        """
        header = await self._header(camera_id, path)
        try:
            return await send(header)
        except VxgAuthError:
            if header == self.header:
                raise
            await self.read_tokens()
            renewed = await self._header(camera_id, path)
            if renewed == header:
                raise
        return await send(renewed)

    async def has_v4(self, camera_id: int) -> bool:
        """Tell whether the calls of v4 are there, by one cheap one (section 7.24)."""
        if self._has_v4 is None:
            try:
                await self.send(camera_id, "GET", f"{V4}/channel/")
            except VxgNotFoundError:
                if self._tokens and camera_id not in self._tokens:
                    # Only this camera is gone: nothing was asked.
                    return False
                self._has_v4 = False
            except VxgForbiddenError:
                self._has_v4 = True
            else:
                self._has_v4 = True
        return self._has_v4

    async def _header(self, camera_id: int, path: str) -> str:
        """Return what opens a camera: a licence key opens all of v2 by itself."""
        if self.kind is CredentialKind.LICENCE and path.startswith(V2):
            return self.header
        if self.kind is not CredentialKind.CHANNEL and camera_id not in self._tokens:
            await self.read_tokens()
        token = self._tokens.get(camera_id)
        if token is None:
            raise VxgNotFoundError("There is no token for this camera")
        return f"{CredentialKind.CHANNEL} {token}"

    async def read_tokens(self) -> list[Json]:
        """Read the channel tokens anew; return the channels as they came.

        A server may lack the family that brings them: then there are none.
        """
        if self.kind is CredentialKind.CHANNEL:
            return []
        is_group = self.kind is CredentialKind.GROUP
        path = f"{V5 if is_group else V3}/channels/"
        try:
            channels = await self.rest.get_all(
                self.header, path, {"include_meta": "true", "meta_not": "isstorage"}
            )
        except VxgNotFoundError:
            return []
        for item in channels:
            fields = as_object(item)
            number = as_integer(fields.get("id"))
            tokens = as_object(fields.get("access_tokens"))
            token = as_text(fields.get("token")) or as_text(
                tokens.get("all") or tokens.get("watch")
            )
            if number is not None and token is not None:
                self._tokens[number] = token
        return channels

    def is_full(self, camera_id: int) -> bool:
        """Tell whether more than looking is allowed at a camera, as far as its token says."""
        if self.kind is CredentialKind.LICENCE:
            return True
        token = self._tokens.get(camera_id)
        return Credential.read(token).is_full if token else self.credential.is_full

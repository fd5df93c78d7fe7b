"""What can be made to go wrong with a simulated cloud, and which of its variants it is."""

from dataclasses import dataclass, field

from simulators.kit.faults import Faults


@dataclass(slots=True)
class VxgFaults(Faults):
    """Switches; section numbers are of the protocol notes that the project keeps."""

    #: An on-premises server without v4 to v6 (7.24).
    old_server: bool = False
    #: v5 answers without names (10.14).
    nameless_channels: bool = False
    #: Whether `SI` may read the v2 lists, and one camera (2.1, 10.6).
    group_reads_v2: bool = True
    #: Whether `LKey` may ask for events without naming a camera (6.3.4).
    key_reads_all_events: bool = True
    #: Whether a `watch` token may read events (2.5 says nothing of it).
    watch_reads_events: bool = True
    #: Whether a `watch` token gets a live image (10.17).
    watch_gets_images: bool = False
    #: Seconds that a stream takes to start: its playlist is 404 until then (5.2.3).
    warm_up: float = 3.0
    #: How many live calls are answered with 503 while the camera starts (10.4).
    busy_starts: int = 0
    #: Seconds that media URLs are good for to start (4.3).
    hls_life: float = 3600.0
    #: Seconds that a playing HLS ticket outlives its `expire_hls` (4.3).
    hls_grace: float = 900.0
    rtsp_life: float = 300.0
    webrtc_life: float = 21600.0
    #: Seconds that recordings, images and thumbnails can be fetched.
    file_life: float = 3600.0
    #: Keys that the live answer lacks (4.3).
    missing_live_keys: list[str] = field(default_factory=list)
    #: The older signalling beside or instead of `webrtc` (5.4).
    old_signalling: bool = False
    #: 403 or 404: what an expired ticket gets.
    expired_status: int = 403
    #: Seconds that an event's picture comes after the event (4.6).
    thumb_delay: float = 2.0
    #: How often a clip is `pending` before it is `done`, and whether it becomes `error` (10.2).
    clip_polls: int = 2
    clips_fail: bool = False
    #: How often a task over images or a memory card is polled before it is done.
    task_polls: int = 2
    #: Seconds that the preview is old (7.7).
    preview_age: float = 20.0
    #: What a write to an offline camera gets: 503, or nothing for so many seconds (10.17).
    offline_hangs: float = 0.0
    #: Whether a body that gives `caps` back is refused (10.17).
    refuse_caps: bool = True
    #: Whether actions answer with an empty body (10.17).
    empty_actions: bool = True
    #: Whether `by_event` reads back as `server_by_event` (7.10).
    server_by_event: bool = False
    #: Whether the plan has ended: lists are empty and nothing says why (7.12).
    plan_expired: bool = False
    #: Whether a path without its slash at the end is redirected instead of served (10.5).
    redirect_slash: bool = False
    #: Whether records lack their ids (4.4).
    recordless_ids: bool = False
    #: Whether meta values that count are numbers, not text (4.6).
    numeric_meta: bool = False

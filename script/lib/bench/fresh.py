"""Processes of their own: nothing that ran before weighs on what is measured."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from functools import partial
import logging
from multiprocessing import get_context
from typing import Any

from homeassistant.runner import create_event_loop


async def in_fresh_process[**P, T](
    function: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a module's coroutine function in a new process, on Home Assistant's event loop."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return await asyncio.wrap_future(process.submit(_run, partial(function, *args, **kwargs)))


def _run[T](function: Callable[[], Coroutine[Any, Any, T]]) -> T:
    # That Gatehouse is a custom integration is no news here.
    logging.basicConfig(level=logging.ERROR)
    with asyncio.Runner(loop_factory=create_event_loop) as runner:
        return runner.run(function())

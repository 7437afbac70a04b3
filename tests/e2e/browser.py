"""Headless Chromium with a fake camera fed from a file."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--mute-audio",
)
GUEST_HOST = "emrs.test"
"""A name that is no loopback name; the browsers here resolve it to this machine. Without https it gets no camera."""
DESKTOP = (1280, 900)


def executable() -> str | None:
    """The installed browser's path, or None."""
    return next((path for name in CANDIDATES if (path := shutil.which(name))), None)


def launch(playwright: Playwright, clip: Path | None, *, camera: str = "granted") -> Browser:
    """A browser whose camera plays ``clip`` (joined JPEGs, 30 a second, in a loop); without one it has no camera.

    ``camera="blocked"``: there is a camera (a test pattern), and every page is refused it.
    """
    arguments = [*QUIET_ARGUMENTS, f"--host-resolver-rules=MAP {GUEST_HOST} 127.0.0.1"]
    refused = camera == "blocked"
    arguments.append(f"--use-fake-ui-for-media-stream{'=deny' if refused else ''}")
    if refused:
        arguments.append("--use-fake-device-for-media-stream")
    if clip is not None:
        arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={clip}"]
    return playwright.chromium.launch(
        executable_path=executable(), headless=True, chromium_sandbox=False, args=arguments
    )


def visitor(
    browser: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    dark: bool = False,
    permissions: tuple[str, ...] = ("camera",),
) -> BrowserContext:
    """A visitor without any history: own cookies, own storage."""
    return browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        permissions=list(permissions),
        color_scheme="dark" if dark else "light",
        locale="en-GB",
    )

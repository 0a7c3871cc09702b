"""Where Chromium and its driver are, for the tests marked `browser`."""

from __future__ import annotations

import shutil

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> tuple[str, str] | None:
    """The paths of a browser and of chromedriver; None where one of them is not installed."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None

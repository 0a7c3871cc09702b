"""Headless Chromium with a page in it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.chromium import find_chromium

FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Browser:
    """Opens pages from files and says what they did."""

    def __init__(self, driver: Chrome, directory: Path) -> None:
        self.driver = driver
        self._directory = directory

    def open(self, page: str) -> None:
        """Opens a page in a wide window of the light theme."""
        path = self._directory / "page.html"
        path.write_text(page, encoding="utf-8")
        self._forget()
        self.run_scripts(True)
        self.emulate(theme="light")
        self.resize(1280, 900)
        self.driver.get(path.as_uri())

    def emulate(self, *, theme: str, medium: str = "") -> None:
        """`theme` is light or dark, `medium` is print or empty for the screen."""
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.command("Emulation.setEmulatedMedia", media=medium, features=features)

    def resize(self, width: int, height: int) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def run_scripts(self, enabled: bool) -> None:
        """Whether the scripts of the next page may run."""
        self.command("Emulation.setScriptExecutionDisabled", value=not enabled)

    def command(self, name: str, **arguments: Any) -> dict[str, Any]:
        """A command of the Chrome DevTools protocol."""
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(name, arguments)
        return answer

    def evaluate(self, expression: str, *arguments: object) -> Any:
        return self.driver.execute_script(f"return {expression}", *arguments)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def hover(self, selector: str) -> None:
        ActionChains(self.driver).move_to_element(self.one(selector)).perform()

    def press(self, *keys: str) -> None:
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def background(self, selector: str) -> str:
        return self.one(selector).value_of_css_property("background-color")

    @property
    def focused(self) -> str:
        """The id of the focused element."""
        identifier: str = self.evaluate("document.activeElement.id")
        return identifier

    def console(self) -> list[str]:
        """What the page has made the browser say: errors, warnings, refused content."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for, that of the page included."""
        events = [json.loads(entry["message"]) for entry in self.driver.get_log("performance")]
        return [
            event["message"]["params"]["request"]["url"]
            for event in events
            if event["message"]["method"] == "Network.requestWillBeSent"
        ]

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self.command("Page.printToPDF")["data"])

    def _forget(self) -> None:
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")


@contextmanager
def started_browser(directory: Path) -> Iterator[Browser]:
    """A browser that keeps its files in `directory`."""
    found = find_chromium()
    assert found is not None, "Chromium is not installed"
    browser, driver = found
    options = ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={directory / 'profile'}"):
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to start as root with it
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options, ChromeService(driver))
    try:
        yield Browser(chrome, directory)
    finally:
        chrome.quit()

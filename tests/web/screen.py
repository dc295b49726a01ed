"""What a test does with the page as a person would: look, click, type, wait for what comes."""

from __future__ import annotations

from typing import Any

from selenium import webdriver
from selenium.common.exceptions import JavascriptException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.serving import PASSWORD
from tests.waiting import wait_until

QUIET = ("autocomplete", "username fields", "status of 4", "ERR_INTERNET_DISCONNECTED")
"""Of what the browser's log says, what is no fault of the page: hints, refusals and cut lines that a test asks for."""


class Screen:
    """A tab of a browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def emulate_dark(self, *, dark: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def offline(self, away: bool) -> None:
        """Cut the network of the browser, or give it back."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        link = {"offline": away, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", link)

    def log_in(self, name: str = "ada", password: str = PASSWORD) -> None:
        self.driver.get(f"{self.address}/login")
        self.one("input[name=name]").send_keys(name)
        self.one("input[name=password]").send_keys(password + Keys.ENTER)
        wait_until(lambda: self.all("nav a") or self.all("[role=alert]"), "an answer to the login")

    def go(self, place: str) -> None:
        self.run(f"location.hash = '#/{place}'")

    def run(self, script: str, *values: object) -> Any:
        return self.driver.execute_script(script, *values)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str, *, containing: str = "") -> WebElement:
        """The first element that matches and holds a text, once it is there."""
        found: list[WebElement] = []

        def look() -> bool:
            try:
                found[:] = [each for each in self.all(selector) if containing in (each.text or each.accessible_name)]
            except StaleElementReferenceException:
                return False
            return bool(found)

        wait_until(look, f"{selector} {containing}", seconds=20)
        return found[0]

    def click(self, selector: str, *, containing: str = "") -> None:
        def hit() -> bool:
            try:
                self.one(selector, containing=containing).click()
            except StaleElementReferenceException:
                return False
            return True

        wait_until(hit, f"{selector} {containing} to be hit", seconds=20)

    def retype(self, selector: str, text: str) -> None:
        """Put a text in place of what is in a field."""
        field = self.one(selector)
        field.send_keys(Keys.CONTROL + "a")
        field.send_keys(text)

    def named(self, name: str, within: str = "body") -> WebElement:
        """The button of a name, as a screen reader says it."""
        return self.one(f"{within} button[aria-label='{name}']")

    def press(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    def texts(self, selector: str) -> list[str]:
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)", selector
        )
        return found

    def playing(self) -> str:
        """The title in the bar."""
        return "".join(self.texts(".bar .names .first"))

    def position(self) -> int:
        """Seconds into the track, as the seek bar says."""
        return int(self.one(".bar [role=slider]").get_attribute("aria-valuenow") or 0)

    def is_playing(self) -> bool:
        return self.one(".bar .transport .play").accessible_name == "Pause"

    def wait_to_play(self, title: str = "") -> None:
        wait_until(lambda: title in self.playing() and self.is_playing() and self.position() >= 1, f"{title} to play")

    def complaints(self) -> list[str]:
        """What the browser wrote into its log: faults of scripts, refusals of the policy."""
        try:
            entries = self.driver.get_log("browser")
        except JavascriptException:
            return []
        told = [f"{entry['level']} {entry['message']}" for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]
        return [text for text in told if not any(quiet in text for quiet in QUIET)]

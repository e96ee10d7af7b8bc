"""A real Chromium for tests, driven over its debugging pipe: no driver to install, no port open to others."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WAIT_SECONDS = 60
"""For an answer: a loaded machine takes many times as long as a quiet one."""
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--mute-audio",
    # The network is cut: no name and no address but this machine's own is found.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-pipe",
)


def chromium() -> str | None:
    """The browser of this machine; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page of a browser.

    Attributes:
        console: What scripts and policies complained of.
        requests: Addresses asked for.
    """

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, read
        self._held = b""
        self._number = 0
        self._session = ""
        self._events: list[dict[str, Any]] = []
        self.console: list[str] = []
        self.requests: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for room in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{room}.enable")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]  # type: ignore[no-any-return]

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + WAIT_SECONDS
        while b"\0" not in self._held:
            if not select.select([self._read], [], [], max(0.0, until - time.monotonic()))[0]:
                raise RuntimeError("the browser gave no answer.")
            part = os.read(self._read, 1 << 16)
            if not part:
                raise RuntimeError("the browser has ended.")
            self._held += part
        raw, _, self._held = self._held.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        method, params = message.get("method", ""), message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.console.append(params["exceptionDetails"].get("text", "exception"))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.console.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.console.append(str(params["args"]))
        if method:
            self._events.append(message)

    def wait(self, *methods: str) -> None:
        """Wait for one of some events that comes after the last `forget`."""
        until = time.monotonic() + WAIT_SECONDS
        while not any(event["method"] in methods for event in self._events):
            if time.monotonic() > until:
                raise RuntimeError(f"{' or '.join(methods)} did not come.")
            self._next()

    def forget(self) -> None:
        """Wait only for what comes from now on."""
        self._events.clear()

    def open(self, url: str) -> None:
        """Go to an address and wait until it is there."""
        self.forget()
        self.ask("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"]))
        return found["result"].get("value")

    def press(self, key: str, code: str = "", *, modifiers: int = 0, leaves: bool = False) -> None:
        """Press and let go of a key as a person does; `leaves` where another page comes of it, or takes its place."""
        self.forget()
        given = {"key": key, "code": code or (f"Key{key.upper()}" if key.isalpha() else ""), "modifiers": modifiers}
        text = {"text": key} if len(key) == 1 and not modifiers else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **given, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **given)
        if leaves:
            self.wait("Page.loadEventFired", "Page.navigatedWithinDocument")

    def size(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def shot(self, file: Path, width: int, *, most: int = 4000) -> None:
        """Keep a picture of the whole page, down to so many pixels."""
        high = self.ask("Page.getLayoutMetrics")["cssContentSize"]["height"]
        clip = {"x": 0, "y": 0, "width": width, "height": min(high, most), "scale": 1}
        taken = self.ask("Page.captureScreenshot", format="jpeg", quality=60, clip=clip, captureBeyondViewport=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(taken["data"]))

    def printed(self) -> int:
        """How many A4 pages the page fills in print."""
        found = self.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)
        return base64.b64decode(found["data"]).count(b"/Type /Page\n")

    def barriers(self, axe: str) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, each with the first element it stands at."""
        self.run(f"if (!window.axe) {{ {axe} }};0")
        found: list[str] = self.run(_BARRIERS)
        return found


_BARRIERS = """axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
.then(found => found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)}`))"""


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own."""
    program = chromium()
    if program is None:
        raise RuntimeError("there is no Chromium on this machine.")
    profile = Path(tempfile.mkdtemp(prefix="detente-chromium-"))
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()

    def wired() -> None:
        # The browser reads commands from descriptor 3 and answers on 4; these may be taken by one another's pipe.
        spare_in, spare_out = os.dup(theirs_in), os.dup(theirs_out)
        os.dup2(spare_in, 3)
        os.dup2(spare_out, 4)
        os.set_inheritable(3, True)
        os.set_inheritable(4, True)

    process = subprocess.Popen(
        [program, *_SWITCHES, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=False,
        preexec_fn=wired,
        start_new_session=True,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        os.close(ours_out)
        os.close(ours_in)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=WAIT_SECONDS)
        shutil.rmtree(profile, ignore_errors=True)

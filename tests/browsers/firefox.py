"""What stands between playwright and Firefox ESR: run as a program, it starts Firefox and carries what the two say.

Playwright drives a Firefox as Mozilla builds it by WebDriver BiDi, but is written for the newest one. An older one
refuses some commands that nothing here needs: these refusals become consent. All else is said as it was, but for what
the policy of our pages forbids, see EVALUATE.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.sync.server import ServerConnection, serve

LISTENS = "WebDriver BiDi listening on ws://127.0.0.1:"
NOT_NEEDED = {
    "browser.setDownloadBehavior", "emulation.setMediaFeaturesOverride", "emulation.setScreenOrientationOverride",
    "emulation.setScreenSettingsOverride", "network.addDataCollector",
}  # fmt: skip
"""Downloads, media and screens other than the browser's own, bodies of answers: no test here asks for any of them."""

EVALUATE = "(utilityScript, ...args) => utilityScript.evaluate(...args)"
"""How playwright evaluates an expression, its fourth argument: by eval, which the pages' policy rightly forbids."""
WITHOUT_EVAL = """(script, ...args) => {
  const kept = globalThis.eval;
  globalThis.eval = () => (%s
  );
  try { return script.evaluate(...args); } finally { globalThis.eval = kept; }
}"""


class Talk:
    """What playwright and Firefox say to each other."""

    def __init__(self) -> None:
        self._methods: dict[int, str] = {}

    def asked(self, said: str) -> str:
        """Take a command; one that evaluates an expression brings it as a part of itself."""
        command = json.loads(said)
        self._methods[command["id"]] = command["method"]
        if (asked := command["params"]).get("functionDeclaration") != EVALUATE or "sandbox" in asked["target"]:
            return said
        expression = asked["arguments"][3]["value"].rstrip("; \n")
        return json.dumps(command | {"params": asked | {"functionDeclaration": WITHOUT_EVAL % expression}})

    def answered(self, said: str) -> str:
        """Take an answer or an event; the refusal of a command that is not needed becomes consent."""
        answer = json.loads(said)
        if answer.get("error") == "unknown command" and self._methods[answer["id"]] in NOT_NEEDED:
            return json.dumps({"type": "success", "id": answer["id"], "result": {"collector": ""}})
        return said


def carry(source: Connection, target: Connection, through: Callable[[str], str]) -> None:
    """Carry what the source says until one of them leaves."""
    with suppress(ConnectionClosed):
        for said in source:
            target.send(through(str(said)))
    source.close()
    target.close()


def run(program: str, profile: str) -> int:
    """Run a Firefox until it ends."""
    command = [program, "--headless", "--remote-debugging-port=0", "--profile", profile]
    firefox = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert firefox.stderr is not None

    def meet(near: ServerConnection) -> None:
        talk = Talk()
        with connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None, compression=None) as far:
            Thread(target=carry, args=(near, far, talk.asked), daemon=True).start()
            carry(far, near, talk.answered)

    for line in firefox.stderr:
        if found := re.match(rf"{LISTENS}(\d+)", line):
            port = int(found[1])
            door = serve(meet, "127.0.0.1", 0, max_size=None, compression=None)
            Thread(target=door.serve_forever, daemon=True).start()
            line = f"{LISTENS}{door.socket.getsockname()[1]}\n"
        sys.stderr.write(line)
        sys.stderr.flush()
    return firefox.wait()


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))

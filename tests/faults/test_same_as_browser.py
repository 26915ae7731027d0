"""The simulated participant's outbox is the browser's: the same histories leave the same state, step by step."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from random import Random

import pytest
from playwright._impl._driver import compute_driver_executable

from assessment_app.rehearsal.participants.outbox import Disk, Outbox, on_the_wire
from assessment_app.rehearsal.participants.wire import Pace, delay
from assessment_app.rehearsal.rules.witness import Witnessed
from tests.loops import on_a_loop

REPLAY = Path(__file__).with_name("outbox_replay.js")
ROOT = Path(__file__).parents[2]


def history(chance: Random) -> list[dict]:
    """Write a history: answers, promises of any seq, refusals, pages lost, computers left and come back to."""
    steps, epoch = [], 1
    for _ in range(40):
        act = chance.choices(["put", "ack", "refuse", "reload"], [6, 2, 1, 1])[0]
        step: dict = {"act": act, "seq": chance.randrange(25)}
        if act == "put":
            change = {"item": chance.choice("abcd"), "response": chance.choice(["p", None]), "at_ms": 1, "spent_ms": 2}
            step |= {"attempt": chance.choice([1, 1, 1, 2]), "change": change}
        elif act == "refuse":
            step["rejected"] = [{"seq": chance.randrange(25), "reason": chance.choice(["not-an-option", ""])}]
        elif act == "reload":
            epoch += chance.choice([0, 0, 1])
            step["epoch"] = epoch
        steps.append(step)
    return steps


async def play(steps: list[dict]) -> list[dict]:
    """Play a history to ours."""
    disk, seen, states = Disk(), Witnessed("nip"), []
    outbox = await Outbox.open(disk, 1, 0, seen)
    for number, step in enumerate(steps):
        if step["act"] == "put":
            await outbox.put(outbox.next_change(step["attempt"], step["change"] | {"uid": number}))
        elif step["act"] == "ack":
            await outbox.ack(step["seq"])
        elif step["act"] == "refuse":
            await outbox.refuse(step["rejected"])
        else:
            outbox = await Outbox.open(disk, step["epoch"], step["seq"], seen)
        states.append(state(outbox, disk))
    return states


def state(outbox: Outbox, disk: Disk) -> dict:
    batch = outbox.batch(3)
    told = batch and {"attempt": batch[0], "changes": [on_the_wire(change) for change in batch[1]]}
    kept = [{name: value for name, value in disk.records[seq].items() if name != "uid"} for seq in sorted(disk.records)]
    return {"size": outbox.size, "last": outbox.last_seq, "stranded": len(outbox.stranded), "batch": told, "disk": kept}


def test_the_same_history_leaves_both_outboxes_the_same():
    histories = [history(Random(seed)) for seed in range(200)]
    node, _cli = compute_driver_executable()
    told = subprocess.run([node, str(REPLAY)], input=json.dumps(histories), capture_output=True, text=True, check=True)
    for steps, theirs in zip(histories, json.loads(told.stdout), strict=True):
        for number, (our, their) in enumerate(zip(on_a_loop(play(steps)), theirs, strict=True)):
            assert our == their, steps[: number + 1]


@pytest.mark.parametrize(("name", "ours"), [
    ("LIMIT_MS", Pace().limit), ("FIRST_DELAY_MS", Pace().first_delay), ("LONGEST_DELAY_MS", Pace().longest_delay),
    ("HEARTBEAT_MS", Pace().heartbeat), ("GATHER_MS", Pace().gather),
])  # fmt: skip
def test_the_unhurried_pace_is_the_browsers(name, ours):
    modules = "".join(module.read_text() for module in (ROOT / "assessment_app/exam/static").glob("*.js"))
    found = re.search(rf"const {name} = ([0-9_]+);", modules)
    assert found, name
    assert int(found.group(1)) == 1000 * ours


@pytest.mark.parametrize(
    "name", ["outbox", "courier", "store", "protocol", "countdown", "paper", "section", "entrance"]
)
def test_what_keeps_and_sends_answers_never_asks_the_computers_own_clock(name):
    """So its jumping by a day can change nothing; what is left of Date reads moments that the server told."""
    module = (ROOT / f"assessment_app/exam/static/{name}.js").read_text()
    assert not re.search(r"Date\.now|new Date\(\)|timeOrigin|Temporal", module)


def test_the_wait_doubles_is_spread_and_keeps_the_servers_wish():
    pace, chance = Pace(), Random(1)
    for tries in range(1, 12):
        longest = min(30, 0.5 * 2 ** (tries - 1))
        waits = [delay(tries, pace, chance) for _ in range(50)]
        assert longest / 2 <= min(waits) < max(waits) <= longest
    assert 60 <= delay(1, pace, chance, 60) <= 75

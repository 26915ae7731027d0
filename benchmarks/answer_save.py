"""What one durable answer save costs: CPU per save beside CPU per bare Flask route, same server, same run.

Run: ``.venv/bin/python benchmarks/answer_save.py [seconds]``. It starts the real exam server on SQLite in a folder of
its own, drives it over keep-alive connections from other processes, and reads the server's CPU time from the kernel.
On a busy machine trust the ratio, not the rates.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.journeys.participant import Participant, first_options
from tests.journeys.platform import Platform, on_one_machine, told_pin

CLIENTS = 8
ROUNDS = 3


def drive(
    port: int, until: float, token: str, item: dict, first_seq: int, save: bool, result: multiprocessing.Queue
) -> None:
    """Send one kind of request over one connection until the time is up; tells the waiting times in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    waits, seq = [], first_seq
    while time.time() < until:
        begun = time.perf_counter()
        if save:
            seq += 1
            change = {"seq": seq, "item": item["id"], "response": first_options(item), "at_ms": 1, "spent_ms": 1}
            body = json.dumps({"attempt": 1, "epoch": 1, "changes": [change]})
            connection.request("POST", "/api/exam/v1/answers", body, headers)
        else:
            connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        waits.append(time.perf_counter() - begun)
    result.put(waits)


def cpu_seconds(platform: Platform) -> float:
    """Sum the CPU time of the exam server's processes."""
    times = [process.cpu_times() for process in platform.running("exam")]
    return sum(one.user + one.system for one in times)


def measure(
    platform: Platform, seconds: float, people: list[tuple[str, dict]], base: int, save: bool
) -> dict[str, float]:
    """Let all clients send for some seconds; gives requests a second, CPU a request and the 99th percentile."""
    result: multiprocessing.Queue = multiprocessing.Queue()
    before, until = cpu_seconds(platform), time.time() + seconds
    clients = [
        multiprocessing.Process(target=drive, args=(platform.ports["exam"], until, token, item, base, save, result))
        for token, item in people
    ]
    for client in clients:
        client.start()
    waits = [wait for _ in clients for wait in result.get()]
    for client in clients:
        client.join()
    used = cpu_seconds(platform) - before
    return {
        "requests": len(waits),
        "per_second": round(len(waits) / seconds),
        "cpu_us": round(used / len(waits) * 1e6, 1),
        "p99_ms": round(statistics.quantiles(waits, n=100)[98] * 1000, 1),
    }


def ready_people(platform: Platform) -> list[tuple[str, dict]]:
    """Sign participants in and start their first part; gives each one's token and first item."""
    with sqlite3.connect(f"file:{platform.folder}/exam.db?mode=ro", uri=True) as db:
        nips = [nip for (nip,) in db.execute("SELECT nip FROM booking ORDER BY seat LIMIT ?", (CLIENTS,))]
    people = []
    for nip in nips:
        one = Participant(platform.url("exam"), nip, told_pin(platform))
        one.sign_in()
        content = one.call("POST", "/attempts/1/start", {})["content"].removeprefix("/api/exam/v1")
        people.append((one.token, one.call("GET", content)["items"][0]))
    return people


def main() -> None:
    """Measure in turns and print every round with its ratio."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory() as folder, on_one_machine(Path(folder)) as platform:
        people = ready_people(platform)
        ratios = []
        for number in range(ROUNDS):
            route = measure(platform, seconds, people, 0, save=False)
            saves = measure(platform, seconds, people, number * 10_000_000 + 1, save=True)
            ratios.append(saves["cpu_us"] / route["cpu_us"])
            print(
                json.dumps(
                    {"round": number + 1, "flask_route": route, "durable_save": saves, "ratio": round(ratios[-1], 2)}
                )
            )
        print(
            json.dumps(
                {"cores": psutil.cpu_count(), "clients": CLIENTS, "median_ratio": round(statistics.median(ratios), 2)}
            )
        )


if __name__ == "__main__":
    main()

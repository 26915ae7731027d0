"""What was measured beside what was wanted: the rows of the exam server's goals, as ratios within one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.exam.measures import Told


@dataclass(frozen=True)
class Goal:
    """One row: what came out, and what was wanted; less is better unless said."""

    what: str
    found: float
    floor: float
    moonshot: float
    more_is_better: bool = False

    @property
    def reached(self) -> str:
        """Name how far it went."""
        sign = -1 if self.more_is_better else 1
        if sign * self.found <= sign * self.moonshot:
            return "moonshot"
        return "floor" if sign * self.found <= sign * self.floor else "MISSED"

    def told(self) -> Told:
        """Give the row for a machine."""
        limits = {"floor": self.floor, "moonshot": self.moonshot}
        return {"what": self.what, "found": round(self.found, 3), **limits, "reached": self.reached}


def goals(name: str, made: Told) -> Iterator[Goal]:
    """Work out every row for which something was measured on a store."""
    if "cost" in made:
        yield from _costs(name, made["cost"])
    if "ramp" in made:
        ratio = made["ramp"]["rate"] / made["cost"]["hello"]["per_second"] if "cost" in made else 0.0
        if ratio:
            yield Goal("saves/s at p99 < 250 ms / Flask hello closed-loop req/s", ratio, 1.0, 2.5, True)
        yield Goal("participants at one change per 20 s", made["ramp"]["participants"], 20_000, 200_000, True)
    if "slow disk" in made:
        slow = made["slow disk"]
        ratio = slow["grouped"]["rate"] / max(slow["ungrouped"]["rate"], 1)
        yield Goal("disk +15 ms: grouped / ungrouped rate at p99 < 250 ms", ratio, 50, 200, True)
    if "bulk" in made:
        yield Goal("save p99 beside a bulk writer / without", _p99(made["bulk"], "beside", "alone"), 2, 1.1)
    for count, told in made.get("stalls", {}).items():
        if count != "none":
            ratio = _p99(made["stalls"], count, "none") if not told["bad"] else float("inf")
            yield Goal(f"p99 with {count} stalled uploads / without", ratio, 2, 1.2)
    if "kills" in made:
        told = made["kills"]
        what = f"acknowledged saves lost, {told['trials']} kill -9 trials, {told['acknowledged']} acknowledged"
        yield Goal(what, told["lost"] + (not told["sound"]), 0, 0)
    if "sittings" in made:
        storms = [made["sittings"][one] for one in ("sign-in storm", "start storm")]
        worst, bad = max(told["p99_ms"] for told in storms), any(told["bad"] for told in storms)
        yield Goal("storms: worst p99 in ms, sign-in and start", float("inf") if bad else worst, 1000, 250)


def _costs(name: str, cost: Told) -> Iterator[Goal]:
    hello, save = cost["hello"]["cpu_us"]["served"], cost["save"]["cpu_us"]
    floor, moonshot = (0.60, 0.30) if name == "sqlite" else (0.75, 0.40)
    yield Goal("CPU durable save / CPU Flask hello, same server", save["served"] / hello, floor, moonshot)
    bare = cost["bare"]["cpu_us"]["served"]
    yield Goal("the same / Flask hello under granian's own WSGI", save["served"] / bare, floor, moonshot)
    straight = cost["straight"]
    if "plain insert" in straight:
        plain = straight["plain insert"]
        yield Goal("CPU durable save / pgbench single insert (DB + client)", save["served"] / plain["cpu_us"], 2.0, 1.0)
        yield Goal("DB CPU per save / pgbench DB CPU per insert", save["database"] / plain["database_us"], 0.6, 0.2)
    same = straight["same statement"]["cpu_us"]
    yield Goal("CPU durable save / same statement straight to the database", save["served"] / same, 2.0, 1.0)
    naive = cost["naive"]["cpu_us"]["served"] / cost["save of 3"]["cpu_us"]["served"]
    yield Goal("CPU of one-request-one-ORM-session save / ours, 3 answers", naive, 15, 50, True)
    yield Goal("content CPU / Flask hello CPU", cost["content"]["cpu_us"]["served"] / hello, 1.2, 0.25)
    both = 2 * cost["bootstrap"]["cpu_us"]["served"]  # two requests
    yield Goal("start + content CPU / Flask hello CPU", both / hello, 1.2, 0.25)


def _p99(made: Told, with_it: str, without: str) -> float:
    return float(made[with_it]["p99_ms"] / max(made[without]["p99_ms"], 0.1))


def goal_table(name: str, rows: list[Goal]) -> str:
    """Write the rows for people."""
    lines = [f"\n{name}: {'':<62}{'found':>10}{'floor':>10}{'moonshot':>10}"]
    for row in rows:
        lines.append(f"  {row.what:<68}{row.found:>10.2f}{row.floor:>10.2f}{row.moonshot:>10.2f}  {row.reached}")
    return "\n".join(lines)


def load_table(name: str, made: Told) -> str:
    """Write every phase for people: rates, waiting times, and CPU of each process a request."""
    columns = f"{'req':>8}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}"
    head = f"\n{name + ': phase':<34}{columns}  CPU us a request, (cores that others used)"
    return "\n".join([head, *(_line(what, told) for what, told in _phases("", made))])


def _phases(path: str, made: Told) -> Iterator[tuple[str, Told]]:
    for what, told in made.items():
        if isinstance(told, dict) and "p50_ms" in told and "cpu_us" in told:
            yield f"{path}{what}", told
            if len(told["kinds"]) > 1:
                yield from ((f"{path}  {kind}", spread) for kind, spread in told["kinds"].items())
        elif isinstance(told, dict):
            yield from _phases(f"{what}: ", told)


def _line(what: str, told: Told) -> str:
    cpu = "  ".join(f"{name} {us:.0f}" for name, us in told.get("cpu_us", {}).items())
    beside = f"  (+{told['beside_cores']})" if cpu else ""
    bad = f"  BAD {told['bad']}" if told.get("bad") else ""
    rejected = f"  REJECTED {told['rejected']}" if told.get("rejected") else ""
    pages = f"  beside {told['pages_per_second']} pages/s" if "pages_per_second" in told else ""
    rate = f"{told['per_second']:>8.0f}" if cpu else f"{'':>8}"
    return (
        f"  {what:<32}{told['count']:>8}{rate}{told['p50_ms']:>9.1f}{told['p99_ms']:>9.1f}{told['max_ms']:>9.1f}"
        f"  {cpu}{beside}{bad}{rejected}{pages}"
    )  # fmt: skip

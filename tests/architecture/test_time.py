"""Time has one source, is never naive, and only what waits may look at a clock that merely runs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, File, files, nothing, plant

CLOCK = "assessment_app/platform/clock.py"
READS = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "clock_gettime")),
    *(f"sqlalchemy.{f}{name}" for f in ("func.", "sql.func.") for name in ("now", "current_timestamp")),
}
STOPWATCHES = {f"time.{name}{unit}" for name in ("monotonic", "perf_counter") for unit in ("", "_ns")}
MAY_STOP_TIME = (
    "assessment_app/exam/answer_log/log.py",
    "assessment_app/commands",
    "workers",
)
IN_SQL = re.compile(
    r"\bnow\(\)|\bcurrent_(?:timestamp|date|time)\b|\bstrftime\('[^']*',\s*'now'|\bdatetime\('now'",
    re.IGNORECASE,
)
COLUMNS = "item_bank/columns.py"


def names(file: File) -> Iterator[tuple[int, str]]:
    """Every name that is used, spelled out, with its line."""
    for node in ast.walk(file.syntax):
        if isinstance(node, ast.Name | ast.Attribute) and (meaning := file.meaning(node)):
            yield node.lineno, meaning


def clock_readers(root: Path) -> list[str]:
    return [
        file.at(line, f"{name} reads a clock; take the moment as an argument, or clock.now() at the edge")
        for file in files(root, *PACKAGES)
        if file.name != CLOCK
        for line, name in names(file)
        if name in READS or (name in STOPWATCHES and not file.name.startswith(MAY_STOP_TIME))
    ]


def clocks_in_sql(root: Path) -> list[str]:
    """The database's clock is a second clock: no statement and no column default may ask it."""
    found = [
        file.at(node.lineno, "asks the database's clock")
        for file in files(root, *PACKAGES)
        for node in ast.walk(file.syntax)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value)
    ]
    for file in files(root, *PACKAGES, ends=".sql"):
        found += file.each_match(IN_SQL, "asks the database's clock")
    return found


def naive_datetimes(root: Path) -> list[str]:
    found = []
    for file in files(root, *PACKAGES):
        for node in ast.walk(file.syntax):
            if isinstance(node, ast.Call) and (what := naive_call(file, node)):
                found.append(file.at(node.lineno, what))
    return found


def naive_call(file: File, call: ast.Call) -> str:
    """Say what is naive in a call, or nothing."""
    name, given = file.meaning(call.func), {keyword.arg for keyword in call.keywords}
    if name == "datetime.datetime" and len(call.args) < 8 and "tzinfo" not in given:
        return "datetime(...) without tzinfo"
    if name == "datetime.datetime.fromtimestamp" and len(call.args) < 2 and "tz" not in given:
        return "fromtimestamp(...) without tz"
    if name == "datetime.datetime.utcfromtimestamp":
        return "utcfromtimestamp(...) gives a naive moment"
    return ""


def loose_columns(root: Path) -> list[str]:
    """A column of moments is a Moment; only its definition and migrations (with a timezone) say DateTime."""
    return [
        file.at(node.lineno, "DateTime column; use Moment (in a migration: DateTime(timezone=True))")
        for file in files(root, *PACKAGES)
        if file.name != COLUMNS
        for node in ast.walk(file.syntax)
        if isinstance(node, ast.Call)
        and file.meaning(node.func).rpartition(".")[2] in ("DateTime", "DATETIME", "TIMESTAMP")
        and file.meaning(node.func).startswith("sqlalchemy")
        and not (file.name.startswith("migrations/") and "timezone" in {k.arg for k in node.keywords})
    ]


RULES = [clock_readers, clocks_in_sql, naive_datetimes, loose_columns]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_time(rule):
    nothing(rule(ROOT))


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()\n",
        "from datetime import datetime, UTC\nx = datetime.now(UTC)\n",
        "import datetime as dt\nx = dt.datetime.utcnow\n",
        "from datetime import date\nx = date.today()\n",
        "import time\nx = time.time()\n",
        "from time import time as t\nx = t()\n",
        "import time\nx = time.monotonic()\n",
        "from sqlalchemy import func\nx = func.now()\n",
        "import sqlalchemy as sa\nx = sa.func.now()\n",
    ],
)
def test_a_clock_is_caught(tmp_path, text):
    plant(tmp_path, {"assessment_app/exam/actions.py": text, CLOCK: text, "scoring_engine/ok.py": "now = 1\n"})
    assert [line.partition(": ")[0] for line in clock_readers(tmp_path)] == ["assessment_app/exam/actions.py:2"]


def test_a_stopwatch_is_allowed_where_something_waits(tmp_path):
    text = "import time\nx = time.monotonic()\n"
    plant(tmp_path, {"workers/loop.py": text, "assessment_app/exam/answer_log/log.py": text})
    assert clock_readers(tmp_path) == []


@pytest.mark.parametrize("text", ["text('now()')", "text('CURRENT_TIMESTAMP')", "\"datetime('now')\""])
def test_a_clock_of_the_database_is_caught(tmp_path, text):
    plant(tmp_path, {"migrations/exam/versions/1.py": f"x = {text}\n", "migrations/schema.sql": "a timestamp\n"})
    assert clocks_in_sql(tmp_path) == ["migrations/exam/versions/1.py:1: asks the database's clock"]


def test_a_default_in_sql_is_caught(tmp_path):
    plant(tmp_path, {"migrations/schema.sql": "CREATE TABLE t (\n at timestamptz DEFAULT now()\n)"})
    assert clocks_in_sql(tmp_path) == ["migrations/schema.sql:2: asks the database's clock"]


@pytest.mark.parametrize("call", ["datetime(2026, 1, 1)", "datetime.fromtimestamp(0)", "datetime.utcfromtimestamp(0)"])
def test_a_naive_datetime_is_caught(tmp_path, call):
    plant(tmp_path, {"item_bank/a.py": f"from datetime import datetime\nx = {call}\n"})
    assert [line.partition(": ")[0] for line in naive_datetimes(tmp_path)] == ["item_bank/a.py:2"]


def test_an_aware_datetime_is_none_of_it(tmp_path):
    calls = (
        "datetime(2026, 1, 1, tzinfo=UTC)",
        "datetime.fromtimestamp(0, UTC)",
        "datetime.fromtimestamp(0, tz=UTC)",
    )
    plant(tmp_path, {"item_bank/a.py": "from datetime import UTC, datetime\n" + "\n".join(calls)})
    assert naive_datetimes(tmp_path) == []


def test_a_loose_column_is_caught(tmp_path):
    plant(
        tmp_path,
        {
            "assessment_app/exam/models.py": "from sqlalchemy import DateTime\nx = DateTime(timezone=True)\n",
            "migrations/exam/versions/1.py": "import sqlalchemy as sa\nx = sa.DateTime()\n",
            "migrations/exam/versions/2.py": "import sqlalchemy as sa\nx = sa.DateTime(timezone=True)\n",
            COLUMNS: "from sqlalchemy import DateTime\nx = DateTime(timezone=True)\n",
        },
    )
    found = [line.partition(": ")[0] for line in loose_columns(tmp_path)]
    assert found == ["assessment_app/exam/models.py:2", "migrations/exam/versions/1.py:2"]

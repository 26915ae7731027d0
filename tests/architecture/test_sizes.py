"""A module has at most 300 lines, a function at most 40, and half of all functions at most 8."""

from pathlib import Path
from statistics import median

from tests.architecture.tree import PACKAGES, ROOT, files, functions, nothing, plant

MODULE, FUNCTION, MEDIAN = 300, 40, 8
CHECKED = (*(p for p in PACKAGES if p != "migrations"), "tests")


def oversized_modules(root: Path) -> list[str]:
    return [
        f"{file.name}: {lines} lines, at most {MODULE}"
        for file in files(root, *CHECKED, ends=(".py", ".js"))
        if (lines := len(file.text.splitlines())) > MODULE
    ]


def oversized_functions(root: Path) -> list[str]:
    return [
        file.at(line, f"{name} has {length} lines, at most {FUNCTION}")
        for file in files(root, *CHECKED)
        for name, line, length in functions(file)
        if length > FUNCTION
    ]


def median_function(root: Path, *packages: str) -> float:
    lengths = [length for file in files(root, *packages) for _, _, length in functions(file)]
    return median(lengths) if lengths else 0


def test_modules():
    nothing(oversized_modules(ROOT))


def test_functions():
    nothing(oversized_functions(ROOT))


def test_median_function(record_property):
    for package in CHECKED:
        record_property(package, median_function(ROOT, package))
    assert median_function(ROOT, *PACKAGES) <= MEDIAN, {p: median_function(ROOT, p) for p in CHECKED}


def test_an_oversized_module_is_caught(tmp_path):
    plant(tmp_path, {"workers/long.py": "x = 1\n" * 301, "item_bank/full.py": "x = 1\n" * 300})
    assert oversized_modules(tmp_path) == ["workers/long.py: 301 lines, at most 300"]


def test_an_oversized_function_is_caught(tmp_path):
    body = "    x = 1\n"
    plant(tmp_path, {"workers/a.py": "def fits():\n" + body * 39 + "async def bursts():\n" + body * 40})
    assert oversized_functions(tmp_path) == ["workers/a.py:41: bursts has 41 lines, at most 40"]


def test_the_median_counts_every_function(tmp_path):
    plant(tmp_path, {"workers/a.py": "def f():\n    pass\n\n\ndef g():\n" + "    x = 1\n" * 9})
    assert median_function(tmp_path, "workers") == 6

"""The project starts from its wheel: what the source tree has besides Python must be in there too."""

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import NOT_OURS, PACKAGES, ROOT, nothing, plant

LOOK = """
import json
from importlib.resources import files
import assessment_app.servers.exam as exam
wanted = {
    "templates": files("assessment_app") / "platform" / "templates",
    "static": files("assessment_app") / "platform" / "static",
    "migrations": files("migrations"),
    "samples": files("item_bank") / "samples",
}
def count(folder):
    return sum(count(f) if f.is_dir() else 1 for f in folder.iterdir()) if folder.is_dir() else 0
print(json.dumps({"from": exam.__file__, **{name: count(folder) for name, folder in wanted.items()}}))
"""


def copy_of(root: Path, target: Path) -> Path:
    """Copy what the wheel is built from, so that nothing is written into the project."""
    skip = shutil.ignore_patterns(*NOT_OURS, "*.egg-info")
    for name in (
        *PACKAGES,
        "setup.cfg",
        "pyproject.toml",
        "MANIFEST.in",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
    ):
        if (root / name).is_dir():
            shutil.copytree(root / name, target / name, ignore=skip)
        elif (root / name).exists():
            shutil.copy(root / name, target / name)
    return target


def build(source: Path, target: Path) -> Path:
    """Build the wheel with the builder that is installed here: a test needs no network."""
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(target)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = target.glob("*.whl")
    return wheel


def missing_from(held: set[str], root: Path) -> list[str]:
    """Name what the packages of a tree hold and a wheel does not."""
    there = (
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in sorted((root / package).rglob("*"))
        if path.is_file() and not NOT_OURS & set(path.parts)
    )
    return [f"{name} is not in the wheel" for name in there if name not in held]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return copy_of(ROOT, tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def wheel(source, tmp_path_factory):
    return build(source, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_all_that_the_packages_hold(source, wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    nothing(missing_from(held, source))
    assert not [name for name in held if name.startswith("tests")]


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel in it; it borrows the libraries of this one, not its editable install."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, symlinks=True)
    (own,) = place.glob("lib/python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (own / "borrowed.pth").write_text(libraries)  # the .pth files that lie in there are not read
    uv = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--offline", "--no-deps"]
    subprocess.run([*uv, "--python", str(place / "bin/python"), str(wheel)], check=True)
    return place


def say(*command: str) -> str:
    """Run a program away from the project and give what it says."""
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_exam_server_starts_from_the_wheel(installed):
    seen = json.loads(say(str(installed / "bin/python"), "-I", "-c", LOOK))
    assert Path(seen.pop("from")).is_relative_to(installed)
    assert all(seen.values()), seen


def test_the_command_line_starts_from_the_wheel(installed):
    assert "Usage: proasn" in say(str(installed / "bin/proasn"), "--help")


def test_a_file_that_was_left_out_is_caught(tmp_path):
    plant(tmp_path, {"workers/__init__.py": "", "assessment_app/exam/templates/exam/a.html": ""})
    found = missing_from({"workers/__init__.py"}, tmp_path)
    assert found == ["assessment_app/exam/templates/exam/a.html is not in the wheel"]

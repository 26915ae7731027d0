"""The contracts of setup.cfg: each holds for the project, and each breaks when one import is planted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, SLICES, plant

PARTS = ("routes", "actions", "queries", "models", "messages", "rules")
MODULES = [
    *(f"{package}/__init__.py" for package in (*PACKAGES, "assessment_app/servers")),
    *(f"assessment_app/{name}.py" for name in ("platform", "commands")),
    *(f"assessment_app/servers/{name}.py" for name in ("exam", "office", "vault")),
    *(f"assessment_app/{slice_}/{part}.py" for slice_ in SLICES for part in ("__init__", *PARTS)),
    *(f"assessment_app/exam/{name}.py" for name in ("hot_path", "answer_log", "contract", "refusals")),
    "assessment_app/sealing/verifier.py",
    *(
        f"item_bank/{name}.py"
        for name in ("keys", "item_keys", "corrections", "publishing", "drafts", "bank", "presentation")
    ),
]


def broken_contracts(root: Path) -> str:
    """Run the contracts over a tree; nothing, or what the tool says about those that broke."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--config", "setup.cfg", "--no-cache"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr) if done.returncode else ""


@pytest.fixture
def house(tmp_path):
    """A tree with every module of the house, all empty, held to the project's own contracts."""
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return plant(tmp_path, dict.fromkeys(MODULES, ""))


def test_the_project():
    broken = broken_contracts(ROOT)
    assert not broken, broken


def test_an_empty_house_breaks_nothing(house):
    assert broken_contracts(house) == ""


BROKEN = {
    "item_bank/presentation.py": ("import assessment_app.platform", "workers | migrations ->"),
    "assessment_app/platform.py": ("import workers", "workers | migrations ->"),
    "assessment_app/people/actions.py": ("import assessment_app.exam.queries", "only the slices before it"),
    "assessment_app/payments/__init__.py": ("", "only the slices before it"),
    "assessment_app/review/queries.py": (
        "from assessment_app.review import actions",
        "routes -> actions -> queries",
    ),
    "assessment_app/talent/helpers.py": ("", "routes -> actions -> queries"),
    "assessment_app/exam/queries.py": (
        "from assessment_app.exam import hot_path",
        "hot_path -> routes -> actions",
    ),
    "assessment_app/exam/cache.py": ("", "hot_path -> routes -> actions"),
    "assessment_app/exam/models.py": ("import item_bank.keys", "can reach answer keys"),
    "assessment_app/servers/office.py": ("import item_bank.publishing", "can reach answer keys"),
    "assessment_app/sealing/verifier.py": ("import assessment_app.platform", "imports nothing of this house"),
    "assessment_app/sealing/rules.py": ("import assessment_app.sealing.queries", "verifier, which runs alone"),
    "assessment_app/servers/exam.py": ("import assessment_app.sealing.actions", "reads the key that signs seals"),
    "assessment_app/servers/vault.py": ("import assessment_app.people.queries", "knows no participant"),
    "assessment_app/scoring/rules.py": ("import flask", "know no framework, no clock, no chance"),
    "scoring_engine/__init__.py": ("import random", "know no framework, no clock, no chance"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_planted_import_is_caught(house, name):
    text, contract = BROKEN[name]
    plant(house, {name: text + "\n"})
    if name.endswith("exam/models.py"):  # through others: the server itself imports only the slice
        plant(house, {"assessment_app/servers/exam.py": "import assessment_app.exam.models\n"})
    said = broken_contracts(house)
    broken = [line for line in said.splitlines() if line.endswith("BROKEN")]
    assert len(broken) == 1, said
    assert contract in broken[0]

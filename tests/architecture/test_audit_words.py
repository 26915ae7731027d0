"""Everything that is recorded in the audit trail has words for the people who read it."""

import re
from pathlib import Path

from assessment_app.accounts.messages import DEEDS
from assessment_app.rule_sets.rules.life import Deed
from item_bank.life import Act

SOURCE = Path(__file__).parents[2]
RECORDED = re.compile(r"""record\(\s*\w+,(?:\s*by,)?\s*"([a-z_]+\.[a-z_.]+)\"""")


def test_every_deed_that_is_recorded_has_words():
    files = [*SOURCE.glob("assessment_app/**/*.py"), *SOURCE.glob("workers/*.py")]
    found = {deed for file in files for deed in RECORDED.findall(file.read_text())}
    assert {"item.write", "form.publish", "wave.add"} <= found
    steps = {f"item.{act.value}" for act in Act if act is not Act.ADMIT}
    steps |= {f"rule_set.{deed}" for deed in Deed}
    assert sorted((found | steps) - DEEDS.keys()) == []

"""Versions are added and never changed, keys stand apart, and a state is what the newest event says."""

import msgspec
import pytest
from sqlalchemy import func, select

from item_bank import stock
from item_bank.life import Act, NotNow, State
from item_bank.stock import ItemEvent, ItemVersion, Superseded, VersionKey


def write(db, item, now, **more):
    (written,) = stock.write(db, [item], "digital_literacy", "ani", now, **{"demonstration": False, **more})
    return written


def reworded(item, question):
    return msgspec.structs.replace(item, words=msgspec.structs.replace(item.words, question=question))


def count(db, table):
    return db.scalar(select(func.count()).select_from(table))


def test_the_same_item_twice_is_one_version_and_another_wording_the_next(vault_db, item, now):
    first, again = write(vault_db, item(), now), write(vault_db, item(), now)
    other = write(vault_db, reworded(item(), "Langkah apa yang paling tepat?"), now)
    assert (first.version, first.is_new, again.version, again.is_new) == (1, True, 1, False)
    assert (other.version, other.is_new) == (2, True)
    assert count(vault_db, ItemVersion) == count(vault_db, VersionKey) == count(vault_db, ItemEvent) == 2


def test_a_key_that_changes_alone_is_a_new_version_with_the_same_face(vault_db, item, now):
    write(vault_db, item(), now)
    harder = msgspec.structs.replace(item(), key=msgspec.structs.replace(item().key, b=1.9))
    assert write(vault_db, harder, now).version == 2
    one, two = vault_db.scalars(select(ItemVersion).order_by(ItemVersion.version))
    assert one.face == two.face
    assert one.searchable == two.searchable
    assert b"credit" not in one.face
    assert stock.key_of(vault_db, item().id, 2) == harder.key


def test_a_version_reads_back_as_it_was_written(vault_db, item, now):
    write(vault_db, item(3), now, demonstration=True, act=Act.ADMIT)
    (back,) = stock.usable(vault_db, "digital_literacy")
    assert back.item == item(3)
    assert back.demonstration


def test_forms_are_made_of_the_newest_operational_version(vault_db, item, now):
    write(vault_db, item(), now, demonstration=True, act=Act.ADMIT)
    write(vault_db, reworded(item(), "Apa yang tepat?"), now, demonstration=True, act=Act.ADMIT)
    write(vault_db, reworded(item(), "Apa yang paling tepat?"), now, demonstration=True)
    write(vault_db, item(1), now)
    assert [(one.item.id, one.version) for one in stock.usable(vault_db, "digital_literacy")] == [(item().id, 2)]
    assert stock.usable(vault_db, "potential") == []


def test_a_version_that_was_recalled_or_retired_brings_no_older_one_back(vault_db, item, now):
    write(vault_db, item(), now, demonstration=True, act=Act.ADMIT)
    write(vault_db, reworded(item(), "Apa yang tepat?"), now, demonstration=True, act=Act.ADMIT)
    stock.record(vault_db, item().id, 2, Act.RECALL, "eka", now)
    assert stock.usable(vault_db, "digital_literacy") == []
    versions = [(item().id, 1), (item().id, 2), ("tidak-ada", 1)]
    assert stock.out_of_use(vault_db, versions) == [item().id, "tidak-ada"]
    stock.record(vault_db, item().id, 2, Act.REINSTATE, "eka", now)
    assert stock.out_of_use(vault_db, [(item().id, 2)]) == []
    assert [one.version for one in stock.usable(vault_db, "digital_literacy")] == [2]
    stock.record(vault_db, item().id, 2, Act.RETIRE, "eka", now)
    assert stock.usable(vault_db, "digital_literacy") == []


def test_what_people_answered_is_the_version_that_was_in_use_and_no_later_draft(vault_db, item, now):
    write(vault_db, item(1), now, demonstration=True, act=Act.ADMIT)
    write(vault_db, reworded(item(1), "Apa yang tepat?"), now)
    write(vault_db, item(2), now)
    assert stock.answered(vault_db) == {item(1).id: 1}


def test_content_that_comes_along_leaves_alone_what_was_rewritten_here(vault_db, item, now):
    write(vault_db, item(), now, demonstration=True, act=Act.ADMIT)
    ours = write(vault_db, reworded(item(), "Apa yang tepat?"), now)
    again = write(vault_db, reworded(item(), "Apa yang paling tepat?"), now, demonstration=True, act=Act.ADMIT)
    assert (ours.version, again.version, again.is_new) == (2, 2, False)


def test_who_edited_an_older_version_is_told_and_a_double_click_is_not(vault_db, item, now):
    write(vault_db, item(), now, base=0)
    one, two = reworded(item(), "Apa yang tepat?"), reworded(item(), "Apa yang paling tepat?")
    assert write(vault_db, one, now, base=1).version == 2
    assert not write(vault_db, one, now, base=1).is_new
    with pytest.raises(Superseded) as refused:
        write(vault_db, two, now, base=1)
    assert refused.value.version == 2
    with pytest.raises(Superseded):
        write(vault_db, reworded(item(), "Lain sama sekali?"), now, base=0)


def test_who_wrote_an_earlier_version_reviews_none_of_the_later_ones(vault_db, item, now):
    write(vault_db, item(), now)
    stock.write(vault_db, [reworded(item(), "Apa yang tepat?")], "digital_literacy", "budi", now, demonstration=False)
    stock.record(vault_db, item().id, 2, Act.SUBMIT, "budi", now)
    with pytest.raises(NotNow, match="own-item"):
        stock.record(vault_db, item().id, 2, Act.REVIEW, "ani", now, "content", "Isi sesuai.")
    stock.record(vault_db, item().id, 2, Act.REVIEW, "citra", now, "content", "Isi sesuai.")


def test_every_step_is_an_event_with_the_state_it_led_to(vault_db, item, now):
    write(vault_db, item(), now)
    assert stock.record(vault_db, item().id, 1, Act.SUBMIT, "ani", now) is State.IN_REVIEW
    stock.record(vault_db, item().id, 1, Act.REVIEW, "budi", now, "content", "Isi sesuai.")
    with pytest.raises(NotNow):
        stock.record(vault_db, item().id, 1, Act.REVIEW, "budi", now, "language")
    told = [(event.act, event.aspect, event.state, event.note) for event in stock.events(vault_db, item().id, 1)]
    assert told == [
        ("write", "", "draft", ""), ("submit", "", "in_review", ""), ("review", "content", "in_review", "Isi sesuai."),
    ]  # fmt: skip
    assert vault_db.execute(stock.standing()).all()[0][1] == "in_review"

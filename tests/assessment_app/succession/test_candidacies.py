"""Proposing and deciding on both stores: two people, what was shown, once; another agency's does not exist."""

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts.rules import Officer
from assessment_app.evidence.rules import Kind
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound, Refusal
from assessment_app.succession.actions import candidacies, posts
from assessment_app.succession.actions.candidacies import Moved, NotAware, NotShown, OwnProposal
from assessment_app.succession.actions.posts import Closed, Taken
from assessment_app.succession.messages.forms import NewPost, Technical
from assessment_app.succession.models import SuccessionAct, TargetPost, TechnicalFit
from assessment_app.succession.queries import acts, page
from assessment_app.succession.queries import posts as queries
from tests import factories
from tests.assessment_app.scoring.house import NOW, steady
from tests.assessment_app.succession.group import LATER, REASON

LESTARI, AHMAD, RINA = "Lestari Handayani", "Ahmad Fauzi", "Rina Susanti"


def count(model) -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_what_is_known_of_a_candidate_is_computed_from_the_signed_levels_and_the_target_post(group):
    found = group.known(LESTARI, AHMAD, RINA)
    lestari, rina = found[LESTARI].document, found[RINA].document
    assert {name: one["state"] for name, one in lestari["screening"].items()} == dict.fromkeys(
        ("box", "discipline", "retirement", "result"), "met"
    )
    assert lestari["box"] == 9
    assert lestari["match"]["exact"] == [500, 3], "45 levels where the target asks for 27, and the own post for 18"
    assert lestari["match"]["category"] == "MS", "the thresholds of filling a post, not those of the wave"
    assert 0 < lestari["match"]["chance"] <= 1
    assert lestari["match"]["error"] > 0
    assert lestari["value"] is not None
    assert rina["match"] == {"why": "unsigned"}
    assert (rina["value"], rina["box"]) == (None, None)
    assert {name: one["state"] for name, one in rina["screening"].items()} == {
        "box": "unknown", "discipline": "unknown", "retirement": "met", "result": "not_met",
    }  # fmt: skip


def test_one_proposes_another_decides_and_the_trail_tells_it_with_the_reason(group):
    assert group.propose(LESTARI, AHMAD).new == 2
    assert group.decide(LESTARI, "taken") == "taken"
    assert group.acts(LESTARI) == [(1, "proposed"), (2, "taken")]
    with transaction(reads_only=True) as db:
        trail = db.scalars(select(AuditEntry).where(AuditEntry.action.startswith("succession.t"))).one()
        last = db.scalars(select(SuccessionAct).where(SuccessionAct.kind == "taken")).one()
    assert (trail.action, trail.reason) == ("succession.take", REASON)
    assert trail.subject == f"employee:{group.people[LESTARI]}"
    assert (trail.detail["seen"], trail.detail["box"]) == (last.sha256, 9)
    assert last.proposed_by != last.account_id
    assert last.document["rank"]["rank"] == 1


def test_whoever_proposed_does_not_decide_and_nobody_else_withdraws(group):
    group.propose(LESTARI, by="hasan")
    with pytest.raises(OwnProposal):
        group.decide(LESTARI, "taken", by="hasan")
    with pytest.raises(OwnProposal):
        group.decide(LESTARI, "withdrawn", by="ratih")
    assert group.decide(LESTARI, "withdrawn", by="hasan") == "withdrawn"
    assert group.propose(LESTARI, by="ratih").new == 1
    assert group.decide(LESTARI, "taken", by="hasan", after=3) == "taken"
    with pytest.raises(OwnProposal):
        group.decide(LESTARI, "taken_out", by="ratih", after=4)
    assert group.decide(LESTARI, "taken_out", by="hasan", after=4) == "taken_out"


def test_the_database_knows_two_people_and_takes_no_row_back(group):
    group.propose(LESTARI)
    with transaction(reads_only=True) as db:
        row = {
            name.key: getattr(db.scalars(select(SuccessionAct)).one(), name.key) for name in SuccessionAct.__table__.c
        }
    for change in (
        lambda db: db.add(SuccessionAct(**row | {"n": 2, "kind": "taken"})),
        lambda db: db.execute(update(SuccessionAct).values(reason="lain")),
        lambda db: db.execute(delete(TargetPost)),
    ):
        with pytest.raises(DBAPIError), transaction() as db:
            change(db)


def test_a_double_click_is_one_act(group):
    assert [group.propose(LESTARI) for _ in range(2)][1].known == 1
    said = group.said(LESTARI, "taken")
    assert [group.send(LESTARI, said) for _ in range(2)] == ["taken", "taken"]
    assert group.acts(LESTARI) == [(1, "proposed"), (2, "taken")]
    with pytest.raises(Moved):
        group.send(LESTARI, said, by="ratih")


def test_of_two_who_decide_at_the_same_time_one_is_told(group):
    group.propose(LESTARI)
    said, told, barrier = group.said(LESTARI, "taken"), [], Barrier(2)

    def decide(by):
        barrier.wait()
        try:
            told.append(group.send(LESTARI, said, by=by))
        except Refusal as refused:
            told.append(type(refused))

    threads = [Thread(target=decide, args=(by,)) for by in ("hasan", "ratih")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(str, told)) == sorted(["taken", str(Moved)])
    assert len(group.acts(LESTARI)) == 2


def test_what_was_not_shown_is_refused_and_the_parts_are_named(group):
    known = group.known(LESTARI)[LESTARI].seen
    group.tell(LESTARI, Kind.DISCIPLINE, level="Berat", thing="pembebasan jabatan", **{"from": "2026-11-23"})
    shown = {group.people[LESTARI]: known}
    with transaction() as db, pytest.raises(NotShown) as refused:
        candidacies.propose(db, group.by(), group.accounts["dewi"], group.post_id, shown, REASON, LATER)
    assert refused.value.changed == {group.people[LESTARI]: ["discipline"]}
    assert count(SuccessionAct) == 0
    group.propose(LESTARI)
    said = group.said(LESTARI, "taken")
    group.change(LESTARI, birth_date=date(1986, 3, 12))
    with pytest.raises(NotShown) as refused:
        group.send(LESTARI, said)
    assert refused.value.changed == {group.people[LESTARI]: ["retirement"]}


def test_someone_better_who_was_proposed_meanwhile_makes_a_decision_stale(group):
    group.propose(AHMAD)
    said = group.said(AHMAD, "taken")
    group.propose(LESTARI)
    with pytest.raises(NotShown) as refused:
        group.send(AHMAD, said)
    assert refused.value.changed == {group.people[AHMAD]: ["rank"]}


def test_whoever_does_not_meet_everything_is_taken_only_by_somebody_who_says_to_know(group):
    group.propose(RINA)
    with pytest.raises(NotAware):
        group.decide(RINA, "taken", aware=False)
    assert group.decide(RINA, "not_taken", aware=False) == "not_taken"
    group.propose(RINA)
    assert group.decide(RINA, "taken", after=3) == "taken"
    with transaction(reads_only=True) as db:
        view = page.view(db, group.agency_id, group.post_id, LATER)
    assert (len(view.taken), view.ready) == (1, 0), "taken, and not ready"


def test_a_decision_stays_when_facts_change_and_the_difference_is_told(group):
    group.propose(LESTARI)
    group.decide(LESTARI, "taken")
    later = NOW + timedelta(days=3 * 366)
    group.tell(LESTARI, Kind.DISCIPLINE, level="Sedang", thing="penundaan", **{"from": "2026-11-22"})
    with transaction(reads_only=True) as db:
        view = page.view(db, group.agency_id, group.post_id, later)
    (one,) = view.people
    parts = {change.part: (change.before["state"], change.after["state"]) for change in view.changed(one)
             if change.part in one.document["screening"]}  # fmt: skip
    assert parts["result"] == ("met", "not_met")
    assert parts["discipline"] == ("met", "not_met")
    assert (len(view.taken), view.ready, one.document["rank"]["rank"]) == (1, 0, None)


def test_a_new_signed_result_shows_as_another_one(group):
    group.propose(LESTARI)
    group.sign(LESTARI, 2)
    group.place(LESTARI, LATER + timedelta(hours=1))
    one = group.shown(LESTARI)
    with transaction(reads_only=True) as db:
        last = acts.of_person(db, queries.post(db, group.agency_id, group.post_id), group.people[LESTARI])[-1]
    assert last.document["signed"] != one.document["signed"]
    assert one.document["signed"] is not None


def test_technical_fit_moves_a_candidate_and_the_newest_counts(group):
    group.propose(LESTARI, AHMAD)
    assert group.shown(LESTARI).document["rank"]["rank"] == 1

    def note(name, hundredths, now):
        with transaction() as db:
            said = Technical(hundredths, "BA uji kompetensi 7/2026", "", {})
            candidacies.note_technical(
                db, group.by(), group.accounts["dewi"], group.post_id, group.people[name], said, now
            )  # fmt: skip

    note(AHMAD, 9000, LATER)
    assert group.shown(AHMAD).document["rank"]["unused"] == ["technical"], "Lestari has none yet"
    for hundredths in (9500, 7000, 7000):
        note(LESTARI, hundredths, LATER)
    assert (group.shown(AHMAD).document["rank"]["rank"], group.shown(LESTARI).document["rank"]["rank"]) == (1, 2)
    assert count(TechnicalFit) == 3, "the same again is one"
    with pytest.raises(NotFound):
        note(RINA, 5000, LATER)


def test_people_of_the_early_mapping_alone_are_nobodys_candidates(group):
    with transaction(reads_only=True) as db:
        target = queries.post(db, group.agency_id, group.post_id)
    with transaction() as db, pytest.raises(NotFound):
        candidacies.propose(
            db, group.by(), group.accounts["dewi"], target.post_id, {uuid4(): "x"}, REASON, LATER
        )  # fmt: skip


def test_who_left_the_agency_is_told_so(group):
    group.change(LESTARI, active=False)
    found = group.known(LESTARI)[LESTARI].document["screening"]["retirement"]
    assert (found["state"], found["code"]) == ("not_met", "retirement.left")


def test_a_contract_is_not_on_record_and_its_end_is_unknown(group):
    group.change(LESTARI, status="PPPK")
    assert group.known(LESTARI)[LESTARI].document["screening"]["retirement"]["state"] == "unknown"


def test_a_post_is_named_once_while_it_is_open_and_sent_twice_it_is_one(group):
    post_id = uuid4()
    wanted = NewPost(post_id, "KEPALA  BIDANG anggaran.", "bpkad", "administrator", "agency", {})
    with pytest.raises(Taken), transaction() as db:
        posts.add(db, group.by(), group.accounts["dewi"], wanted, post_id, NOW)
    for _ in range(2):
        with transaction() as db:
            posts.close(db, group.by(), group.accounts["dewi"], group.post_id, "Jabatan sudah terisi.", NOW)
    with pytest.raises(Closed), transaction() as db:
        posts.close(db, group.by("hasan"), group.accounts["hasan"], group.post_id, "Jabatan sudah terisi.", NOW)
    for _ in range(2):
        with transaction() as db:
            posts.add(db, group.by(), group.accounts["dewi"], wanted, post_id, NOW)
    assert count(TargetPost) == 2
    with pytest.raises(Closed):
        group.propose(LESTARI)


def test_somebody_in_several_groups_is_shown_in_each_and_readiness_is_counted_by_post(group):
    other = group.add_post("Kepala Bagian Umum", unit="Sekretariat Daerah", pool="national")
    group.propose(LESTARI)
    group.decide(LESTARI, "taken")
    group.propose(LESTARI, AHMAD, post_id=other)
    with transaction(reads_only=True) as db:
        lines = {one.target.post: one for one in queries.lines(db, group.agency_id, LATER)}
        groups = acts.groups(db, group.agency_id, [group.people[LESTARI]])
    counted = {name: (one.waiting, one.taken, one.ready, one.is_gap) for name, one in lines.items()}
    assert counted == {"Kepala Bidang Anggaran": (0, 1, 1, False), "Kepala Bagian Umum": (2, 0, 0, True)}
    assert [one.target.post for one in groups[group.people[LESTARI]]] == sorted(counted)


def test_the_newest_signed_result_counts_and_not_a_newer_one_without_signature(group):
    before = group.known(AHMAD)[AHMAD].document["sitting"]
    again = group.sit_again(AHMAD, steady(0.5), NOW + timedelta(days=30))
    assert group.known(AHMAD)[AHMAD].document["sitting"] == before
    group.sittings[AHMAD] = again
    group.sign(AHMAD)
    group.place(AHMAD)
    assert group.known(AHMAD)[AHMAD].document["sitting"] == again


def test_another_agency_finds_nothing_and_changes_nothing(group):
    group.propose(LESTARI)
    stranger = Officer(factories.agency("lain", NOW), "staff:x")
    account, post_id, who = group.accounts["hasan"], group.post_id, group.people[LESTARI]
    before = count(SuccessionAct), count(TechnicalFit)
    said = group.said(LESTARI, "taken")
    for act in (
        lambda db: queries.post(db, stranger.agency_id, post_id),
        lambda db: page.view(db, stranger.agency_id, post_id, LATER),
        lambda db: candidacies.propose(db, stranger, account, post_id, {who: "x"}, REASON, LATER),
        lambda db: candidacies.decide(db, stranger, account, post_id, who, said, LATER),
        lambda db: candidacies.note_technical(db, stranger, account, post_id, who, Technical(1, "B", "", {}), LATER),
        lambda db: posts.close(db, stranger, account, post_id, REASON, LATER),
    ):
        with pytest.raises(NotFound), transaction() as db:
            act(db)
    with transaction(reads_only=True) as db:
        assert queries.lines(db, stranger.agency_id, LATER) == []
        assert queries.candidates_named(db, stranger.agency_id, "Lestari", 5) == []
        assert queries.named(db, stranger.agency_id, "Kepala", 5) == []
    assert (count(SuccessionAct), count(TechnicalFit)) == before

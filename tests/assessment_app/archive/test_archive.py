"""A wave that is taken in elsewhere gives the same bytes again; what was cut or changed is refused whole."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Role
from assessment_app.archive import actions
from assessment_app.archive.rules import Damaged
from assessment_app.platform import db as platform_db
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Conflict, NotFound
from assessment_app.recompute import actions as recomputing
from assessment_app.recompute import queries as stored
from assessment_app.review.models import SignedResult
from assessment_app.scheduling.models import Booking
from assessment_app.scoring.models import Profile
from assessment_app.talent import actions as talent
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import MAKERS, NOW, new_house, steady, stores


def house_of_a_wave():
    """Lead three people all the way to a placement, one of them signed."""
    house = new_house()
    people = [house.measure(steady(wanted), name=f"Peserta {n}") for n, wanted in enumerate((0.2, 0.5, 0.8), 1)]
    house.staff("hasan", Role.ASSESSOR)
    with transaction() as db:
        profile = db.scalars(select(Profile).where(Profile.sitting_id == people[0])).one()
        db.add(SignedResult(
            sitting_id=people[0], n=1, agency_id=profile.agency_id, profile_inputs=profile.inputs_sha256, at=NOW,
            document=profile.document, sha256=digest(canonical(profile.document)),
            signed_by=db.scalars(select(StaffAccount.account_id)).one(),
        ))  # fmt: skip
        db.flush()
        talent.place_all(db, people, NOW)
    return house


@pytest.fixture
def makers():
    return MAKERS | {"wave": house_of_a_wave}


@pytest.fixture
def wave(house):
    return house.wave_id


def exported(wave_id) -> tuple[list[bytes], list[bytes]]:
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        return list(actions.export_results(db, wave_id)), list(actions.export_keys(db, vault, wave_id))


def fingerprint() -> str:
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        report = recomputing.recompute(db, vault, [one for one, _nip in stored.sittings(db)], NOW)
    assert report.differences == []
    return report.fingerprint


@contextmanager
def elsewhere(folder):
    """Leave the first installation for an empty one."""
    platform_db.disconnect()
    folder.mkdir()
    with stores(folder):
        yield


def take_in(results, keys):
    with transaction() as db:
        taken = actions.take_in_results(db, lambda: results)
        with transaction(VAULT) as vault:
            actions.take_in_keys(vault, lambda: keys)
    return taken


def test_taken_in_elsewhere_everything_computed_again_has_the_same_fingerprint(wave, tmp_path):
    before, files = fingerprint(), exported(wave)
    with elsewhere(tmp_path / "second"):
        assert take_in(*files) == len(files[0]) - 2
        assert fingerprint() == before
        assert exported(wave)[1] == files[1]


def test_the_same_wave_gives_the_same_bytes(wave):
    assert exported(wave) == exported(wave)


def test_who_signed_comes_along_as_a_name_that_cannot_sign_in(wave, tmp_path):
    files = exported(wave)
    assert b"argon2" not in b"".join(files[0])
    with elsewhere(tmp_path / "second"):
        take_in(*files)
        with transaction(reads_only=True) as db:
            account = db.scalars(select(StaffAccount)).one()
    assert (account.full_name, account.password_hash, account.active) == ("Hasan Anggraini", None, False)


def test_results_hold_no_key(wave):
    results, keys = exported(wave)
    assert b"answer_key" not in b"".join(results)
    assert b"answer_key" in b"".join(keys)


Change = Callable[[list[bytes]], list[bytes]]
DAMAGE: dict[str, Change] = {
    "cut at the end": lambda lines: lines[:-1],
    "cut in the middle": lambda lines: [*lines[:20], lines[-1]],
    "a line twice": lambda lines: [*lines[:20], lines[19], *lines[20:]],
    "a bit flipped": lambda lines: [*lines[:20], lines[20].replace(b"1", b"3", 1), *lines[21:]],
    "half a line": lambda lines: [*lines[:-1], lines[-1][:20]],
    "another file": lambda _lines: [b"NIP;NAMA\n"],
    "nothing": lambda _lines: [],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_archive_is_refused_and_leaves_nothing(wave, tmp_path, damage):
    results, keys = exported(wave)
    with elsewhere(tmp_path / "second"):
        with pytest.raises(Damaged):
            take_in(DAMAGE[damage](results), keys)
        with transaction(reads_only=True) as db:
            assert db.scalar(select(func.count()).select_from(Booking)) == 0


def test_keys_are_not_taken_for_results(wave, tmp_path):
    results, keys = exported(wave)
    with elsewhere(tmp_path / "second"), pytest.raises(Damaged, match="tidak berisi hasil"):
        take_in(keys, results)


def test_an_installation_with_a_wave_takes_none_in(wave):
    with pytest.raises(Conflict, match="kosong"):
        take_in(*exported(wave))


def test_an_archive_of_another_version_is_refused(wave, tmp_path, monkeypatch):
    files = exported(wave)
    monkeypatch.setattr(actions, "newest_version", lambda _store: "later")
    with elsewhere(tmp_path / "second"), pytest.raises(Conflict, match="versi yang sama"):
        take_in(*files)


def test_a_wave_that_is_not_there_is_said_so(house):
    with transaction(reads_only=True) as db, pytest.raises(NotFound):
        list(actions.export_results(db, house.agency_id))

"""Both databases keep the same moments, hashes and documents."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import CheckConstraint, ForeignKey, MetaData, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.schema import CreateTable

from item_bank.columns import NAMING, Document, HexSha256, Moment, Name, Sha256, UtcDateTime

WITA = timezone(timedelta(hours=8))


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Thing(Base):
    __tablename__ = "thing"
    __table_args__ = (CheckConstraint("sha <> ''", name="sha_is_there"),)

    sha: Mapped[Sha256] = mapped_column(primary_key=True)
    seen: Mapped[Moment] = mapped_column(index=True)
    title: Mapped[Name] = mapped_column(unique=True)
    gone: Mapped[Moment | None]
    facts: Mapped[Document | None]
    other: Mapped[Sha256 | None] = mapped_column(ForeignKey("thing.sha"))


@pytest.fixture
def db():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def keep(db, **columns):
    thing = Thing(**{"sha": "a" * 64, "seen": datetime(2025, 1, 1, tzinfo=UTC), "title": "x"} | columns)
    db.add(thing)
    db.commit()
    db.expire_all()
    return thing


def test_a_moment_of_any_zone_comes_back_in_utc(db):
    thing = keep(db, seen=datetime(2025, 11, 24, 8, 30, 0, 123456, WITA))
    assert thing.seen == datetime(2025, 11, 24, 0, 30, 0, 123456, UTC)
    assert thing.seen.tzinfo is UTC


def test_a_naive_moment_is_refused(db):
    with pytest.raises(StatementError, match="needs a time zone"):
        keep(db, seen=datetime(2025, 1, 1))  # noqa: DTZ001  # the mistake that is tested


def test_moments_of_different_zones_compare_by_time(db):
    keep(db, seen=datetime(2025, 11, 24, 8, 30, tzinfo=WITA))
    earlier = db.query(Thing).where(Thing.seen < datetime(2025, 11, 24, 0, 31, tzinfo=UTC)).count()
    later = db.query(Thing).where(Thing.seen > datetime(2025, 11, 24, 8, 31, tzinfo=WITA)).count()
    assert (earlier, later) == (1, 0)


def test_a_moment_that_postgresql_gives_in_a_local_zone_becomes_utc():
    given = UtcDateTime().process_result_value(datetime(2025, 1, 1, 8, tzinfo=WITA), postgresql.dialect())
    assert given is not None
    assert (given.hour, given.tzinfo) == (0, UTC)


def test_nothing_stays_nothing(db):
    thing = keep(db, gone=None, facts=None)
    assert (thing.gone, thing.facts, thing.other) == (None, None, None)
    assert db.execute(text("SELECT count(*) FROM thing WHERE facts IS NULL")).scalar() == 1


@pytest.mark.parametrize("wrong", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "\u0661" * 64])
def test_what_is_not_a_hash_is_refused(wrong):
    with pytest.raises(ValueError, match="Not a SHA-256"):
        HexSha256().process_bind_param(wrong, postgresql.dialect())


def test_a_document_comes_back_as_it_was(db):
    assert keep(db, facts={"n": [1, 2.5, None, "é"]}).facts == {"n": [1, 2.5, None, "é"]}


def test_postgresql_gets_its_own_types():
    made = str(CreateTable(Base.metadata.tables["thing"]).compile(dialect=postgresql.dialect()))
    for wanted in ("sha VARCHAR(64) NOT NULL", "seen TIMESTAMP WITH TIME ZONE NOT NULL", "facts JSONB"):
        assert wanted in made


def test_every_constraint_has_a_name_that_tells_what_it_holds():
    table = Base.metadata.tables["thing"]
    names = {c.name for c in table.constraints} | {i.name for i in table.indexes}
    assert names == {
        "pk_thing",
        "uq_thing_title",
        "ck_thing_sha_is_there",
        "fk_thing_other_thing",
        "ix_thing_seen",
    }

"""The dictionary is whole: nine competencies with five levels, four instruments with their constructs."""

from item_bank.competencies import COMPETENCIES, JOB_LEVELS, LEVELS
from item_bank.instruments import CAREER_PATHS, DIGITAL_PILLARS, INSTRUMENTS, POTENTIAL_ASPECTS


def test_there_are_eight_managerial_competencies_and_a_sociocultural_one():
    assert [c.code for c in COMPETENCIES] == [f"M.0{n}" for n in range(1, 9)] + ["SK.01"]


def test_every_competency_tells_five_different_levels():
    assert [level.number for level in LEVELS] == [1, 2, 3, 4, 5]
    assert all(len(set(c.levels)) == 5 for c in COMPETENCIES)
    assert len({text for c in COMPETENCIES for text in c.levels}) == 45


def test_no_default_standard_claims_to_be_verified():
    assert len(JOB_LEVELS) == 14
    assert all(1 <= job.required_level <= 5 and not job.verified for job in JOB_LEVELS)


def test_a_higher_post_never_asks_less():
    asked = {job.code: job.required_level for job in JOB_LEVELS}
    ladders = (
        ("pelaksana", "pengawas", "administrator", "jpt_pratama", "jpt_madya", "jpt_utama"),
        ("ahli_pertama", "ahli_muda", "ahli_madya", "ahli_utama"),
        ("pemula", "terampil", "mahir", "penyelia"),
    )
    for ladder in ladders:
        assert [asked[rung] for rung in ladder] == sorted(asked[rung] for rung in ladder)


def test_four_of_eight_aspects_of_potential_are_measured():
    assert len(POTENTIAL_ASPECTS) == 8
    assert list(INSTRUMENTS["potential"].constructs) == [
        "intellectual",
        "problem_solving",
        "emotional",
        "motivation",
    ]


def test_each_instrument_names_its_constructs():
    assert {code: len(one.constructs) for code, one in INSTRUMENTS.items()} == {
        "managerial_sociocultural": 9,
        "potential": 4,
        "digital_literacy": len(DIGITAL_PILLARS),
        "career_preference": len(CAREER_PATHS),
    }

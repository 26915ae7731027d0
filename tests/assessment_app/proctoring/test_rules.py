import pytest
from werkzeug.datastructures import MultiDict

from assessment_app.exam.rules import Phase, SittingState
from assessment_app.platform.errors import Invalid
from assessment_app.proctoring import messages
from assessment_app.proctoring.rules import SeatState, current, quiet, seat_state

WAITING, OPEN, CLOSED, SEALED = Phase.WAITING, Phase.OPEN, Phase.CLOSED, Phase.SEALED


@pytest.mark.parametrize(
    ("sitting", "has_device", "state"),
    [
        (None, True, SeatState.AWAITED),
        (SittingState.PRESENT, True, SeatState.PRESENT),
        (SittingState.WORKING, True, SeatState.WORKING),
        (SittingState.PRESENT, False, SeatState.RELEASED),
        (SittingState.WORKING, False, SeatState.RELEASED),
        (SittingState.DONE, True, SeatState.DONE),
        (SittingState.DONE, False, SeatState.DONE),
    ],
)
def test_a_seat_stands_as_its_sitting_does(sitting, has_device, state):
    assert seat_state(sitting, has_device=has_device) is state


MINUTE = 60_000


@pytest.mark.parametrize(
    ("heard", "changed", "state", "since"),
    [
        (0, 0, SeatState.WORKING, 0),
        (1.5, 4.9, SeatState.WORKING, 0),
        (1.6, 1.6, SeatState.OFFLINE, 1.6),
        (0.4, 5, SeatState.WORKING, 0),
        (0.4, 7, SeatState.IDLE, 7),
        (6, 9, SeatState.OFFLINE, 6),
        (-1440, -1440, SeatState.WORKING, 0),  # a clock that was set back a day accuses nobody
    ],
)
def test_a_silent_computer_is_offline_and_whoever_changes_nothing_is_idle(heard, changed, state, since):
    now = 10_000_000
    said = quiet(now, now - round(heard * MINUTE), now - round(changed * MINUTE))
    assert said == (state, round(since * MINUTE))


@pytest.mark.parametrize(
    ("phases", "at_hand"),
    [
        ([WAITING, WAITING], 0),
        ([OPEN, WAITING], 0),
        ([Phase.GRACE, WAITING], 0),
        ([CLOSED, WAITING], 1),
        ([SEALED, OPEN], 1),
        ([SEALED, SEALED], 1),
    ],
)
def test_the_part_at_hand_is_the_first_that_is_not_over(phases, at_hand):
    assert current(phases) == at_hand


@pytest.mark.parametrize(
    ("kind", "note", "words"),
    [
        ("sign-in", "first", "Masuk ujian"),
        ("start", "2", "Mulai bagian 2"),
        ("release", "Komputer rusak 100%", "Dilepas dari komputernya: Komputer rusak 100%"),
        ("add-time", "2 15 Listrik padam", "Bagian 2 ditambah 15 menit: Listrik padam"),
        ("something-new", "", "something-new"),
    ],
)
def test_an_event_is_told_in_words(kind, note, words):
    assert messages.event_words(kind, note) == words


@pytest.mark.parametrize(
    ("ms", "face"), [(0, "00.00.00"), (-5, "00.00.00"), (2_486_999, "00.41.26"), (36e5, "01.00.00")]
)
def test_a_duration_is_written_as_a_countdown(ms, face):
    assert messages.clock_face(int(ms)) == face


@pytest.mark.parametrize("minutes", ["", "0", "-5", "7", "6000"])
def test_only_offered_minutes_can_be_added(minutes):
    assert 7 not in messages.MINUTES
    with pytest.raises(Invalid):
        messages.MoreTime.parse(
            MultiDict({"n": "1", "after_entry": "1", "reason": "Listrik padam", "minutes": minutes})
        )

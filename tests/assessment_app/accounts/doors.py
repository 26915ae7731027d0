"""What the addresses of office and vault ask for, so that each can be tried: names in the address, and whole forms."""

from __future__ import annotations

ONE = "01234567-89ab-4cde-8f01-23456789abcd"

CSRF = {"_csrf": "csrf"}
FORMS: dict[str, dict[str, object]] = {
    "scheduling.add_session": {"starts": "2026-11-26T07:30", "ends": "2026-11-26T11:30"},
    "scheduling.set_browser": {"policy": "off"},
    "scheduling.add_sessions": {"first": "2026-11-26", "last": "2026-11-26", "weekday": "3", "starts": "07:30",
                                "ends": "11:30", "act": "make"},
    **{f"scheduling.{deed}": {"nip": "198503172010011987", "reason": "ingin tahu"}
       for deed in ("move", "swap", "take_off", "add_late")},
    "accommodations.grant": {"factor": "1,3", "reason": "ingin tahu"},
    "scheduling.new_pin": {"round": "1", "reason": "ingin tahu"},
    "proctoring.release": {"epoch": "1", "reason": "ingin tahu"},
    "proctoring.add_time": {"n": "1", "minutes": "60", "after_entry": "1", "reason": "ingin tahu"},
    "proctoring.add_break": {"n": "1", "after_entry": "1"},
    "proctoring.credit_outage": {"minutes": "60", "after_entry": "0", "reason": "ingin tahu"},
    "proctoring.move": {"id": ONE, "reason": "ingin tahu"},
    "proctoring.mark": {"id": ONE, "kind": "identity"},
    "proctoring.tell": {"id": ONE, "kind": "power", "seats": "1", "told": "ingin tahu", "done": "tidak ada"},
    "rescoring.choose": {"dilihat": "0" * 64, "alasan": "ingin tahu sekali"},
    "rescoring.propose": {"dilihat": "0" * 64, "alasan": "ingin tahu sekali"},
    "rescoring.turn_down": {"dilihat": "0" * 64, "alasan": "ingin tahu sekali"},
    "proctoring.lock": {"reason": "ingin tahu"},
    "proctoring.unlock": {"reason": "ingin tahu"},
    "proctoring.pause": {"reason": "ingin tahu", "after_event": "1000000"},
    "proctoring.pause_room": {"reason": "ingin tahu", "after_event": "1000000"},
    "proctoring.resume": {"after_event": "1000000"},
    "proctoring.resume_room": {"after_event": "1000000"},
    "proctoring.write": {"text": "ingin tahu"},
    "proctoring.announce": {"text": "ingin tahu"},
    "succession.acts.add_post": {"id": ONE, "jabatan": "Kepala Biro Umum", "jenjang": "administrator",
                                 "kelompok": "agency"},
    "succession.acts.propose": {"alasan": "ingin tahu sekali"},
    "succession.acts.decide": {"keputusan": "taken", "alasan": "ingin tahu sekali", "setelah": "1"},
    "succession.acts.note_technical": {"nilai": "80", "dasar": "ingin tahu"},
    "succession.acts.close": {"alasan": "ingin tahu sekali"},
    "personnel.decide": {"keadaan": "dibantah", "catatan": "ingin tahu", "setelah": "0"},
    "evidence.record": {"level": "Nasional", "date": "2025", "alasan": "ingin tahu sekali"},
    "evidence.mark_none": {"checked": "22-11-2026", "alasan": "ingin tahu sekali"},
    "evidence.take_back": {"alasan": "ingin tahu sekali"},
    "review.show_effect": {"choice": "confirm"},
    "review.save_draft": {"choice": "confirm", "profile": "0" * 64, "steps": "0"},
    "review.decide": {"choice": "confirm", "profile": "0" * 64, "steps": "0"},
    "review.judge": {"verdict": "back", "profile": "0" * 64, "steps": "0"},
    **{f"rule_drafts.{deed}": {"reason": "ingin tahu", "seen": "1", "version": "2027-2", "effective": "2027-03-01"}
       for deed in ("head", "edit_rule", "submit", "withdraw")},
    "progress.try_again": {"pekerjaan": "semua"},
    "report_issuing.issue": {"semua": "1"},
    **{f"rule_decisions.{deed}": {"reason": "ingin tahu sekali", "seen": "1"} for deed in ("approve", "send_back")},
}  # fmt: skip
"""What makes a form whole, so that it is refused for whose it is and not for how it is filled."""


IN_STATE = frozenset({"scheduling.add_session", "scheduling.add_sessions", "scheduling.move", "scheduling.swap",
                      "scheduling.take_off", "scheduling.add_late", "scheduling.freeze",
                      "proctoring.add_time", "proctoring.add_break",
                      "proctoring.credit_outage", "proctoring.announce", "proctoring.pause_room",
                      "accommodations.grant", "review.decide", "review.judge",
                      "review.sign_several", "rule_drafts.head", "rule_drafts.edit_rule", "rule_drafts.submit",
                      "rule_drafts.withdraw", "rule_decisions.approve", "rule_decisions.send_back",
                      "progress.try_again", "people.decide", "people.marked_rows", "proctoring.move", "proctoring.mark",
                      "rescoring.propose", "rescoring.choose", "rescoring.turn_down", "succession.acts.propose",
                      "succession.acts.decide", "succession.acts.note_technical"})  # fmt: skip
"""What may be refused for how its thing stands, once it is known that it is one's own."""

ANYTHING: dict[str, object] = {
    **dict.fromkeys((
        "wave_id", "session_id", "import_id", "account_id", "booking_id", "check_id", "proposal_id", "employee_id",
        "fact_id", "file_id", "draft_id", "upload_id", "correction_id", "post_id",
    ), ONE),
    **dict.fromkeys(("session_hash", "form_id", "sha256", "key_seal"), "0" * 64),
    **dict.fromkeys(("seat", "sitting_id", "version", "finding_no", "edition"), 1),
    "deed": "buka-kunci", "item_id": "x", "kind": "award", "name": "box.near_cut",
}  # fmt: skip
"""A name for everything that an address may ask for; a new kind of name has to be added here."""

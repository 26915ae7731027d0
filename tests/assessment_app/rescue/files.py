"""Files as a participant's page seals them, made here by other code than the page's; and what is done with them."""

import json
import os
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from assessment_app.exam.messages import RESCUE
from assessment_app.exam.queries import saved, views
from assessment_app.exam.rules import counting_answers, make_token
from assessment_app.platform.db import ANSWERS, EXAM, transaction
from assessment_app.platform.letters import key_name, public_key
from assessment_app.platform.security import secret
from assessment_app.rescue import actions, messages, queries
from item_bank.presentation import Choosing, parse

FORMAT = "proasn/rescue/1"


def unsent(seq, item, response, *, attempt=1, epoch=1, at_ms=1000):
    """One change as a page keeps it."""
    return {"attempt": attempt, "epoch": epoch, "seq": seq, "item": item, "response": response, "at_ms": at_ms,
            "spent_ms": 900}  # fmt: skip


def sealed(content, *, key=None, named=None, form=FORMAT):
    """Seal a document for the server whose public key is given; for ours when none is."""
    public = key or public_key(RESCUE)
    own = ec.generate_private_key(ec.SECP256R1())
    sender = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    derive = HKDF(algorithm=SHA256(), length=32, salt=sender + public, info=form.encode())
    nonce = os.urandom(12)
    head = {"format": form, "key": named or key_name(public), "sender": b64encode(sender).decode(),
            "nonce": b64encode(nonce).decode()}  # fmt: skip
    line = json.dumps(head).encode() + b"\n"
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    return line + AESGCM(derive.derive(own.exchange(ec.ECDH(), server))).encrypt(nonce, plain, line)


def file_of(owner, *changes, **more):
    """Make the file that the page of a device saves."""
    token = make_token(owner.sitting_id, owner.epoch, secret("exam-token"))
    return sealed({"token": token, "changes": list(changes)}, **more)


def look(lab, raw, by=None, where=None):
    """Judge a file as the preview does."""
    with transaction() as db, transaction(ANSWERS, reads_only=True) as answers:
        case = actions.take(db, by or lab.by, where or lab.where, messages.open_file(raw), secret("exam-token"))
        return actions.look(answers, db, case, lab.now)


def load(lab, raw, reason="Jaringan lab terputus", by=None, where=None):
    """Let a file in, as the route does; gives what was judged while it was written."""
    file, who, seat = messages.open_file(raw), by or lab.by, where or lab.where
    with transaction() as db, transaction(ANSWERS, reads_only=True) as answers:
        case = actions.take(db, who, seat, file, secret("exam-token"))
        new = sum(one.is_new for one in actions.look(answers, db, case, lab.now))
        if new:
            actions.record(db, who, seat, case, messages.Load(file, reason), new, lab.now)
    with transaction(ANSWERS) as answers, transaction(EXAM, reads_only=True) as db:
        return actions.write(answers, db, case, lab.now)


def log_of(owner):
    """Read a sitting's log."""
    with transaction(ANSWERS, reads_only=True) as answers:
        return queries.log(answers, owner.sitting_id)


def answers_of(attempt_id):
    """Fold an attempt's answers as its sheet would."""
    with transaction(ANSWERS, reads_only=True) as answers:
        return counting_answers(saved.arrived(answers, attempt_id))


def acked(owner):
    """Ask what the server promises the page of a sitting."""
    with transaction(ANSWERS, reads_only=True) as answers:
        return saved.acked_seq(answers, owner.sitting_id)


def questions(lab, owner, n=1):
    """Give the items of a part that options are chosen from: (item, options) each."""
    with transaction(reads_only=True) as db:
        form = parse(views.presentation(db, lab.sitting(owner).attempts[n - 1].form_id))
    return [(item.id, [option.id for option in item.options]) for item in form.items if isinstance(item, Choosing)]

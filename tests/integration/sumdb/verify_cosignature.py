"""Checks one Ed25519 cosignature (C2SP tlog-cosignature) with Python's cryptography package.

usage: verify_cosignature.py VKEY_FILE NOTE_FILE; exits 0 if the witness cosigned the checkpoint.
"""
import base64
import hashlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify(vkey: str, note: bytes) -> None:
    name, key_id, typed = vkey.split("+", 2)
    key = base64.b64decode(typed, validate=True)
    if key[0] != 4 or hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id:
        raise SystemExit("refused: not the key of a witness")
    body, lines = note[: note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2 :]
    for line in lines.decode().splitlines():
        dash, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash == "\u2014" and signer == name and raw[:4].hex() == key_id:
            time = int.from_bytes(raw[4:12], "big")
            message = f"cosignature/v1\ntime {time}\n".encode() + body
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[12:], message)
            print(f"ok: {name} cosigned at {time}")
            return
    raise SystemExit("refused: no cosignature of this witness")


try:
    with open(sys.argv[1]) as vkey_file, open(sys.argv[2], "rb") as note_file:
        verify(vkey_file.read().strip(), note_file.read())
except (InvalidSignature, ValueError) as error:
    raise SystemExit(f"refused: {error!r}") from error

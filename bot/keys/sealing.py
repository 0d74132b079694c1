"""Encryption with nothing around it: AES-256-GCM, bound to what it belongs to."""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
SEALED = b"\x01"
"""The first byte of what is sealed in this way; another way gets another byte."""
PLAIN = b"\x00"
"""The first byte of what an earlier program has kept unsealed: sealed at the next start."""


class Unopened(Exception):
    """It does not open: another key, another row, or bytes that somebody has changed."""


def new_key() -> bytes:
    """A key by the system's own chance: no seed of ours has a part in it."""
    return os.urandom(KEY_BYTES)


def new_name() -> str:
    """A random name for a key or a row, which nobody can guess and none has twice."""
    return os.urandom(12).hex()


def seal(key: bytes, words: bytes, *bound: object) -> bytes:
    """Encrypt; it opens with the same key and the same `bound` alone."""
    nonce = os.urandom(NONCE_BYTES)
    return SEALED + nonce + _cipher(key).encrypt(nonce, words, _bytes(bound))


def unseal(key: bytes, sealed: bytes, *bound: object) -> bytes:
    """Decrypt what was sealed with this key for the same `bound`."""
    start = len(SEALED) + NONCE_BYTES
    if sealed[: len(SEALED)] != SEALED:
        raise Unopened
    try:
        return _cipher(key).decrypt(sealed[len(SEALED) : start], sealed[start:], _bytes(bound))
    except (InvalidTag, ValueError):
        raise Unopened from None


def joined(keys: list[bytes]) -> bytes:
    """One key out of several: without any of them it cannot be made again."""
    return HKDF(SHA256(), KEY_BYTES, None, b"rounds joined keys").derive(b"".join(keys))


def marked(key: bytes, *what: object) -> str:
    """A mark of `what` that only this key makes, and that does not lead back."""
    mac = HMAC(key, SHA256())
    mac.update(_bytes(what))
    return mac.finalize().hex()


def fingerprint(master: bytes) -> str:
    """By what a master key is known, without telling anything of it."""
    return marked(master, "rounds master key")[:16]


@lru_cache(4096)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _bytes(bound: tuple[object, ...]) -> bytes:
    # With its length before each part, no two lists of parts read the same.
    return "".join([f"{len(part)}:{part}" for part in map(str, bound)]).encode()

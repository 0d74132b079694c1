"""The master key: from the environment, from a file, or made in one at the first start."""

from __future__ import annotations

import base64
import binascii
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.keys.sealing import KEY_BYTES, fingerprint, new_key

log = logging.getLogger(__name__)


class MasterError(Exception):
    """The master key cannot be used: says why, in one line, and never shows it."""


def read_master(text: str) -> bytes:
    """A master key as it is written: 32 bytes in base64 or as hexadecimal digits."""
    words = text.strip()
    with suppress(ValueError):
        if len(words) == 2 * KEY_BYTES:
            return bytes.fromhex(words)
    with suppress(binascii.Error, ValueError):
        padded = words + "=" * (-len(words) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True)
        if len(key) == KEY_BYTES:
            return key
    raise MasterError("a master key is 32 random bytes, in base64 or as 64 hexadecimal digits")


def write_master(key: bytes) -> str:
    """A master key as it is written down."""
    return base64.urlsafe_b64encode(key).decode()


@dataclass
class Masters:
    """The master keys that are at hand, by fingerprint.

    Files are read again when an unknown one is asked for: somebody may be replacing the key.
    """

    given: str | None = None
    """What the settings hold; then no file is used."""
    given_next: str | None = None
    """What the settings hold for the time after."""
    file: Path | None = None
    """Where the key is, or is made."""
    known: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def next_file(self) -> Path:
        """Where the key is that replaces the one in the file."""
        assert self.file is not None
        return self.file.with_name(f"{self.file.name}.next")

    def load(self) -> dict[str, bytes]:
        """Read what there is; nothing is made."""
        texts = {"ROUNDS_MASTER_KEY": self.given, "ROUNDS_MASTER_KEY_NEXT": self.given_next}
        if self.given is None and self.file is not None:
            texts |= {str(file): _read(file) for file in (self.file, self.next_file)}
        for where, text in texts.items():
            if text is not None:
                key = _read_from(where, text)
                self.known[fingerprint(key)] = key
        return self.known

    def find(self, name: str) -> bytes | None:
        """The key of this fingerprint."""
        return self.known.get(name) or self.load().get(name)

    def first(self) -> bytes:
        """The key to begin with; made in the file where there is none."""
        if self.given is not None:
            return read_master(self.given)
        if self.file is None:
            key = new_key()
            self.known[fingerprint(key)] = key
            return key
        if not self.file.exists():
            key = make_in(self.file)
            log.warning(
                "made a master key, %s beside the key store: keep a copy of it apart from the "
                "backups",
                self.file.name,
            )
            return key
        return make_in(self.file)

    def next(self) -> bytes:
        """The key that replaces the current one: the settings', or made in a file beside it."""
        if self.given is None:
            return make_in(self.next_file)
        if self.given_next is None:
            raise MasterError(
                "set ROUNDS_MASTER_KEY_NEXT to the new key, for every process, and start them "
                f"again; here is a new one: {write_master(new_key())}"
            )
        return read_master(self.given_next)

    def settle(self) -> None:
        """The new key has replaced the old one: let its file have the name."""
        if self.given is None and self.file is not None and self.next_file.exists():
            self.next_file.replace(self.file)
            _keep_folder(self.file)


def _read_from(where: str, text: str) -> bytes:
    try:
        return read_master(text)
    except MasterError as error:
        raise MasterError(f"{where}: {error}") from None


def make_in(file: Path) -> bytes:
    """The key in a file, made there for its owner's eyes only if there is none; whole or not."""
    text = _read(file)
    if text is not None:
        return read_master(text)
    key = new_key()
    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(write_master(key) + "\n")
            out.flush()
            os.fsync(out.fileno())
        # A link, unlike a move, fails where somebody else was faster.
        os.link(draft, file)
    except FileExistsError:
        return make_in(file)
    except OSError as error:
        raise MasterError(f"cannot write {file}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    _keep_folder(file)
    return key


def _read(file: Path) -> str | None:
    try:
        return file.read_text("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise MasterError(f"cannot read {file}: {error}") from None


def _keep_folder(file: Path) -> None:
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

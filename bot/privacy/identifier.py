"""What the guard finds: a piece of text, of which kind, how sure, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How sure the guard is: a BLOCK cannot be kept, an ASK is the author's to decide."""

    BLOCK = "block"
    ASK = "ask"


class Kind(StrEnum):
    """The kinds of 45 CFR 164.514(b)(2)(i), and the employers of its opening sentence."""

    NAME = "NAME"
    LOCATION = "LOCATION"
    ORG = "ORG"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    FAX = "FAX"
    EMAIL = "EMAIL"
    SSN = "SSN"
    MRN = "MRN"
    HEALTHPLAN = "HEALTHPLAN"
    ACCOUNT = "ACCOUNT"
    LICENSE = "LICENSE"
    VEHICLE = "VEHICLE"
    DEVICE = "DEVICE"
    URL = "URL"
    IP = "IP"
    BIOMETRIC = "BIOMETRIC"
    PHOTO = "PHOTO"
    OTHER_ID = "OTHER_ID"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A piece of the text that could identify somebody; `end` is the first place after it."""

    kind: Kind
    start: int
    end: int
    tier: Tier
    reason: str

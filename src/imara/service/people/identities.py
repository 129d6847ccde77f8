"""The store of identities: who a participant is, encrypted, apart from the trial's data; each look is an event."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, fields
from typing import cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from imara.service.ledger.recording import Actor, recorded
from imara.service.people.models import Identity


class IdentityUnreadableError(RuntimeError):
    """The key of this site does not open the identity: it was changed without the old one being named."""


@dataclass(frozen=True, repr=False)
class Who:
    """Who someone is, and how to reach them. It never shows itself in a log or an error message."""

    name: str = ""
    national_number: str = ""
    """Ten digits, no hyphen; empty where someone has none."""
    phone: str = ""
    email: str = ""
    address: str = ""
    contact: str = ""
    """Whom to call when the person cannot be reached, or the guardian, with the number."""

    def __repr__(self) -> str:
        return "Who(hidden)"


def keep(*, participant: str, who: Who, study: str, site: str, reason: str = "", by: Actor) -> Identity:
    """Enter or correct an identity.

    Args:
        participant: The participant's key.
        who: All that is known now.
        study: The participant's study, for the ledger.
        site: The participant's centre, for the ledger.
        reason: Why it is corrected.
        by: Who enters it.
    """
    with recorded(
        "people.identity_kept", by=by, study=study, site=site, subject=f"participant:{participant}", reason=reason
    ):
        identity = Identity.objects.select_for_update().filter(participant=participant).first()
        if identity is None:
            identity = Identity(participant=participant)
        identity.content = seal_words(json.dumps(asdict(who), ensure_ascii=False))
        identity.digest = digest(who.national_number)
        identity.save()
    return identity


def see(*, participant: str, study: str, site: str, reason: str, by: Actor) -> Who | None:
    """Look at an identity. The look and its reason stand in the ledger before anything is shown.

    Args:
        participant: The participant's key.
        study: The participant's study, for the ledger.
        site: The participant's centre, for the ledger.
        reason: Why one looks.
        by: Who looks.

    Returns:
        Who it is; None when nothing was entered.

    Raises:
        ValueError: There is no reason.
    """
    if not reason.strip():
        raise ValueError(str(_("Say why you need to see who this is.")))
    subject = f"participant:{participant}"
    with recorded("people.identity_seen", by=by, study=study, site=site, subject=subject, reason=reason.strip()):
        return _opened(Identity.objects.filter(participant=participant).first())


def is_known(participant: str) -> bool:
    """Tell whether an identity was entered, without opening it."""
    return Identity.objects.filter(participant=participant).exists()


def same_number(national_number: str, *, but: str = "") -> tuple[str, ...]:
    """Return the keys of participants with a national number. It opens no identity: digests are compared.

    Args:
        national_number: Ten digits.
        but: A participant to leave out.
    """
    if not national_number:
        return ()
    digests = [_digest(key, national_number) for key in _keys()]
    found = Identity.objects.filter(digest__in=digests).exclude(participant=but).order_by("pk")
    return tuple(found.values_list("participant", flat=True))


def rotate(*, by: Actor) -> int:
    """Encrypt every identity anew under the first key of the settings; return how many.

    To change the key: put the new secret in IMARA_IDENTITY_KEY and the old one in IMARA_IDENTITY_OLD_KEYS, start the
    site, run this, and take the old one out. Signatures on consent are encrypted words too; they stay readable as long
    as their key is among the old ones, and `participants` renews them.
    """
    count = 0
    for pk in list(Identity.objects.order_by("pk").values_list("pk", flat=True)):
        # One act each, so that a stop half-way leaves whole identities, all of them readable.
        with recorded("people.identity_reencrypted", by=by) as act:
            identity = Identity.objects.select_for_update().get(pk=pk)
            act.subject = f"participant:{identity.participant}"
            who = _opened(identity)
            identity.content = seal_words(json.dumps(asdict(who), ensure_ascii=False)) if who else identity.content
            identity.digest = digest(who.national_number) if who else ""
            identity.save()
        count += 1
    return count


def seal_words(words: str) -> bytes:
    """Return words encrypted under the first key."""
    return _cipher().encrypt(words.encode())


def open_words(sealed: bytes | memoryview) -> str:
    """Return the words that `seal_words` encrypted, under whichever of the keys.

    Raises:
        IdentityUnreadableError: None of the keys opens them.
    """
    try:
        return _cipher().decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise IdentityUnreadableError(
            "none of IMARA_IDENTITY_KEY and IMARA_IDENTITY_OLD_KEYS opens this; put back the key it was written with"
        ) from None


def digest(national_number: str) -> str:
    """Return the keyed digest of a national number under the first key; empty for none."""
    return _digest(_keys()[0], national_number) if national_number else ""


def _digest(key: bytes, national_number: str) -> str:
    # A key of its own for digests: what encrypts must not also authenticate.
    own = hmac.new(key, b"imara: digest of national numbers", hashlib.sha256).digest()
    return hmac.new(own, national_number.encode(), hashlib.sha256).hexdigest()


def _keys() -> list[bytes]:
    return [settings.IMARA_IDENTITY_KEY, *getattr(settings, "IMARA_IDENTITY_OLD_KEYS", ())]


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _opened(identity: Identity | None) -> Who | None:
    if identity is None:
        return None
    known = {field.name for field in fields(Who)}
    content = json.loads(open_words(cast(bytes, identity.content)))
    return Who(**{name: value for name, value in content.items() if name in known})

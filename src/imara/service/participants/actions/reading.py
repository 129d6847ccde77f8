"""Consent on a screen: asked by a one-time link, read page by page, questions answered, decided and signed."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imara.rules.consent import latest
from imara.service.ledger.recording import Actor, Recording, recorded
from imara.service.participants.actions.consent import asked_of, plan_of, text_hash
from imara.service.participants.models import Consent, Invitation, Participant, Question
from imara.service.participants.queries import information, invitation_of, locked, pages_of, subject_of
from imara.service.people import actions as people
from imara.service.people import identities
from imara.service.people.links import NewLink, make_link
from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies import queries as studies
from imara.service.studies.refusal import Reason, RefusedError
from imara.study.people import ConsentVersion

LINK_LASTS = timedelta(days=7)
RIGHT = 0
"""Place of the answer that fits, among the answers to a check question."""


def invite(
    *, participant: Participant, giver: str = "participant", language: str = "en", by: Actor
) -> tuple[Invitation, NewLink]:
    """Ask someone to read the information and decide on a screen. An invitation that was under way goes on.

    Args:
        participant: Who takes part, or would.
        giver: `participant`; or `guardian` and `assent`, where the study says that a guardian may consent.
        language: In which language they read.
        by: Who asks them.

    Returns:
        The invitation and a one-time link to it, which is shown once and kept nowhere.

    Raises:
        RefusedError: The study does not take consent on a screen, or not in this way.
    """
    with _act("participants.invited_to_decide", participant, by):
        now = studies.in_force(participant.study_id)
        person = locked(participant)
        plan = plan_of(now)
        name = latest(plan)
        version = plan.versions[name]
        reasons = asked_of(plan, name, giver)
        if "electronic" not in plan.forms:
            reasons.append(Reason("not-on-screen", _("In this study people consent on paper.")))
        elif not version.pages:
            reasons.append(Reason("nothing-to-read", _("The study file has no pages to read for this version.")))
        if language not in version.languages:
            words = _("The information does not exist in this language.")
            reasons.append(Reason("not-in-language", words, "language"))
        if reasons:
            raise RefusedError(*reasons)
        invitation = invitation_of(person, giver)
        if invitation is not None and invitation.consent_version != name:
            invitation.cancelled_at = timezone.now()
            invitation.save()
            invitation = None
        if invitation is None:
            account = _account(person, giver, language, by)
            invitation = Invitation(
                participant=person,
                version=now.version,
                consent_version=name,
                giver=giver,
                account=account.key,
                language=language,
                made_by=by.key,
            )
            invitation.save()
        account = Person.objects.get(key=invitation.account)
        link = make_link(person=account, leads_to=f"/consent/{invitation.pk}/", lifetime=LINK_LASTS, by=by)
    return invitation, link


def cancel_invitation(*, invitation: Invitation, reason: str, by: Actor) -> Invitation:
    """Take an invitation back: its page says so to whoever opens it."""
    with _act("participants.invitation_cancelled", invitation.participant, by, reason):
        kept = _under_way(invitation)
        kept.cancelled_at = timezone.now()
        kept.save()
    return kept


def read_page(*, invitation: Invitation, page: int, by: Actor) -> Invitation:
    """Save that a page was read, so that reading can stop and go on.

    Raises:
        RefusedError: Pages before it were not read, or its question waits for an answer.
    """
    with _act("participants.read", invitation.participant, by):
        kept = _mine(invitation, by)
        pages = pages_of(kept)
        if not 1 <= page <= len(pages) or page > kept.page + 1:
            raise RefusedError(Reason("page-skipped", _("Please read the pages in order.")))
        if pages[page - 1].check is not None and not _right(kept, page):
            raise RefusedError(Reason("check-open", _("Please answer the question on this page first.")))
        if page == kept.page + 1:
            kept.page = page
            kept.save()
    return kept


def answer_check(*, invitation: Invitation, page: int, answer: int, by: Actor) -> bool:
    """Record an answer to a page's question; return whether it fits the page.

    Args:
        invitation: The invitation.
        page: The page, from 1.
        answer: 0 for the one that fits, 1 and up for the others in the order of the study file.
        by: Who answers.

    Raises:
        RefusedError: The page has no such answer.
    """
    with _act("participants.check_answered", invitation.participant, by):
        kept = _mine(invitation, by)
        pages = pages_of(kept)
        check = pages[page - 1].check if 1 <= page <= len(pages) else None
        if check is None or answer not in range(len(check.wrong) + 1):
            raise RefusedError(Reason("no-such-answer", _("Choose one of the answers."), "answer"))
        before = kept.tries.get(str(page), {"tries": 0, "right": False})
        fits = answer == RIGHT
        if not before["right"]:
            kept.tries = {**kept.tries, str(page): {"tries": before["tries"] + 1, "right": fits}}
            kept.save()
    return fits


def ask(*, invitation: Invitation, words: str, page: int = 0, by: Actor) -> Question:
    """Ask something before deciding.

    Raises:
        RefusedError: There is nothing in it.
    """
    with _act("participants.asked", invitation.participant, by):
        kept = _mine(invitation, by)
        if not words.strip():
            raise RefusedError(Reason("question-empty", _("Write your question."), "words"))
        question = Question(invitation=kept, words=words.strip(), page=page)
        question.save()
    return question


def answered(*, question: Question, answer: str = "", by: Actor) -> Question:
    """Record that a question was answered: by whom, and in short what.

    The person who asked may close it themselves, when they need no answer any more.
    """
    with _act("participants.question_answered", question.invitation.participant, by):
        kept: Question = Question.objects.select_for_update().get(pk=question.pk)
        if kept.answered_at is not None:
            raise RefusedError(Reason("answered-already", _("This question was answered before.")))
        if not answer.strip() and by.key != kept.invitation.account:
            raise RefusedError(Reason("answer-empty", _("Write in short what was answered."), "answer"))
        kept.answer, kept.answered_at, kept.answered_by = answer.strip(), timezone.now(), by.key
        kept.save()
    return kept


def sign(*, invitation: Invitation, name: str, by: Actor) -> Consent:
    """Consent: the typed name, the time, the words that were read and the way it was done are kept together.

    Raises:
        RefusedError: With everything that comes first: pages, questions, a newer version, the name.
    """
    with _act("participants.consented", invitation.participant, by):
        kept = _mine(invitation, by)
        version = _current(kept)
        reasons = []
        if kept.page < len(version.pages):
            reasons.append(Reason("pages-left", _("Please read all pages first.")))
        if kept.questions.filter(answered_at__isnull=True).exists():
            reasons.append(Reason("question-open", _("You have asked something. We will answer before you decide.")))
        if not name.strip():
            reasons.append(Reason("name-missing", _("Write your name."), "name"))
        if reasons:
            raise RefusedError(*reasons)
        return _decide(kept, version, "given", by, identities.seal_words(name.strip()))


def refuse(*, invitation: Invitation, by: Actor) -> Consent:
    """Say no. That is possible on every page, without a reason."""
    with _act("participants.declined", invitation.participant, by):
        kept = _mine(invitation, by)
        return _decide(kept, _current(kept), "declined", by, None)


def words_hash(version: ConsentVersion, language: str) -> str:
    """Return the SHA-256 that ties a signature to what was on the screen: the version's words and the language."""
    return hashlib.sha256(f"{text_hash(version)} {language}".encode()).hexdigest()


def _decide(kept: Invitation, version: ConsentVersion, decision: str, by: Actor, signature: bytes | None) -> Consent:
    consent = Consent(
        participant=kept.participant,
        version=kept.version,
        consent_version=kept.consent_version,
        text_hash=words_hash(version, kept.language),
        language=kept.language,
        giver=kept.giver,
        decision=decision,
        method="electronic",
        on=timezone.localdate(),
        by=by.key,
        signature=signature,
        questions=[{"page": int(page), **tried} for page, tried in sorted(kept.tries.items())],
    )
    consent.save()
    kept.consent = consent
    kept.save()
    return consent


def _act(kind: str, person: Participant, by: Actor, reason: str = "") -> AbstractContextManager[Recording]:
    return recorded(
        kind, by=by, study=person.study_id, site=person.site, subject=subject_of(person), reason=reason.strip()
    )


def _under_way(invitation: Invitation) -> Invitation:
    locked(invitation.participant)
    kept: Invitation = Invitation.objects.select_related("participant", "version").get(pk=invitation.pk)
    if kept.cancelled_at is not None:
        raise RefusedError(Reason("cancelled", _("This invitation was taken back. Ask us if you want a new one.")))
    if kept.consent_id is not None:
        raise RefusedError(Reason("decided", _("You have decided already.")))
    return kept


def _mine(invitation: Invitation, by: Actor) -> Invitation:
    kept = _under_way(invitation)
    if kept.account != by.key:
        raise RefusedError(Reason("not-yours", _("This invitation is for somebody else.")))
    return kept


def _current(invitation: Invitation) -> ConsentVersion:
    plan = plan_of(studies.in_force(invitation.participant.study_id))
    if latest(plan) != invitation.consent_version:
        words = _("There is a newer version of what you have read. We will send you a new link.")
        raise RefusedError(Reason("newer-version", words))
    return information(invitation)


def _right(invitation: Invitation, page: int) -> bool:
    return bool(invitation.tries.get(str(page), {}).get("right"))


def _account(person: Participant, giver: str, language: str, by: Actor) -> Person:
    """Return the account that decides: the participant's own, or one for the guardian."""
    if giver != "guardian" and person.account:
        own: Person = Person.objects.get(key=person.account)
        return own
    account = people.invite(language=language, by=by)
    role = Role.SUPPORTER if giver == "guardian" else Role.PARTICIPANT
    people.assign(person=account, role=role, study=person.study_id, site=person.site, by=by)
    if giver != "guardian":
        person.account = account.key
        person.save()
    return account

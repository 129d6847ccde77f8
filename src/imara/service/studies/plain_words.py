"""A study's definition in plain words, for people who do not read study files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imara.service.studies.visitor import words
from imara.study.folder import StudyFolder
from imara.study.people import Criterion
from imara.study.study import Study
from imara.study.vocabulary import Duration


def in_plain_words(folder: StudyFolder) -> list[dict[str, Any]]:
    """Return rows of key and value. Sizes of blocks are left out: who enrols must not know them."""
    study = folder.study
    rows = [
        (_("What it asks"), words(study.summary)),
        (_("Centres"), _listed(words(site.label) for site in study.sites.values())),
        (_("Who can take part"), _listed(_criterion(one) for one in study.eligibility.include)),
        (_("Who cannot"), _listed(_criterion(one) for one in study.eligibility.exclude)),
        (_("Consent"), _consent(study)),
        (_("What is compared"), _arms(study)),
        (_("How it is decided who gets what"), _allocation(study)),
        (_("Who does not know it"), _blinding(study)),
        (_("Visits"), _listed(_visits(study))),
        (_("Forms"), _listed(_forms(folder))),
        (_("People planned"), str(study.target) if study.target else ""),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _listed(lines: Iterator[str] | list[str]) -> SafeString | str:
    found = list(lines)
    if not found:
        return ""
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in found)))


def _criterion(criterion: Criterion) -> str:
    question = words(criterion.ask)
    return f"{question} ({_('may be screened again later')})" if criterion.until_resolved else question


def _consent(study: Study) -> str:
    if study.consent is None:
        return ""
    ways = {"paper": _("on paper"), "electronic": _("on a screen")}
    sentences = [
        _("Consent is given %(ways)s.") % {"ways": f" {_('or')} ".join(ways[form] for form in study.consent.forms)}
    ]
    if study.consent.guardian:
        sentences.append(_("A guardian can consent when the person agrees."))
    return " ".join(sentences)


def _arms(study: Study) -> SafeString | str:
    if not study.arms:
        return _("Nothing: this is plain care, and everybody is offered the same.")
    return _listed(
        f"{words(arm.label)}: {words(arm.description)}" if arm.description else words(arm.label)
        for arm in study.arms.values()
    )


def _allocation(study: Study) -> str:
    if study.allocation is None:
        return ""
    methods = {
        "permuted-blocks": _("By chance, in blocks."),
        "minimisation": _("By chance, weighted so that the groups become alike (minimisation)."),
        "simple": _("By chance, each time anew."),
        "not-reported": _("It is not reported how."),
    }
    names = [
        _("the centre") if name == "site" else words(study.characteristics[name].label)
        for name in study.allocation.strata
    ]
    balanced = _("It looks at: %(names)s.") % {"names": ", ".join(names)} if names else ""
    return f"{methods[study.allocation.method]} {balanced}".strip()


def _blinding(study: Study) -> str:
    blinding = study.blinding
    groups = [
        (blinding.participants, _("those who take part")),
        (blinding.practitioners, _("those who deliver the programme")),
        (blinding.assessors, _("those who rate how people are")),
        (blinding.analysts == "until-lock", _("those who analyse, until the data are locked")),
    ]
    return ", ".join(name for is_blinded, name in groups if is_blinded)


def _visits(study: Study) -> Iterator[str]:
    for key, visit in study.visits.items():
        label = words(visit.label) if visit.label else key
        yield f"{label} ({length(visit.at)})" if visit.at.amount else label


def _forms(folder: StudyFolder) -> Iterator[str]:
    for form in folder.study.forms.values():
        visits = [folder.study.visits[name] for name in form.visits]
        when = ", ".join(words(visit.label) if visit.label else length(visit.at) for visit in visits)
        yield f"{words(folder.instruments[form.instrument].title)}: {when}"


def length(duration: Duration) -> str:
    """Return a length of time in the language of the page."""
    amount = duration.amount
    number = formats.number_format(int(amount) if float(amount).is_integer() else amount)
    count = 1 if abs(amount) == 1 else 2
    words_ = {
        "day": ngettext("%(number)s day", "%(number)s days", count),
        "week": ngettext("%(number)s week", "%(number)s weeks", count),
        "month": ngettext("%(number)s month", "%(number)s months", count),
        "year": ngettext("%(number)s year", "%(number)s years", count),
    }
    return words_[duration.unit] % {"number": number}

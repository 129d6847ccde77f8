"""The report's sections, in the order a reader needs them."""

from __future__ import annotations

from collections.abc import Iterator

from imara.analysis.result import Estimate
from imara.report.blocks import Section
from imara.report.figures.completeness import completeness_figure
from imara.report.figures.equivalence import equivalence_figure
from imara.report.figures.flow import flow_figure
from imara.report.figures.forest import FAMILIES, forest_figure
from imara.report.figures.profile import profile_figure
from imara.report.interpretation import interpret, joined
from imara.report.models import computed, covariance_table, estimand_table, model_tables, provenance_table
from imara.report.numbers import MISSING
from imara.report.tables import (
    Group,
    Table,
    baseline_table,
    completeness_table,
    family_table,
    outcome_table,
    sensitivity_table,
)
from imara.report.view import View
from imara.study.wording import wording_notice


def sections(view: View) -> tuple[Section, ...]:
    """Return all sections after the title and the plain-language page."""
    counter: dict[str, int] = {}

    def begin(name: str) -> Section:
        return Section(name, view.words.say(f"section.{name}"), counter)

    built = [
        _key(view, begin("key")),
        _flow(view, begin("flow")),
        _baseline(view, begin("baseline")),
        _completeness(view, begin("completeness")),
        *(_family(view, begin(family), family) for family in FAMILIES),
        _all(view, begin("all")),
    ]
    if any(view.others_of(estimate) for estimate in view.main_estimates):
        built.append(_sensitivity(view, begin("sensitivity")))
    built += [
        _methods(view, begin("methods")),
        _warnings(view, begin("warnings")),
        _assumed(view, begin("assumed")),
        _instruments(view, begin("instruments")),
        _provenance(view, begin("provenance")),
        _glossary(view, begin("glossary")),
    ]
    return tuple(section for section in built if section.blocks)


def _key(view: View, section: Section) -> Section:
    estimate = view.key_estimate
    judged = view.judged(estimate) if estimate else ()
    if estimate is None or not judged:
        section.callout(view.words.say("key.one-arm" if len(view.arms) < 2 else "key.nothing"))
        return section
    cautions: list[str] = []
    for contrast in judged:
        reading = interpret(view, estimate, contrast)
        section.callout(view.words.say("key.sentence", finding=reading.finding, short=reading.short))
        section.paragraph(reading.verdict)
        cautions += reading.cautions
    for contrast in view.also_judged(estimate):
        reading = interpret(view, estimate, contrast)
        section.paragraph(joined([f"{reading.finding}.", reading.verdict]))
        cautions += reading.cautions
    section.paragraph(_margin(view, estimate))
    if cautions:
        section.heading(view.words.say("key.caution-heading"), "key-cautions")
        section.bullets(list(dict.fromkeys(cautions)))
    section.figure(equivalence_figure(view, estimate))
    return section


def _margin(view: View, estimate: Estimate) -> str:
    outcome, words = view.outcome(estimate), view.words
    if outcome is None or outcome.smallest_effect is None:
        return ""
    amount = view.numbers.plain(outcome.smallest_effect)
    margin = words.say(
        "key.margin", margin=amount, points=words.say(f"unit.{outcome.measure}.{'one' if amount == '1' else 'many'}")
    )
    source = outcome.smallest_effect_source
    origin = (
        words.say("key.margin-source", source=view.names.text(source)) if source else words.say("key.margin-no-source")
    )
    return f"{margin} {origin}"


def _flow(view: View, section: Section) -> Section:
    section.figure(flow_figure(view))
    if view.result.flow.note:
        section.note(f"{view.words.say('flow.note-label')} {_flow_note(view)}")
    return section


def _flow_note(view: View) -> str:
    """Return the note in the report's language where it is the study file's own."""
    reported, note = view.folder.study.flow, view.result.flow.note or ""
    return view.names.text(reported.source) if reported is not None and note == reported.source.en else note


def _baseline(view: View, section: Section) -> Section:
    table = baseline_table(view)
    section.table(table)
    if table is None:
        section.paragraph(view.words.say("baseline.none"))
    return section


def _completeness(view: View, section: Section) -> Section:
    table = completeness_table(view)
    section.figure(completeness_figure(view))
    section.table(table)
    if table is None:
        section.paragraph(view.words.say("completeness.none"))
    return section


def _family(view: View, section: Section, family: str) -> Section:
    table = family_table(view, family)
    if table is None and family == "process":
        return section  # a study of recovery owes no word on the process of care
    intro = view.words.say(f"family.{family}-intro")
    section.paragraph(intro if table is not None else f"{intro} {view.words.say(f'family.{family}-none')}")
    if table is None:
        return section
    section.table(table)
    for estimate in view.family(family):
        section.heading(view.names.outcome(estimate.outcome), f"outcome-{estimate.id.replace('.', '-')}-heading")
        if estimate is not view.key_estimate:
            for contrast in (*view.judged(estimate), *view.also_judged(estimate)):
                reading = interpret(view, estimate, contrast)
                section.paragraph(joined([f"{reading.finding}.", reading.verdict]))
            section.paragraph(_margin(view, estimate))
        section.bullets(view.warnings(estimate))
        section.figure(profile_figure(view, estimate))
        if estimate.means or estimate.contrasts:
            section.table(outcome_table(view, estimate))
        if estimate is not view.key_estimate:
            section.figure(equivalence_figure(view, estimate))
    return section


def _all(view: View, section: Section) -> Section:
    section.figure(forest_figure(view))
    return section


def _sensitivity(view: View, section: Section) -> Section:
    for estimate in view.main_estimates:
        section.table(sensitivity_table(view, estimate))
    return section


def _methods(view: View, section: Section) -> Section:
    alone = []
    for estimate in view.main_estimates:
        others, name = view.others_of(estimate), view.names.outcome(estimate.outcome)
        if not others and len(view.main_estimates) > 1:
            alone.append(estimate)
            continue
        section.heading(name, f"method-{estimate.outcome}")
        section.table(estimand_table(view, estimate))
        for table in model_tables(view, (estimate, *others), name):
            section.table(table)
        section.table(covariance_table(view, estimate))
    if alone:
        # Outcomes analysed once share their tables: a trial may have a dozen.
        title = view.words.say("model.analysed-once")
        section.heading(title, "method-once")
        for estimate in alone:
            section.table(estimand_table(view, estimate))
        for table in model_tables(view, alone, title):
            section.table(table)
        for estimate in alone:
            section.table(covariance_table(view, estimate))
    return section


def _warnings(view: View, section: Section) -> Section:
    found = [*view.result.warnings]
    for estimate in view.result.analyses:
        found += [
            f"{view.words.say('warnings.from', analysis=estimate.id)} {words}" for words in view.warnings(estimate)
        ]
        if not estimate.converged and computed(estimate):
            found.append(
                f"{view.words.say('warnings.from', analysis=estimate.id)} {view.words.say('caution.not-converged')}"
            )
    section.paragraph(view.words.say("warnings.intro" if found else "warnings.none"))
    section.bullets(found)
    return section


def _assumed(view: View, section: Section) -> Section:
    study, words, text = view.folder.study, view.words, view.names.text
    items: list[str] = [text(assumption) for assumption in study.assumed]
    if study.allocation is not None and study.allocation.assumed is not None:
        items.append(f"{words.say('assumed.allocation')} {text(study.allocation.assumed)}")
    for instrument in view.folder.instruments.values():
        if instrument.provisional is not None:
            items.append(
                f"{words.say('assumed.instrument', instrument=instrument.short)} {text(instrument.provisional)}"
            )
    section.paragraph(words.say("assumed.intro" if items else "assumed.none"))
    section.bullets(items)
    return section


def _instruments(view: View, section: Section) -> Section:
    if not view.folder.instruments:
        return section
    section.note(wording_notice(view.words.language))
    words, rows = view.words, []
    for instrument in view.folder.instruments.values():
        licence = instrument.licence
        holder = f" ({licence.holder})" if licence.holder else ""
        rows.append(
            (
                f"{view.names.text(instrument.title)} ({instrument.short})",
                words.say(f"instruments.status.{licence.status}") + holder,
                str(view.names.text(licence.note)),
                " ".join(instrument.source) or MISSING,
            )
        )
    heads = ("name", "licence", "note", "source")
    section.table(
        Table(
            "instruments",
            words.say("instruments.caption"),
            tuple(words.say(f"instruments.{head}") for head in heads),
            (Group(None, tuple(rows)),),
            words=True,
        )
    )
    return section


def _provenance(view: View, section: Section) -> Section:
    section.paragraph(view.words.say("provenance.intro"))
    section.table(provenance_table(view))
    data = view.folder.study.data
    if data is not None:
        section.paragraph(
            view.words.say("provenance.data-licence", source=view.names.text(data.source), licence=data.licence)
        )
    publications = view.folder.study.publications
    if publications:
        section.heading(view.words.say("provenance.publications"), "publications")
        section.bullets([one.citation + (f" doi:{one.doi}" if one.doi else "") for one in publications])
    return section


def _glossary(view: View, section: Section) -> Section:
    section.terms(tuple(_glossary_terms(view)))
    return section


def _glossary_terms(view: View) -> Iterator[tuple[str, str]]:
    keys = dict.fromkeys(key.split(".")[1] for key in view.words.sentences if key.startswith("glossary."))
    for key in keys:
        yield view.words.say(f"glossary.{key}.term"), view.words.say(f"glossary.{key}.means")

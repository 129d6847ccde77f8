"""The report as one HTML file: words, figures, style and fonts inside, nothing fetched."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from imara.report import fonts
from imara.report.blocks import Section
from imara.report.figures import Figure
from imara.report.models import software
from imara.report.plain import plain_page
from imara.report.sections import sections
from imara.report.view import View

SHORT_HASH = 12


@cache
def _environment() -> Environment:
    # Everything is escaped unless this module made it itself: study files are other people's text.
    return Environment(
        loader=PackageLoader("imara.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return files("imara.report").joinpath("templates/report.css").read_text(encoding="utf-8")


def html_page(view: View, built: tuple[Section, ...]) -> str:
    """Return the whole report as HTML."""
    drawings = {
        block.figure.name: Markup("\n").join(
            Markup(svg) for svg in block.figure.inline()
        )  # made by ElementTree, which escapes
        for section in built
        for block in section.blocks
        if block.figure is not None
    }
    template = _environment().get_template("report.html.j2")
    study = view.folder.study
    draft = template.render(
        view=view,
        study=study,
        say=view.words.say,
        text=view.names.text,
        language=view.words.language,
        title=view.names.text(study.title),
        sections=built,
        plain=plain_page(view),
        drawings=drawings,
        facts=_facts(view),
        software=software(view),
        hash=view.result.provenance.data_sha256[:SHORT_HASH],
        style=Markup(_style()),
        faces=Markup("@@faces@@"),  # filled in below, when it is known which characters are needed
    )
    return draft.replace("@@faces@@", fonts.css(draft), 1)


def figures_of(built: tuple[Section, ...]) -> tuple[Figure, ...]:
    """Return the figures of the sections in order."""
    return tuple(block.figure for section in built for block in section.blocks if block.figure is not None)


def build(view: View) -> tuple[Section, ...]:
    """Return the sections of a view."""
    return sections(view)


def _facts(view: View) -> tuple[tuple[str, str], ...]:
    study, words, names = view.folder.study, view.words, view.names
    registration = study.registration
    registered = (
        f"{registration.registry} {registration.number}" if registration else words.say("page.registration-none")
    )
    facts = [(words.say("page.registration-label"), registered)]
    if len(study.arms) > 1:
        treatments = words.listing([names.arm(arm) for arm in study.treatment_arms])
        facts.append(
            (
                words.say("page.arms-label"),
                words.say("page.against", treatments=treatments, reference=view.reference_name),
            )
        )
    facts += [
        (words.say("page.phase-label"), words.say(f"page.phase.{study.phase}")),
        (words.say("page.data-label"), view.result.provenance.data_file),
        (words.say("page.generated-label"), _time(view)),
    ]
    return tuple(facts)


def _time(view: View) -> str:
    moment = view.result.provenance.generated
    return f"{moment[:10]} {moment[11:16]} UTC" if len(moment) >= 16 and moment[10] == "T" else moment  # ISO 8601

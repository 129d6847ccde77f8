"""What is compared: arms and their programmes, and how people are allocated to them."""

from __future__ import annotations

from imara.study.checks.findings import Findings, References
from imara.study.document import Place
from imara.study.intervention import Allocation
from imara.study.study import Study


def check_arms(study: Study, references: References, findings: Findings) -> None:
    """Check arms, their programmes and the allocation."""
    if not findings.names("arms"):
        _check_absent(study, findings)
        return
    if len(study.arms) == 1:
        message = "one arm alone compares nothing"
        findings.wrong(("arms",), message, "two or more arms, or none for plain care", found=next(iter(study.arms)))
    _check_reference(study, findings)
    for key, arm in study.arms.items():
        if arm.programme is not None:
            _check_programme(key, arm.programme, study, references, findings)
    if study.allocation is not None:
        _check_allocation(study, study.allocation, findings)
    elif study.arms:
        message = "the file does not say how people are allocated to arms"
        findings.doubtful(("arms",), message, "an 'allocation' entry; 'method: not-reported' where no source says it")


def _check_absent(study: Study, findings: Findings) -> None:
    """Report in one go all that names arms in a study without any."""
    parts = {"allocation": study.allocation is not None}
    for key, analysis in study.analyses.items():
        parts[f"analyses.{key}.clusters"] = bool(analysis.clusters)
        parts[f"analyses.{key}.missing.sensitivity"] = bool(analysis.missing.sensitivity)
    for key, scenario in study.scenarios.items():
        parts[f"scenarios.{key}"] = any(assumed.means for assumed in scenario.outcomes.values())
    if study.data is not None:
        parts["data.columns.arm"] = "arm" in study.data.columns
        parts["data.values.arm"] = "arm" in study.data.values
    parts["flow.allocated"] = study.flow is not None and bool(study.flow.allocated)
    naming = [part for part, names_arms in parts.items() if names_arms]
    if naming:
        findings.lacks_arms = True
        message = f"these parts name arms, and the file has none: {', '.join(naming)}"
        findings.wrong(("arms",), message, "an 'arms' entry with two or more arms, or none of these parts")


def _check_reference(study: Study, findings: Findings) -> None:
    marked = [key for key, arm in study.arms.items() if arm.reference]
    if study.arms and not marked:
        message = "no arm is the reference that the others are compared with"
        findings.wrong(("arms",), message, "'reference: true' in one arm")
    for key in marked[1:]:
        message = f"two arms are the reference: '{marked[0]}' is already"
        findings.wrong(("arms", key, "reference"), message, "'reference: true' in one arm only", "false")


def _check_programme(key: str, name: str, study: Study, references: References, findings: Findings) -> None:
    if name not in references.programmes:
        findings.unknown(("arms", key, "programme"), name, references.programme_names, "programme")
        return
    programme = references.programmes[name]
    if programme is None:
        return
    if programme.group_size is not None and programme.group_size > 1 and not study.arms[key].grouped:
        message = f"the programme '{name}' is delivered in groups, but this arm is not marked as grouped"
        findings.doubtful(("arms", key), message, "'grouped: true', since people in a group may become alike")


def _check_allocation(study: Study, allocation: Allocation, findings: Findings) -> None:
    arms = findings.names("arms")
    for arm in allocation.ratio:
        if arm not in arms:
            findings.unknown(("allocation", "ratio", arm), arm, arms, "arm")
    missing = [arm for arm in study.arms if arm not in allocation.ratio]
    if allocation.ratio and missing:
        message = f"the ratio has no share for {', '.join(missing)}"
        findings.wrong(("allocation", "ratio"), message, f"a share for each of {', '.join(study.arms)}")
    _check_strata(study, allocation, findings)
    _check_blocks(study, allocation, findings)
    if study.phase != "completed" and allocation.method == "not-reported":
        message = f"a {study.phase} study cannot be run without a way to allocate people"
        allowed = "permuted-blocks, minimisation, simple"
        findings.wrong(("allocation", "method"), message, allowed)


def _check_strata(study: Study, allocation: Allocation, findings: Findings) -> None:
    levelled = [key for key, value in study.characteristics.items() if value.kind in ("category", "yes-no")]
    names = findings.names("characteristics")
    known = (*(("site",) if findings.names("sites") else ()), *names)
    for index, stratum in enumerate(allocation.strata):
        place: Place = ("allocation", "strata", index)
        if stratum not in known:
            findings.unknown(place, stratum, known, "characteristic")
        elif stratum in study.characteristics and stratum not in levelled:
            message = f"allocation balances within levels, and '{stratum}' is a {study.characteristics[stratum].kind}"
            findings.wrong(place, message, ", ".join([name for name in known if name in ("site", *levelled)]) or None)
    findings.repeated(("allocation", "strata"), allocation.strata, "stratum")
    if allocation.strata and allocation.method == "simple":
        message = "simple allocation does not look at strata"
        findings.wrong(("allocation", "strata"), message, "strata with permuted-blocks or minimisation")
    if allocation.method == "minimisation" and not allocation.strata:
        message = "minimisation needs something to balance"
        findings.wrong(("allocation", "method"), message, "'strata' with site or characteristics")


def _check_blocks(study: Study, allocation: Allocation, findings: Findings) -> None:
    shares = [allocation.ratio.get(arm, 1) for arm in study.arms]
    total = sum(shares)
    for index, size in enumerate(allocation.block_sizes):
        if size % total:
            place: Place = ("allocation", "block_sizes", index)
            ratio = ":".join(str(share) for share in shares)
            below, above = size - size % total, size + total - size % total
            nearest = below if below and size - below <= above - size else above
            message = f"a block of {size} cannot hold arms in the ratio {ratio}"
            findings.wrong(place, message, f"multiples of {total}", str(nearest), found=str(size))
    if allocation.block_sizes and allocation.method in ("simple", "minimisation"):
        message = f"{allocation.method} has no blocks"
        findings.wrong(("allocation", "block_sizes"), message, "block sizes with permuted-blocks")
    if allocation.method == "permuted-blocks" and not allocation.block_sizes:
        place = ("allocation", "method")
        message = "permuted blocks need their sizes"
        allowed = f"'block_sizes' with multiples of {total}, as in [{2 * total}, {3 * total}]"
        if study.phase == "completed":
            findings.doubtful(place, message, allowed)
        else:
            findings.wrong(place, message, allowed)
    if allocation.random_element is not None and allocation.method != "minimisation":
        message = f"{allocation.method} has no random element to set"
        findings.wrong(("allocation", "random_element"), message, "a random element with minimisation")
    if allocation.method == "minimisation" and allocation.random_element is None:
        message = "minimisation without a random element can be foreseen by those who enrol"
        findings.doubtful(("allocation", "method"), message, "'random_element', for instance 0.8")

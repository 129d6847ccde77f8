"""Pages of studies: loading from the package or a file, amending with a look before, and steps."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests import harbour
from tests.harbour import ADMINISTRATOR, NAME

from imara.service.people.models import Person
from imara.service.people.roles import Role
from imara.service.studies import actions, queries
from imara.service.studies.models import ConductedStudy, StudyVersion
from imara.service.studies.states import State
from imara.study.library import CONTENT
from imara.study.write import dump

TEXT = (harbour.FOLDER / "study.yaml").read_text(encoding="utf-8")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def client(db: None) -> Client:
    """The administrator's browser."""
    return signed_in(harbour.member(Role.ADMINISTRATOR, study=""))


def file(text: str = TEXT, name: str = "study.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def zipped(files: dict[str, str]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return SimpleUploadedFile("harbour.zip", buffer.getvalue())


def test_one_that_comes_with_the_software(client: Client) -> None:
    response = client.post(reverse("studies:load"), {"source": "packaged", "name": "imr-denmark"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("studies:study", args=["imr-denmark"])
    assert "Illness Management and Recovery" in page
    assert "Draft" in page


@pytest.mark.parametrize("inside", ["", "harbour/"])
def test_a_file_or_a_folder_in_a_zip(client: Client, inside: str) -> None:
    client.post(reverse("studies:load"), {"source": "upload", "file": zipped({f"{inside}study.yaml": TEXT})})
    assert queries.in_force(NAME).folder.fingerprint == harbour.folder().fingerprint


def test_a_zip_brings_its_own_instruments(client: Client) -> None:
    own = harbour.folder().instruments["phq-9"].model_copy(update={"short": "OWN"})
    examples = (CONTENT / "instruments" / "phq-9" / "scored-examples.csv").read_text(encoding="utf-8")
    inside = "harbour/instruments/phq-9"
    files = {
        "harbour/study.yaml": TEXT,
        f"{inside}/instrument.yaml": dump(own),
        f"{inside}/scored-examples.csv": examples,
    }
    client.post(reverse("studies:load"), {"source": "upload", "file": zipped(files)})
    assert queries.in_force(NAME).folder.instruments["phq-9"].short == "OWN"


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: file(TEXT.replace("age >= 18", "aeg >= 18")), "Did you mean &#x27;age&#x27;?"),
        (lambda: file("study: [", "mine.yaml"), "mine.yaml"),
        (lambda: zipped({"a.txt": "hello"}), "a study.yaml in it"),
        (lambda: zipped({"../study.yaml": TEXT}), "would lie outside its folder"),
        (lambda: zipped({"/study.yaml": TEXT}), "would lie outside its folder"),
        (lambda: zipped({"a/study.yaml": TEXT, "b/study.yaml": TEXT}), "does not hold one study"),
        (lambda: None, "Choose a file."),
    ],
)
def test_a_file_that_cannot_be_used_is_explained(client: Client, upload: object, words: str) -> None:
    sent = upload()  # type: ignore[operator]
    response = client.post(reverse("studies:load"), {"source": "upload", **({"file": sent} if sent else {})})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "/tmp" not in page
    assert not ConductedStudy.objects.exists()


def test_the_line_of_a_mistake_is_told(client: Client) -> None:
    page = client.post(
        reverse("studies:load"), {"source": "upload", "file": file(TEXT.replace("by: participant", "by: nobody"))}
    )
    number = 1 + TEXT[: TEXT.index("by: participant")].count("\n")
    assert f"study.yaml, line {number}, forms.mood.by" in page.content.decode()


def test_a_study_is_not_loaded_twice(client: Client) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    response = client.post(reverse("studies:load"), {"source": "upload", "file": file()})
    assert response.status_code == 422
    assert "Load the new version as an amendment." in response.content.decode()


def test_who_may_load_one_study_loads_no_other(db: None) -> None:
    client = signed_in(harbour.member(Role.STATISTICIAN, study="lighthouse"))
    assert client.post(reverse("studies:load"), {"source": "upload", "file": file()}).status_code == 403
    assert not ConductedStudy.objects.exists()


def test_amending_shows_what_would_change_and_does_nothing_yet(client: Client) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    address = reverse("studies:amend", args=[NAME])
    new = TEXT.replace("end: {at: 6 months", "end: {at: 7 months")
    page = client.post(address, {"source": "upload", "file": file(new), "reason": "Protocol 1.1"}).content.decode()
    assert "The visit &#x27;end&#x27; moves from 6 months to 7 months." in page
    assert "Protocol 1.1" in page
    assert StudyVersion.objects.count() == 1
    sealed = page.split('name="preview" value="')[1].split('"')[0]
    response = client.post(address, {"preview": sealed}, follow=True)
    assert "Version 2 is in force." in response.content.decode()
    assert queries.in_force(NAME).study.visits["end"].at.amount == 7
    # The same page sent twice, or sent after somebody else has amended the study.
    response = client.post(address, {"preview": sealed}, follow=True)
    assert "Somebody has amended the study meanwhile." in response.content.decode()
    assert StudyVersion.objects.count() == 2


def test_what_was_shown_cannot_be_exchanged(client: Client) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    response = client.post(reverse("studies:amend", args=[NAME]), {"preview": "made:up"}, follow=True)
    assert "This page was too old." in response.content.decode()


def test_what_would_be_lost_is_shown_and_cannot_be_confirmed(client: Client) -> None:
    harbour.load()
    harbour.consented()
    new = TEXT.replace("minimum: 0, maximum: 120", "minimum: 45, maximum: 120")
    page = client.post(
        reverse("studies:amend", args=[NAME]), {"source": "upload", "file": file(new), "reason": "x"}
    ).content.decode()
    assert "characteristics.age.minimum" in page
    assert "40 is recorded; 40 or less is possible here." in page
    assert 'name="preview"' not in page


@pytest.mark.parametrize(
    ("renames", "words"),
    [("visits end month-6", "is not an old place"), ("visits.finish = month-6", "nothing of this name")],
)
def test_renames_that_cannot_be_read_stay_as_typed(client: Client, renames: str, words: str) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    typed = {
        "source": "upload",
        "file": file(TEXT.replace("6 months", "7 months")),
        "reason": "Why so",
        "renames": renames,
    }
    response = client.post(reverse("studies:amend", args=[NAME]), typed)
    assert response.status_code == 422
    for part in (words, renames, "Why so"):
        assert part in response.content.decode()


def test_the_study_page_tells_the_study_in_plain_words_and_no_block_sizes(client: Client) -> None:
    harbour.load()
    harbour.member(Role.COORDINATOR, harbour.EAST, name="Carla")
    page = client.get(reverse("studies:study", args=[NAME])).content.decode()
    for words in (
        "Does a walk help?",
        "Is the person 18 or older?",
        "By chance, in blocks.",
        "Carla",
        "Patient Health Questionnaire",
    ):
        assert words in page
    assert "2, 4" not in page
    coordinator = signed_in(harbour.member(Role.COORDINATOR, harbour.EAST))
    page = coordinator.get(reverse("studies:study", args=[NAME])).content.decode()
    assert reverse("participants:screen", args=[NAME, "east"]) in page
    assert reverse("participants:screen", args=[NAME, "west"]) not in page
    assert reverse("studies:amend", args=[NAME]) not in page


def test_a_version_shows_what_it_changed(client: Client) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    new = harbour.changed(lambda fields: fields.update(target=90))
    actions.amend(study=NAME, folder=new, reason="Larger", by=ADMINISTRATOR)
    page = client.get(reverse("studies:version", args=[NAME, 2])).content.decode()
    assert "The number of people planned is now 90" in page
    assert "It is in force." in page
    assert "A later version is in force." in client.get(reverse("studies:version", args=[NAME, 1])).content.decode()
    assert client.get(reverse("studies:version", args=[NAME, 3])).status_code == 404


def test_a_step_is_asked_once_more(client: Client) -> None:
    actions.load(folder=harbour.folder(), by=ADMINISTRATOR)
    address = reverse("studies:step", args=[NAME, "open"])
    assert "Centres can begin to screen people." in client.get(address).content.decode()
    assert queries.in_force(NAME).state is State.DRAFT
    assert client.post(address, {"reason": "Approved"}).status_code == 302
    assert queries.in_force(NAME).state is State.OPEN
    assert client.post(address, {}).status_code == 422
    assert client.get(reverse("studies:step", args=[NAME, "burn"])).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_steps_are_the_administrators(db: None, role: Role) -> None:
    harbour.load()
    client = signed_in(harbour.member(role))
    assert client.post(reverse("studies:step", args=[NAME, "pause"])).status_code == 403
    assert queries.in_force(NAME).state is State.OPEN


def test_the_list_holds_the_studies_one_has_a_role_in(client: Client) -> None:
    harbour.load()
    listed = reverse("studies:studies")
    assert "Harbour" in client.get(listed).content.decode()
    assert "Harbour" in signed_in(harbour.member(Role.MONITOR)).get(listed).content.decode()
    assert "Harbour" not in signed_in(harbour.member(Role.MONITOR, study="other")).get(listed).content.decode()
    assert Path(harbour.FOLDER, "study.yaml").is_file()


def test_the_study_page_is_danish_throughout_in_danish(client: Client) -> None:
    harbour.load()
    client.cookies["django_language"] = "da"
    page = client.get(reverse("studies:study", args=[NAME])).content.decode()
    for words in ("Hjælper en gåtur?", "6 måneder", "Er personen fyldt 18?"):
        assert words in page
    for words in ("Does a walk help?", "months", "East"):
        assert words not in page

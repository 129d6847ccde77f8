"""Pages of one's own account: what it holds, its language, what was kept, how long one stays signed in, signed out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imara.service.ledger.recording import Actor
from imara.service.people import kept, languages, queries
from imara.service.people.doorkeeper import open_to_all, open_to_signed_in
from imara.service.people.entrances import areas
from imara.service.people.forms import LanguageForm
from imara.service.people.pages.acting import visitor
from imara.service.people.places import name_of, title_of
from imara.service.people.role_names import ROLE_NAMES
from imara.service.people.roles import Role
from imara.service.people.second_factor import needs_second_factor, second_steps


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: what one can do here. Strangers are sent to sign in."""
    if not request.user.is_authenticated:
        first = "demonstration:first_page" if settings.IMARA_DEMO else settings.LOGIN_URL
        return redirect(first)
    person = visitor(request)
    is_staff = needs_second_factor(person)
    return render(
        request,
        "people/home.html",
        {"areas": areas(person), "layout": f"imara/base_{'staff' if is_staff else 'participant'}.html"},
    )


@open_to_signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: name, roles, ways to sign in; and the language of pages, which can be chosen."""
    person = visitor(request)
    form = LanguageForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["language"]
        languages.choose(person=person, language=chosen, by=Actor(person.key, "self"))
        with translation.override(chosen):
            messages.success(request, _("Your pages are in English now."))
        response = HttpResponseRedirect(reverse("account"))
        # What this device was told before gives way to what is stored.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    held = [
        {
            "role": ROLE_NAMES[Role(one.role)],
            "study": title_of(one.study) if one.study else "",
            "site": name_of(one.study, one.site) if one.site else "",
        }
        for one in queries.assignments(person)
    ]
    context = {
        "person": person,
        "form": form,
        "roles": held,
        "steps": second_steps(person),
        "staff": needs_second_factor(person),
    }
    return render(request, "people/account.html", context)


@open_to_signed_in
@never_cache
@require_safe
def kept_form(request: HttpRequest) -> HttpResponse:
    """What one had typed when one's session ended: to be sent now, or thrown away."""
    return render(request, "people/kept.html", {"kept": kept.of(visitor(request).key), "mark": kept.SENT_AGAIN})


@open_to_signed_in
@require_POST
def forget_kept(request: HttpRequest) -> HttpResponse:
    """Throw away what was kept."""
    person = visitor(request).key
    found = kept.of(person)
    kept.forget(person)
    messages.success(request, _("It is thrown away."))
    return redirect(found.path if found is not None else "/")


@open_to_signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """How long one stays signed in, and a button to stay. Opening or sending the page counts as use."""
    if request.method == "POST":
        messages.success(request, _("You stay signed in."))
        return redirect("stay")
    return render(request, "people/stay.html", {"minutes": settings.IMARA_IDLE_MINUTES})


@open_to_all
@never_cache
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """That one is signed out, and that nothing is left on the device."""
    language = request.GET.get("in", "")
    if language in dict(settings.LANGUAGES):
        # The choice of language has just been wiped with all the rest.
        translation.activate(language)
        request.LANGUAGE_CODE = language
    return render(request, "people/signed_out.html")

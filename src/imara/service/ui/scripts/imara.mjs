// What scripts add to pages that work without them: focus where an error is, fields that appear when asked for,
// a count of letters left, one sending for two clicks, and parts of a page renewed in place.
import { initButtons, initCharacterCounts, initCheckboxes, initErrorSummary, initRadios } from "nhsuk-frontend";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("nhsuk-frontend-supported");

function enhance(scope) {
  initErrorSummary({ scope });
  initButtons({ scope });
  initRadios({ scope });
  initCheckboxes({ scope });
  for (const counter of scope.querySelectorAll("[data-module='nhsuk-character-count']")) {
    // The page brings its words, so that no language is written into the script.
    const words = JSON.parse(counter.dataset.words || "{}");
    initCharacterCounts({ scope: counter.parentElement, i18n: words });
  }
}

enhance(document);

// A banner about what has just been done is read out first.
document.querySelector("[data-focus-on-load]")?.focus();

// htmx sends what its form holds; the token goes along in the header too, explicitly, for buttons outside a form.
document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  const form = sourceElement?.closest?.("form") ?? document;
  const token = (form.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("[name=csrfmiddlewaretoken]"))?.value;
  if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:after:settle", (event) => {
  if (event.target instanceof Element) enhance(event.target.parentElement ?? event.target);
});

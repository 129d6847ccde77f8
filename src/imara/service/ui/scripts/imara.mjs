// What scripts add to pages that work without them: focus where an error is, fields that appear when asked for,
// a count of letters left, one sending for two clicks, and parts of a page renewed in place.
import { initButtons, initCharacterCounts, initErrorSummary } from "nhsuk-frontend";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("nhsuk-frontend-supported");

function enhance(scope) {
  initErrorSummary({ scope });
  initButtons({ scope });
  for (const asking of scope.querySelectorAll("input[data-reveals]")) show(asking);
  initCharacterCounts({ scope });
}

// A field below an answer is there only while that answer is chosen. Written here because the framework's own marks
// radios as expandable, which screen readers do not allow for.
function show(input) {
  const more = document.getElementById(input.dataset.reveals);
  more?.classList.toggle("nhsuk-" + (input.type === "radio" ? "radios" : "checkboxes") + "__conditional--hidden", !input.checked);
}

document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !["radio", "checkbox"].includes(target.type)) return;
  const group = target.type === "radio" ? document.getElementsByName(target.name) : [target];
  for (const input of group) if (input.dataset.reveals) show(input);
});
// Going back, a browser restores what was chosen after the page has been set up.
window.addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll("input[data-reveals]")) show(input);
});

enhance(document);

// A banner about what has just been done is read out first.
document.querySelector("[data-focus-on-load]")?.focus();

// htmx sends what its form holds; the token goes along in the header too, explicitly, for buttons outside a form.
document.addEventListener("htmx:config:request", (event) => {
  const { request, sourceElement } = event.detail.ctx;
  const form = sourceElement?.closest?.("form") ?? document;
  const token = (form.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("[name=csrfmiddlewaretoken]"))?.value;
  if (token && !["GET", "HEAD"].includes(request.method)) request.headers["X-CSRFToken"] = token;
  // Narrowing keeps the order, which may have been changed since the page was loaded.
  const sort = new URLSearchParams(location.search).get("sort");
  if (sourceElement?.matches?.("form[data-table]") && sort) request.body?.set("sort", sort);
});

// A table is sorted, narrowed and leafed through in place; without scripts the same links load the page.
function renewInPlace(scope) {
  for (const part of scope.querySelectorAll("[data-table]")) {
    const target = "#" + part.dataset.table;
    const address = part instanceof HTMLFormElement ? part.getAttribute("action") : part.getAttribute("href");
    for (const [name, value] of [["get", address], ["target", target], ["select", target], ["swap", "outerHTML"], ["push-url", "true"]]) {
      part.setAttribute("hx-" + name, value);
    }
  }
}
renewInPlace(document);

// Whoever sorts with the keyboard stays where they were.
let before = "";
document.addEventListener("htmx:before:request", () => {
  before = document.activeElement?.id ?? "";
});

document.addEventListener("htmx:after:settle", ({ detail }) => {
  for (const part of detail.newContent ?? []) {
    if (!(part instanceof Element)) continue;
    enhance(part);
    renewInPlace(part);
  }
  if (before) document.getElementById(before)?.focus({ preventScroll: true });
});

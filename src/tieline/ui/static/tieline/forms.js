// What is wrong with a form is read first; sending twice at once is one sending.
const AGAIN = 4000;

function toWrong(root) {
  root.querySelector("[data-wrong]")?.focus();
}

function count(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  const chosen = form.querySelectorAll("[data-select]:checked").length;
  bar.querySelector("[data-chosen]").textContent = chosen;
  for (const button of bar.querySelectorAll("button")) button.disabled = chosen === 0;
}

function countAll() {
  for (const form of document.querySelectorAll("[data-bulk]")) count(form);
}

// A button that needs a field leads to it while it is blank, and Enter there presses that button.
// Without one chosen Enter presses none: the browser would take the first.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-needs]");
  const field = button?.form.elements[button.dataset.needs];
  if (!field || field.value.trim()) return;
  event.preventDefault();
  for (const one of button.form.querySelectorAll("[data-chosen-act]")) delete one.dataset.chosenAct;
  button.dataset.chosenAct = "yes";
  field.focus();
});
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  if (!form?.querySelector(`[data-needs="${CSS.escape(event.target.name)}"]`)) return;
  event.preventDefault();
  form.querySelector("[data-chosen-act]")?.click();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-bulk]");
  if (form) count(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // An answer that is a file leaves the page standing: it may be sent again.
  setTimeout(() => { delete form.dataset.sent; }, AGAIN);
});

// Back in the browser shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  countAll();
});

document.addEventListener("htmx:after:swap", (event) => {
  toWrong(event.target);
  countAll();
});
toWrong(document);
countAll();

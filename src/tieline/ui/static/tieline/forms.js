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

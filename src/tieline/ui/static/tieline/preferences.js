// Light and keys as the reader wants them: in this browser, and of somebody signed in everywhere.
// The server writes them before the first paint.
const html = document.documentElement;
const YEAR = 31536000;

function keep(name, value) {
  const age = value ? YEAR : 0;
  const safe = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Strict${safe}`;
  const url = html.dataset.preferences;
  const mark = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!url || !mark) return;
  // Where it cannot be sent, this page still shows it.
  fetch(url, {
    method: "POST", headers: { "X-CSRFToken": mark }, body: new URLSearchParams({ [name]: value }), keepalive: true,
  }).catch(() => {});
}

const buttons = [...document.querySelectorAll("[data-theme-set]")];

function show() {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === (html.dataset.theme || "")));
  }
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    const theme = button.dataset.themeSet;
    if (theme) html.dataset.theme = theme;
    else delete html.dataset.theme;
    keep("theme", theme);
    show();
  });
}
for (const part of document.querySelectorAll("[data-themes]")) part.hidden = false;
show();

const keys = document.querySelector("[data-keys-on]");
if (keys) {
  keys.checked = html.dataset.keys !== "off";
  keys.addEventListener("change", () => {
    if (keys.checked) delete html.dataset.keys;
    else html.dataset.keys = "off";
    keep("keys", keys.checked ? "" : "off");
  });
}

// Light and keys as this browser's reader wants them; the server writes them before first paint.
const html = document.documentElement;
const YEAR = 31536000;

function keep(name, value) {
  const age = value ? YEAR : 0;
  const safe = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Strict${safe}`;
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

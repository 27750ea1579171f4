// Single keys, outside of fields only; `data-keys="off"` on html switches them off (WCAG 2.1.4).
const html = document.documentElement;
const list = document.getElementById("key-list");
const WAIT = 1500;
let going = 0;

const off = () => html.dataset.keys === "off";

function writing(target) {
  return target.isContentEditable || target.matches(
    "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);
}

function standing() {
  return document.activeElement?.closest("[data-row]");
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(standing());
  const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  const target = row.querySelector("a[data-open]") || row;
  if (target === row) row.tabIndex = -1;
  target.focus();
}

// A summary opens and gives the focus to what is in it; all else is clicked.
function press(target) {
  const menu = target.matches("summary") ? target.parentElement : null;
  if (!menu) return target.click();
  menu.open = true;
  (menu.querySelector("button, a, input:not([type=hidden])") || target).focus();
}

function go(letter) {
  const target = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (target) press(target);
  return Boolean(target);
}

const PRESSED = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => list?.showModal(),
  g: () => { going = Date.now(); },
  j: () => step(1),
  k: () => step(-1),
  x: () => standing()?.querySelector("[data-select]")?.click(),
  e: () => document.querySelector("[data-export]")?.click(),
  p: () => window.print(),
};

document.addEventListener("keydown", (event) => {
  if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key;
  const afterG = Date.now() - going < WAIT;
  going = 0;
  // Of the longer names only the arrows, and those only where the page gives them something to do.
  const arrow = key === "ArrowLeft" || key === "ArrowRight";
  if (key.length !== 1 && !arrow) return;
  if (afterG && !arrow) {
    if (go(key)) event.preventDefault();
    return;
  }
  // What the page itself gives a key to comes first.
  const own = document.querySelector(
    `[data-key="${CSS.escape(key)}"], [data-key-also="${CSS.escape(key)}"]`);
  if (!own && !PRESSED[key]) return;
  event.preventDefault();
  if (own) press(own);
  else PRESSED[key]();
});

// The page's own keys stand in the list with the words of their buttons.
const own = new Map();
for (const one of document.querySelectorAll("[data-key]")) {
  const words = [...one.childNodes].filter((node) => node.nodeName !== "KBD");
  own.set(one.dataset.key, words.map((node) => node.textContent).join("").trim());
}
for (const [key, words] of own) {
  const row = document.createElement("div");
  row.append(document.createElement("dt"), document.createElement("dd"));
  const sign = document.createElement("kbd");
  sign.textContent = key;
  row.firstChild.append(sign);
  row.lastChild.textContent = words;
  list?.querySelector("dl").append(row);
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => {
    document.getElementById(opener.dataset.opens).showModal();
  });
}

// Menus close as others do: by Escape and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

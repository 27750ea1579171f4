// Ctrl+K: links of the page by name, filtered while typing.
const dialog = document.getElementById("command-list");
const box = dialog?.querySelector("input");
const list = dialog?.querySelector("[data-commands]");
const none = dialog?.querySelector("[data-none]");

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function gather() {
  for (const old of list.querySelectorAll("[data-gathered]")) old.remove();
  for (const link of document.querySelectorAll("a[data-command]")) {
    const item = document.createElement("li");
    item.dataset.gathered = "";
    const copy = document.createElement("a");
    copy.href = link.href;
    copy.textContent = link.textContent.trim();
    item.append(copy);
    list.append(item);
  }
}

function shown() {
  return [...list.children].filter((item) => !item.hidden).map((item) => item.firstElementChild);
}

function filter() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  for (const item of list.children) {
    const text = plain(item.textContent);
    item.hidden = !words.every((word) => text.includes(word));
    item.firstElementChild.classList.remove("first");
  }
  shown()[0]?.classList.add("first");
  none.hidden = shown().length > 0;
}

function walk(by) {
  const links = shown();
  const at = links.indexOf(document.activeElement) + by;
  (at < 0 ? box : links[Math.min(at, links.length - 1)])?.focus();
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    if (document.querySelector("dialog[open]")) return;
    gather();
    box.value = "";
    filter();
    dialog.showModal();
    box.focus();
  });
  box.addEventListener("input", filter);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter" && event.target === box) {
      event.preventDefault();
      shown()[0]?.click();
    }
  });
}

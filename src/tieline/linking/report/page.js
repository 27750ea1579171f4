
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const find = byId("find");
  const found = byId("found");
  const rows = Array.from(document.querySelectorAll("[data-find]"));
  const all = document.querySelectorAll("details");
  let texts = null;
  let waiting = 0;

  const show = () => {
    const sought = find.value.trim().toLowerCase();
    texts = texts || rows.map((row) => row.textContent.toLowerCase());
    let kept = 0;
    rows.forEach((row, at) => {
      const keep = texts[at].includes(sought);
      row.hidden = !keep;
      kept += keep ? 1 : 0;
    });
    found.textContent = sought
      ? kept.toLocaleString("en-US") + " of " + rows.length.toLocaleString("en-US") +
        " rows on this page hold “" + sought.slice(0, 80) + "”"
      : "";
  };
  const openAll = (open) => all.forEach((one) => { one.open = open; });
  const clear = () => { find.value = ""; show(); };

  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  byId("open").addEventListener("click", () => openAll(true));
  byId("close").addEventListener("click", () => openAll(false));
  document.addEventListener("keydown", (event) => {
    if (event.target === find) {
      if (event.key === "Escape") clear();
      return;
    }
    const other = event.ctrlKey || event.metaKey || event.altKey || event.target.isContentEditable;
    if (other || !byId("keys").checked) return;
    if (event.key === "/") { event.preventDefault(); find.focus(); }
    if (event.key === "o") openAll(true);
    if (event.key === "c") openAll(false);
  });
  byId("tools").hidden = false;
})();

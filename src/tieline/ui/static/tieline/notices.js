// How many notices are unread, as the server tells it; the number changes, nothing moves.
const flag = document.querySelector("[data-events]");
const badge = flag?.querySelector("[data-badge]");
const voice = flag?.querySelector("[aria-live]");
const FIRST = 2000;
const LONGEST = 60000;
let source = null;
let timer = 0;
let wait = FIRST;

function told(event) {
  wait = FIRST;
  const unread = event.data.trim();
  if (!/^\d+$/.test(unread) || unread === badge.textContent) return;
  badge.textContent = unread;
  voice.textContent = `${unread} ${voice.dataset.told}`;
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = null;
}

// A browser gives a server few connections: one behind another window keeps none.
function open() {
  close();
  if (document.hidden) return;
  source = new EventSource(flag.dataset.events);
  source.addEventListener("open", () => { wait = FIRST; });
  source.addEventListener("notices", told);
  source.addEventListener("error", () => {
    // After a dropped line the browser tries again by itself; after a refusal we do.
    if (source?.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST);
  });
}

if (flag) {
  document.addEventListener("visibilitychange", open);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  open();
}

// What opens beside the work takes the reader along.
document.addEventListener("htmx:after:settle", (event) => {
  if (event.target.id === "beside") event.target.focus();
});

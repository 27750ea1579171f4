// How many notices are unread, as the server tells it; the number changes, nothing moves.
const flag = document.querySelector("[data-events]");
const badge = flag?.querySelector("[data-badge]");
const voice = flag?.querySelector("[aria-live]");
const FIRST = 2000;
const LONGEST = 60000;
const SPOKEN = 100;
let source = null;
let timer = 0;
let wait = FIRST;
let first = true;

// The first of a stream says what stands; any later one is news, even where nobody counts further.
function told(event) {
  wait = FIRST;
  const unread = event.data.trim();
  const same = unread === badge.textContent;
  const opening = first;
  first = false;
  if (!/^\d+\+?$/.test(unread) || same && opening) return;
  if (parseInt(unread, 10) >= parseInt(badge.textContent, 10)) flag.dataset.fresh = "yes";
  else delete flag.dataset.fresh;
  badge.textContent = unread;
  // The same words again would not be read out.
  voice.textContent = "";
  setTimeout(() => { voice.textContent = `${unread} ${voice.dataset.told}`; }, SPOKEN);
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
  first = true;
  source = new EventSource(flag.dataset.events);
  source.addEventListener("open", () => { wait = FIRST; first = true; });
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

// In one column nothing stands beside the work, but far below it: there the flag leads to the page.
const narrow = matchMedia("(max-width: 55.99rem)");
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.(".flag");
  if (!pressed) return;
  delete pressed.dataset.fresh;
  if (narrow.matches) event.stopPropagation();
}, { capture: true });

// What opens beside the work takes the reader along.
document.addEventListener("htmx:after:settle", (event) => {
  if (event.target.id === "beside") event.target.focus();
});

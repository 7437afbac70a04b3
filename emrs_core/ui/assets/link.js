// Watches the page from outside of it: says when the server is out of reach, and loads a page again that went blank.
// It also tells popovers and menus, which lie outside the app, whether its theme is light or dark.
// The part that starts it goes when the page does, so the watcher belongs to the window and keeps its own styles.

const CHECK_MS = 500;
const LOST_MS = 1500; // nobody needs to hear of shorter breaks
const LONG_MS = 20000; // a sleeping laptop or a changed Wi-Fi is back sooner
const ASK_MS = 5000;
const ANSWER_MS = 8000; // even a busy server answers sooner
const BLANK_MS = 2000;
const READ_MS = 1500; // the note's time to be read
const AGAIN_MS = 60000; // a page that breaks twice within it would break for ever
const LAST_RELOAD = "emrs-reloaded-at";

function build(css) {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const note = document.createElement("div");
  note.className = "emrs-link-note";
  note.setAttribute("role", "alert");
  note.hidden = true;
  document.body.append(note);
  return note;
}

function say(watch, text) {
  if (watch.note.textContent !== text) watch.note.textContent = text;
  watch.note.hidden = !text;
}

function reload() {
  sessionStorage.setItem(LAST_RELOAD, String(Date.now()));
  window.location.reload();
}

function onBlank(watch) {
  if (watch.blank) return;
  watch.blank = true;
  if (Date.now() - Number(sessionStorage.getItem(LAST_RELOAD) ?? 0) > AGAIN_MS) {
    say(watch, watch.words.blank);
    setTimeout(reload, READ_MS);
    return;
  }
  say(watch, watch.words.again);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = watch.words.reload;
  button.addEventListener("click", reload);
  watch.note.append(button);
}

function check(watch) {
  const now = Date.now();
  const app = document.querySelector(".stApp");
  watch.blankSince = app ? null : (watch.blankSince ?? now);
  if (!app) {
    if (now - watch.blankSince >= BLANK_MS) onBlank(watch);
    return;
  }
  document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme; // for what opens outside the app
  const connected = app.dataset.testConnectionState === "CONNECTED" && !watch.silent;
  watch.lostSince = connected ? null : (watch.lostSince ?? now);
  const lostMs = connected ? 0 : now - watch.lostSince;
  const lost = lostMs >= LOST_MS;
  document.documentElement.classList.toggle("emrs-link-lost", lost);
  say(watch, lost ? watch.words.lost + (lostMs >= LONG_MS ? ` ${watch.words.long}` : "") : "");
}

// A network that goes without a word leaves the page's own connection open for minutes.
async function ask(watch) {
  const address = new URL(watch.words.health, window.location.href); // pages lie one level deep, below the app's root
  try {
    await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
    watch.silent = false;
  } catch {
    watch.silent = true;
  }
  setTimeout(() => ask(watch), ASK_MS);
}

export default function ({ data }) {
  if (!window.emrsLink) {
    const watch = { note: build(data.css), blankSince: null, lostSince: null, blank: false, silent: false, words: data };
    window.emrsLink = watch;
    setTimeout(() => ask(watch), ASK_MS);
    setInterval(() => check(watch), CHECK_MS);
  }
  window.emrsLink.words = data;
}

// The row of a session that is being kept: how long, moments marked by button or key, notes, and the last of them.
// A moment is told with the time of the press, whatever the network and the server are busy with.

const SYNCS = 60; // the server says its time with every redraw; the quickest of the last ones is the truest
const TICK_MS = 500;
const SPACE = "http://www.w3.org/2000/svg";
const ICONS = {
  mark: "M6 21V4h11l-2 4 2 4H8v9z",
  note: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  undo: "M6 6l12 12M18 6L6 18",
};
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox]";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SPACE, "svg");
  const path = document.createElementNS(SPACE, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
};

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const browserS = () => performance.now() / 1000;
const offsetS = (state) => Math.max(...state.offsets);
const nowS = (state) => browserS() + offsetS(state);

// When the key or button went down, however late a busy page hears of it. A frame counts from its own beginning.
function pressedS(state, event) {
  const originMs = (event.view ?? window).performance.timeOrigin - performance.timeOrigin;
  return Math.min(browserS(), (event.timeStamp + originMs) / 1000) + offsetS(state);
}

function say(state, kind, text, tS = nowS(state), id = newId()) {
  state.pending.push({ id, kind, text, t_s: tS });
  state.tell([...state.pending]);
  showEntries(state);
}

function openNote(state, tS) {
  state.noteS ??= tS;
  state.note.hidden = false;
  state.input.focus();
}

function closeNote(state, keep) {
  const text = state.input.value.trim();
  if (keep && text) say(state, "note", text, state.noteS);
  state.input.value = "";
  state.note.hidden = true;
  state.noteS = null;
  state.noteButton.focus();
}

function onKey(state, event) {
  if (!state.root.isConnected || !state.data.live) return;
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.composedPath()[0];
  if (target.matches?.(TYPING)) return;
  const { keys, labels } = state.data;
  const key = event.key.toLowerCase();
  const place = labels.length > 1 && keys.mark ? Number(event.key) - 1 : -1;
  if (keys.mark && key === keys.mark) say(state, "mark", labels[0], pressedS(state, event));
  else if (place >= 0 && place < labels.length) say(state, "mark", labels[place], pressedS(state, event));
  else if (keys.note && key === keys.note) openNote(state, pressedS(state, event));
  else return;
  event.preventDefault();
}

// After a click on Start the camera's frame has the focus, and keys pressed there would be heard by it alone.
function listen(state) {
  const frames = Array.from(document.querySelectorAll("iframe"), (frame) => {
    try {
      return frame.contentDocument;
    } catch {
      return null; // of another origin
    }
  });
  for (const place of [document, ...frames]) {
    if (!place || state.heard.has(place)) continue;
    state.heard.add(place);
    place.addEventListener("keydown", (event) => onKey(state, event), { signal: state.gone.signal });
  }
}

// What the row has set up outside of itself goes with it, and comes again should the page put it back.
function wake(state) {
  if (state.gone && !state.gone.signal.aborted) return;
  state.gone = new AbortController();
  state.heard = new WeakSet();
  state.timer = setInterval(() => tick(state), TICK_MS);
  window.addEventListener("blur", () => listen(state), { signal: state.gone.signal });
}

function button(kind, label, key, act) {
  const element = make("button", { type: "button", class: `emrs-record-${kind}` }, icon(kind), make("span", {}, label));
  if (key) element.append(make("kbd", {}, key.toUpperCase()));
  element.addEventListener("click", act);
  return element;
}

function showButtons(state) {
  const { labels, keys, words } = state.data;
  const many = labels.length > 1;
  const marks = labels.map((label, place) =>
    button("mark", label, many && keys.mark ? String(place + 1) : keys.mark, (event) =>
      say(state, "mark", label, pressedS(state, event)),
    ),
  );
  state.noteButton = button("note", words.note, keys.note, (event) => openNote(state, pressedS(state, event)));
  state.buttons.replaceChildren(...marks, state.noteButton);
  state.buttons.setAttribute("aria-label", words.marks);
}

function entry(state, { id, kind, text, t_s: tS }, waits) {
  const undo = make("button", { type: "button", class: "emrs-record-undo" }, icon("undo"));
  undo.setAttribute("aria-label", `${state.data.words.undo}: ${text}`);
  undo.title = state.data.words.undo;
  undo.disabled = waits;
  undo.addEventListener("click", () => say(state, "undo", id));
  const item = make("li", { "data-kind": kind }, make("time", {}, clock(tS)), icon(kind), make("span", {}, text), undo);
  item.classList.toggle("emrs-record-waits", waits);
  return item;
}

function showEntries(state) {
  const look = JSON.stringify([state.pending, state.data.entries]);
  if (state.entriesLook === look) return; // drawn again it would be read out again, and lose the focus
  state.entriesLook = look;
  const gone = new Set(state.pending.filter(({ kind }) => kind === "undo").map(({ text }) => text));
  const fresh = state.pending.filter(({ kind }) => kind !== "undo").reverse();
  const kept = state.data.entries.filter(({ id }) => !gone.has(id));
  const items = [...fresh.map((one) => entry(state, one, true)), ...kept.map((one) => entry(state, one, false))];
  state.list.replaceChildren(...items.slice(0, state.data.shown));
}

function tick(state) {
  if (!state.root.isConnected) {
    clearInterval(state.timer);
    state.gone.abort();
    return;
  }
  state.time.textContent = state.data.timed ? clock(nowS(state)) : "";
}

function build(root) {
  const state = { root, offsets: [], pending: [], noteS: null, look: "", session: "" };
  state.text = make("span", { class: "emrs-record-text" });
  state.time = make("time", { class: "emrs-record-time" });
  const line = make("p", { class: "emrs-record-line" }, make("i", { "aria-hidden": "true" }), state.text, state.time);
  state.buttons = make("div", { class: "emrs-record-buttons", role: "group" });
  state.input = make("input", { type: "text", maxlength: "2000" });
  state.note = make("form", { class: "emrs-record-writing" }, state.input);
  state.note.hidden = true;
  state.list = make("ul", { "aria-live": "polite" });
  state.note.addEventListener("submit", (event) => {
    event.preventDefault();
    closeNote(state, true);
  });
  state.input.addEventListener("keydown", (event) => event.key === "Escape" && closeNote(state, false));
  root.replaceChildren(line, state.buttons, state.note, state.list);
  return state;
}

const states = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".emrs-record");
  if (!states.has(root)) states.set(root, build(root));
  const state = states.get(root);
  if (state.session !== data.session) Object.assign(state, { session: data.session, offsets: [], pending: [] });
  state.data = data;
  state.tell = (said) => setStateValue("said", said);
  state.offsets = [...state.offsets, data.now_s - browserS()].slice(-SYNCS);
  state.pending = state.pending.filter(({ id }) => !data.taken.includes(id));
  root.dataset.tone = data.tone;
  state.text.textContent = data.text;
  state.buttons.hidden = !data.live;
  state.note.hidden ||= !data.live;
  state.input.placeholder = data.words.writing;
  state.input.setAttribute("aria-label", data.words.writing);
  const look = JSON.stringify([data.labels, data.keys]);
  if (state.look !== look) showButtons(state);
  state.look = look;
  showEntries(state);
  wake(state);
  tick(state);
  listen(state);
}

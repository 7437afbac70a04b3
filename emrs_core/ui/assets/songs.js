// The songs. A newer list waits while the person points at this one or has the focus in it, unless they just asked for
// it. Nothing moves for the note that says so: it lies over the line above the songs.

const TOUCH_HOLD_MS = 4000; // fingers do not hover: after a touch the list rests this long

const PLAY = "M8 5.5v13l11-6.5z";
const STOP = "M7 7h10v10H7z";
const THUMB = "M2 10h4v11H2zM8 21h9.3c.8 0 1.5-.5 1.8-1.2l2.7-6.3c.1-.3.2-.5.2-.8V11c0-1.100-.9-2-2-2h-6l.9-4.400" +
  ".1-.3c0-.4-.2-.8-.4-1.100L13.500 2 7.600 8c-.4.3-.6.8-.6 1.300V20c0 .6.4 1 1 1z";

// What one may say of a song; the words stand for those who do not see the signs.
const OPINIONS = [
  { kind: "like", sign: THUMB, words: "I like this song" },
  { kind: "dislike", sign: THUMB, words: "I do not like this song" },
  { kind: "wrong_mood", label: "Not my mood", words: "This song does not fit my mood" },
];

function part(tag, className, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function opinions(song, state) {
  return OPINIONS.map(({ kind, sign, label, words }) => {
    const button = part("button", `emrs-song-opinion emrs-song-${kind}`, label ?? "", {
      type: "button", title: words, "aria-label": `${words}: ${song.title}`, "aria-pressed": "false",
    });
    button.dataset.kind = kind;
    if (sign) button.append(icon(sign));
    button.addEventListener("click", () => state.rate(song.id, kind));
    return button;
  });
}

function card(song, state) {
  const item = part("li", "emrs-song");
  item.dataset.trackId = song.id;
  item.style.setProperty("--emrs-song", song.colour);
  const button = part("button", "emrs-song-play", "", { type: "button" });
  button.dataset.name = `${song.title} by ${song.artist}`;
  button.addEventListener("click", () => state.choose(song.id));
  const title = part("div", "emrs-song-title", "", { title: song.title });
  title.append(part("span", "emrs-song-number", `${song.n}`), document.createTextNode(song.title));
  const link = part("a", "emrs-song-link", "Spotify", {
    href: song.url, target: "_blank", rel: "noopener noreferrer",
    "aria-label": `Open ${song.title} by ${song.artist} in Spotify, in a new tab`,
  });
  const acts = part("div", "emrs-song-acts");
  acts.append(...opinions(song, state), link);
  const reason = part("div", "emrs-song-reason", "", { title: song.reason });
  const dot = part("span", "emrs-song-dot", "", { role: "img", title: song.mood, "aria-label": `${song.mood}.` });
  reason.append(dot, document.createTextNode(song.reason));
  const text = part("div", "emrs-song-text");
  text.append(
    title,
    part("div", "emrs-song-artist", song.by),
    reason,
    acts,
  );
  item.append(button, text);
  return item;
}

function show(root, list, state) {
  state.shown = list.version;
  state.list = list.list;
  state.pending = null;
  root.querySelector(".emrs-songs-head").classList.toggle("emrs-songs-way", list.way);
  root.querySelector(".emrs-songs-heading").textContent = list.heading;
  root.querySelector(".emrs-songs-note").textContent = list.note;
  root.querySelector(".emrs-songs-list").replaceChildren(...list.items.map((song) => card(song, state)));
  root.querySelector(".emrs-songs-hint").hidden = true;
  mark(root, state);
}

function mark(root, { playing, marks, over, undo }) {
  const back = root.querySelector(".emrs-songs-undo");
  back.textContent = undo ? `Undo: ${undo}` : "";
  back.hidden = !undo;
  for (const item of root.querySelectorAll(".emrs-song")) {
    const on = item.dataset.trackId === playing;
    const said = marks[item.dataset.trackId];
    item.classList.toggle("emrs-song-over", !on && over.includes(item.dataset.trackId));
    item.classList.toggle("emrs-song-refused", said === "dislike" || said === "wrong_mood");
    for (const opinion of item.querySelectorAll(".emrs-song-opinion")) {
      opinion.setAttribute("aria-pressed", String(opinion.dataset.kind === said));
    }
    const button = item.querySelector(".emrs-song-play");
    item.classList.toggle("emrs-song-on", on);
    button.setAttribute("aria-label", `${on ? "Stop" : "Play"} ${button.dataset.name}`);
    if (button.dataset.on !== String(on)) {
      button.dataset.on = String(on);
      button.replaceChildren(icon(on ? STOP : PLAY));
    }
  }
}

function release(root, state) {
  if (state.pending && !state.pointer && !state.focus && Date.now() >= state.touchedUntil) {
    show(root, state.pending, state);
  }
}

function build(root, state) {
  const hint = part("p", "emrs-songs-hint", "", { role: "status" });
  const now = part("button", "emrs-songs-now", "Show them now", { type: "button" });
  now.addEventListener("click", () => state.pending && show(root, state.pending, state));
  const words = part("span", "emrs-songs-words", "New songs are ready. They appear when you leave the list. ");
  words.append(now);
  hint.append(words);
  hint.hidden = true;
  const line = part("div", "emrs-songs-line");
  const undo = part("button", "emrs-songs-undo", "", { type: "button" });
  undo.addEventListener("click", () => state.undoLast());
  line.append(part("p", "emrs-songs-note"), undo);
  const head = part("div", "emrs-songs-head");
  head.append(part("h2", "emrs-songs-heading"), line);
  root.replaceChildren(head, hint, part("ol", "emrs-songs-list"));
  root.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") state.pointer = true;
  });
  root.addEventListener("pointerleave", () => {
    state.pointer = false;
    // A mouse click leaves the focus on its button; only a focus reached by keyboard goes on holding the list.
    const focused = root.querySelector(":focus");
    if (focused && !focused.matches(":focus-visible")) focused.blur();
    release(root, state);
  });
  root.addEventListener("touchstart", () => {
    state.touchedUntil = Date.now() + TOUCH_HOLD_MS;
    setTimeout(() => release(root, state), TOUCH_HOLD_MS + 50);
  }, { passive: true });
  root.addEventListener("focusin", () => { state.focus = true; });
  root.addEventListener("focusout", (event) => {
    state.focus = root.contains(event.relatedTarget);
    release(root, state);
  });
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-songs");
  if (!states.has(root)) {
    states.set(root, { shown: 0, list: 0, pending: null, pointer: false, focus: false, touchedUntil: 0 });
    build(root, states.get(root));
  }
  const state = states.get(root);
  state.choose = (id) => setTriggerValue(id === state.playing ? "stop" : "play", id);
  state.rate = (id, kind) => setTriggerValue("rate", { id, kind });
  state.undoLast = () => setTriggerValue("undo", true);
  Object.assign(state, { playing: data.playing, marks: data.marks, over: data.over, undo: data.undo });
  const held = state.pointer || state.focus || Date.now() < state.touchedUntil;
  const asked = data.asked && data.list !== state.list; // not for another page of the same list
  if (data.version === state.shown) {
    state.pending = null;
    root.querySelector(".emrs-songs-hint").hidden = true;
  } else if (held && state.shown !== 0 && !asked) {
    state.pending = data;
    root.querySelector(".emrs-songs-hint").hidden = false;
  } else {
    show(root, data, state);
  }
  mark(root, state);
}

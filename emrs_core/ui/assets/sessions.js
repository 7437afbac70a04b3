// The list of kept sessions. A click on a row opens it; the boxes tick some for what is done with several.

const SPARK = { width: 120, height: 30, inset: 2 };

function part(tag, className, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== "") element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

// Valence from -1 at the bottom to 1 at the top; where nothing was read the line breaks.
function sparkline(points, words) {
  const { width, height, inset } = SPARK;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "emrs-spark", role: "img", "aria-label": words });
  const middle = height / 2;
  svg.append(shape("line", { x1: 0, x2: width, y1: middle, y2: middle, class: "emrs-spark-zero" }));
  const step = points.length > 1 ? width / (points.length - 1) : 0;
  let path = "";
  points.forEach((value, place) => {
    if (value === null) return;
    const x = (place * step).toFixed(1);
    const y = (middle - value * (middle - inset)).toFixed(1);
    const before = place > 0 && points[place - 1] !== null;
    const after = place + 1 < points.length && points[place + 1] !== null;
    path += `${before ? "L" : "M"}${x} ${y}`;
    if (!before && !after) path += "h0.1"; // one reading alone: a dot, thanks to the round cap
  });
  svg.append(shape("path", { d: path, class: "emrs-spark-line" }));
  return svg;
}

function fact(className, value, label) {
  const cell = part("span", `emrs-session-${className} emrs-session-fact`, value);
  cell.dataset.label = label;
  return cell;
}

function row(session, state) {
  const item = part("li", "emrs-session");
  item.dataset.sessionId = session.id;
  const box = part("input", "emrs-session-tick", "", {
    type: "checkbox", "aria-label": `Tick the session of ${session.who}, ${session.when}`,
  });
  box.addEventListener("change", () => state.tick([session.id], box.checked));
  const link = part("a", "emrs-session-open", session.when, { href: `?session=${encodeURIComponent(session.id)}` });
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a tab of its own
    event.preventDefault();
    state.open(session.id);
  });
  const when = part("span", "emrs-session-when");
  when.append(link, ...session.badges.map((word) => part("span", `emrs-badge-${word}`, word)));
  const who = part("span", `emrs-session-who${session.named ? "" : " emrs-session-nobody"}`, session.who);
  const about = part("span", "emrs-session-about", session.about);
  if (session.title) about.append(part("span", "emrs-session-title", session.title));
  about.append(...session.tags.map((tag) => part("span", "emrs-session-tag", tag)));
  const spark = part("span", "emrs-session-spark");
  spark.append(sparkline(session.spark, session.valence));
  spark.title = session.valence;
  item.append(
    part("label", "emrs-session-box"), when, who, about, spark,
    fact("length", session.length, "length"), fact("face", session.face, "face read"),
    fact("songs", String(session.songs), session.songs === 1 ? "song" : "songs"),
  );
  item.firstChild.append(box);
  return item;
}

function head(state) {
  const line = part("div", "emrs-sessions-head");
  const all = part("input", "emrs-session-tick", "", { type: "checkbox", "aria-label": "Tick all sessions shown" });
  all.addEventListener("change", () => state.tick(state.rows.map(({ id }) => id), all.checked));
  const box = part("label", "emrs-session-box");
  box.append(all);
  const names = ["When", "Participant", "Study and condition", "Valence", "Length", "Face read", "Songs"];
  line.append(box, ...names.map((name) => part("span", "", name)));
  return line;
}

function mark(root, ticked) {
  const boxes = [...root.querySelectorAll(".emrs-session")];
  for (const item of boxes) {
    const on = ticked.includes(item.dataset.sessionId);
    item.querySelector(".emrs-session-tick").checked = on;
    item.classList.toggle("emrs-session-ticked", on);
  }
  const all = root.querySelector(".emrs-sessions-head .emrs-session-tick");
  all.checked = boxes.length > 0 && ticked.length === boxes.length;
  all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-sessions");
  if (!states.has(root)) {
    states.set(root, { shown: "" });
    root.append(head(states.get(root)), part("ul", "emrs-sessions-list"));
  }
  const state = states.get(root);
  state.rows = data.rows;
  state.open = (id) => setTriggerValue("open", id);
  state.tick = (ids, on) => setTriggerValue("tick", { ids, on });
  const shown = JSON.stringify(data.rows);
  if (shown !== state.shown) { // else the boxes alone change, and the focus stays
    state.shown = shown;
    root.querySelector(".emrs-sessions-list").replaceChildren(...data.rows.map((session) => row(session, state)));
  }
  mark(root, data.ticked);
}

// The valence-arousal plane to act on: where one is and where one wants to be are handles to drag, tap or move with
// the arrow keys; the songs' dots and the path between them follow from the server.

const SIZE = 400; // of the drawing's own units; the plane from -1 to 1 fills it but for MARGIN
const MARGIN = 26;
const STEP = 0.05; // an arrow key; with Shift four of them
const HANDLE_CLEAR = 15; // a word over its point is read also while a handle stands there
const RADII = { mood: 10, target: 13 }; // of the handles
const NUMBER = 9; // radius of a song with its number
const TURNS = 30; // by then a dozen songs have found their room
const REST_MS = 250; // a handle that rests this long is meant
const SPACE = "http://www.w3.org/2000/svg";

const scale = (SIZE - 2 * MARGIN) / 2;
const x = (valence) => MARGIN + (valence + 1) * scale;
const y = (arousal) => MARGIN + (1 - arousal) * scale;
const clip = (value) => Math.min(1, Math.max(-1, Math.round(value * 100) / 100));

function draw(tag, attributes = {}, text = "") {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

function ground(data) {
  const group = draw("g", { class: "emrs-plane-ground", "aria-hidden": "true" });
  group.append(
    draw("rect", { x: MARGIN, y: MARGIN, width: 2 * scale, height: 2 * scale, rx: 14, class: "emrs-plane-field" }),
    draw("line", { x1: x(-1), x2: x(1), y1: y(0), y2: y(0), class: "emrs-plane-axis" }),
    draw("line", { x1: x(0), x2: x(0), y1: y(-1), y2: y(1), class: "emrs-plane-axis" }),
    draw("text", { x: x(-1), y: SIZE - 8, class: "emrs-plane-end" }, data.words.left),
    draw("text", { x: x(1), y: SIZE - 8, class: "emrs-plane-end", "text-anchor": "end" }, data.words.right),
    draw("text", { x: x(0), y: 16, class: "emrs-plane-end", "text-anchor": "middle" }, data.words.top),
    draw("text", { x: x(0), y: SIZE - 8, class: "emrs-plane-end", "text-anchor": "middle" }, data.words.bottom),
  );
  const words = draw("g", { "aria-hidden": "true" }); // above the songs, which gather around them
  for (const { v, a, name, colour, side } of data.emotions) {
    const beside = { start: 8, end: -8, middle: 0 }[side];
    words.append(draw("text", {
      x: x(v) + beside, y: y(a) + (side === "middle" ? -HANDLE_CLEAR : 4), "text-anchor": side, class: "emrs-plane-word",
    }, name));
    group.append(draw("circle", { cx: x(v), cy: y(a), r: 3.5, style: `fill: ${colour}` }));
  }
  return [group, words];
}

// Numbers that would hide one another, or lie under a handle, move apart as little as needed.
function spread(places, handles) {
  const spots = places.map(({ v, a }) => ({ x: x(v), y: y(a) }));
  const still = handles.map(({ point: { v, a }, radius }) => ({ x: x(v), y: y(a), radius }));
  const push = (spot, other, least, share) => {
    const [dx, dy] = [spot.x - other.x || 0.1, spot.y - other.y || 0.1];
    const gap = Math.hypot(dx, dy);
    if (gap >= least) return;
    const step = (share * (least - gap)) / gap;
    spot.x += dx * step;
    spot.y += dy * step;
    if (share < 1) other.x -= dx * step;
    if (share < 1) other.y -= dy * step;
  };
  for (let turn = 0; turn < TURNS; turn++) {
    spots.forEach((spot, place) => {
      spots.slice(place + 1).forEach((other) => push(spot, other, 2 * NUMBER + 2, 0.5));
      still.forEach((handle) => push(spot, handle, NUMBER + handle.radius + 2, 1));
    });
  }
  return spots;
}

function songs(data) {
  const group = draw("g", { "aria-hidden": "true" });
  if (data.path.length > 1) {
    const points = data.path.map(([v, a]) => `${x(v)},${y(a)}`).join(" ");
    group.append(draw("polyline", { points, class: "emrs-plane-path" }));
  }
  const numbered = data.path.length > 1; // songs for one mood lie close together: numbers would hide one another
  const handles = Object.entries(RADII).filter(([name]) => data[name]);
  const spots = numbered ? spread(data.songs, handles.map(([name, radius]) => ({ point: data[name], radius }))) : [];
  data.songs.forEach(({ v, a, n, title, state }, place) => {
    const dot = draw("g", { class: `emrs-plane-song emrs-plane-song-${state}` });
    const spot = spots[place] ?? { x: x(v), y: y(a) };
    dot.append(draw("title", {}, `${n}. ${title}`), draw("circle", { cx: spot.x, cy: spot.y, r: numbered ? NUMBER : 6 }));
    if (numbered) dot.append(draw("text", { x: spot.x, y: spot.y + 3.6, "text-anchor": "middle" }, String(n)));
    group.append(dot);
  });
  return group;
}

function spoken({ v, a }, words) {
  const pleasant = v > 0.15 ? words.right : v < -0.15 ? words.left : words.even;
  const lively = a > 0.15 ? words.top : a < -0.15 ? words.bottom : words.moderate;
  return `${pleasant} and ${lively}: valence ${v.toFixed(2)}, arousal ${a.toFixed(2)}`;
}

function put(handle, point, words) {
  handle.point = point;
  handle.element.setAttribute("transform", `translate(${x(point.v)} ${y(point.a)})`);
  handle.element.setAttribute("aria-valuenow", point.v.toFixed(2));
  handle.element.setAttribute("aria-valuetext", spoken(point, words));
}

// A handle that was moved is told once it rests; what the server says meanwhile about its place is older.
function move(state, name, point) {
  const handle = state.handles[name];
  const { words } = state.data;
  put(handle, { v: clip(point.v), a: clip(point.a) }, words);
  clearTimeout(handle.timer);
  handle.moving = true;
  handle.timer = setTimeout(() => settle(state, name), REST_MS);
}

function settle(state, name) {
  const handle = state.handles[name];
  clearTimeout(handle.timer);
  if (!handle.moving) return;
  handle.moving = false;
  state.tell(name, { valence: handle.point.v, arousal: handle.point.a });
}

function pointOf(state, event) {
  const box = state.svg.getBoundingClientRect();
  const unit = SIZE / box.width;
  return {
    v: ((event.clientX - box.left) * unit - MARGIN) / scale - 1,
    a: 1 - ((event.clientY - box.top) * unit - MARGIN) / scale,
  };
}

function dragged(state, name, event) {
  event.preventDefault();
  state.svg.setPointerCapture(event.pointerId);
  const follow = (moved) => moved.pointerId === event.pointerId && move(state, name, pointOf(state, moved));
  const end = () => {
    state.svg.removeEventListener("pointermove", follow);
    settle(state, name);
  };
  state.svg.addEventListener("pointermove", follow);
  state.svg.addEventListener("pointerup", end, { once: true });
  state.svg.addEventListener("pointercancel", end, { once: true });
}

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function handleOf(state, name) {
  const element = draw("g", {
    class: `emrs-plane-handle emrs-plane-${name}`, tabindex: "0", role: "slider", "aria-valuemin": "-1",
    "aria-valuemax": "1",
  });
  element.append(draw("circle", { r: 22, class: "emrs-plane-reach" }), draw("circle", { r: RADII[name] }));
  if (name === "target") element.append(draw("circle", { r: 4, class: "emrs-plane-centre" }));
  element.append(draw("title"));
  element.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    element.focus({ preventScroll: true });
    dragged(state, name, event);
  });
  element.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault(); // the page would scroll
    const step = event.shiftKey ? 4 * STEP : STEP;
    const { v, a } = state.handles[name].point;
    move(state, name, { v: v + way[0] * step, a: a + way[1] * step });
  });
  return { element, point: { v: 0, a: 0 }, moving: false, timer: 0 };
}

function build(root) {
  const svg = draw("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group" });
  const state = { svg, layers: draw("g"), handles: {}, data: null, tell: () => {} };
  state.handles = { mood: handleOf(state, "mood"), target: handleOf(state, "target") };
  svg.append(state.layers, state.handles.mood.element, state.handles.target.element);
  svg.addEventListener("pointerdown", (event) => {
    // A tap says where to go; how one feels, while that is not known or the music leads nowhere.
    const name = state.data.target && state.data.mood ? "target" : "mood";
    state.handles[name].element.removeAttribute("display");
    move(state, name, pointOf(state, event));
    dragged(state, name, event);
  });
  root.replaceChildren(svg);
  return state;
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-plane");
  if (!states.has(root)) states.set(root, build(root));
  const state = states.get(root);
  state.data = data;
  state.tell = (name, point) => setTriggerValue(name, point);
  state.svg.setAttribute("aria-label", data.alt);
  const [field, words] = ground(data);
  state.layers.replaceChildren(field, songs(data), words);
  for (const [name, handle] of Object.entries(state.handles)) {
    const point = data[name];
    handle.element.setAttribute("aria-label", data.words[name]);
    handle.element.querySelector("title").textContent = data.words[name];
    if (handle.moving) continue;
    handle.element.toggleAttribute("display", false);
    if (point) put(handle, point, data.words);
    else handle.element.setAttribute("display", "none");
  }
}

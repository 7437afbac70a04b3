// One kept session on one time axis: curves (Plotly, changed in place), lanes, a strip with the whole session. The view
// is the browser's: it moves at once with the points that are there, and the server then sends finer ones for it.

const REST_MS = 180; // a view that rests this long is asked for
const LEAST_S = 1;
const NEAR_PX = 10; // a reading this near is told
const CLICK_PX = 5; // the pointer moved less: a click, not a drag

function unpacked({ dtype, bdata }) {
  const bytes = Uint8Array.from(atob(bdata), (sign) => sign.charCodeAt(0));
  return dtype === "f8" ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
}

function clamped([start, end], [low, high], keepWidth = false) {
  const width = Math.min(Math.max(end - start, LEAST_S), high - low);
  let from = Math.max(low, Math.min(start, high - width));
  let to = keepWidth ? from + width : Math.min(high, Math.max(end, from + LEAST_S));
  return [from, Math.max(to, from + LEAST_S)];
}

// Show that stretch now, and ask for its finer points once it rests.
function look(state, wanted, keepWidth = false) {
  const view = clamped(wanted, state.data.whole, keepWidth);
  if (view[0] === state.view[0] && view[1] === state.view[1]) return;
  state.view = view;
  redraw(state);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => state.tell("view", { start: view[0], end: view[1] }), REST_MS);
}

function redraw(state) {
  const axis = { range: state.view, autorange: false, ...ticksOf(state.view, state.body.clientWidth) };
  const layout = { ...state.figure.layout, autosize: true, dragmode: state.coarse ? false : "zoom" };
  layout.xaxis = { ...layout.xaxis, ...axis };
  if (state.Plotly && state.body.clientWidth > 0) {
    const traces = state.figure.data.map((trace) => ({ ...trace, visible: !state.hidden.has(trace.meta.key) }));
    state.Plotly.react(state.plot, traces, layout, state.data.config);
    listen(state);
  }
  drawLanes(state);
  drawOverview(state);
  drawReadout(state);
  drawMoment(state);
}

function listen(state) {
  if (state.listening) return;
  state.listening = true;
  state.plot.on("plotly_relayout", (change) => {
    const range = change["xaxis.range"] ?? [change["xaxis.range[0]"], change["xaxis.range[1]"]];
    if (change["xaxis.autorange"]) look(state, state.data.whole);
    else if (range[0] !== undefined) look(state, range.map(Number));
  });
  state.plot.on("plotly_doubleclick", () => {
    look(state, state.data.whole);
    return false;
  });
}

// -- the legend, which tells the values under the pointer too ---------------------------------------------------------

function drawLegend(state) {
  const shown = state.figure.data.filter((trace) => !trace.meta.behind);
  const names = shown.map((trace) => trace.name).join();
  if (state.legendOf === names) return;
  state.legendOf = names;
  const chips = shown.map((trace) => {
    const kind = trace.yaxis === "y2" ? " emrs-legend-plane" : "";
    const chip = make("button", `emrs-legend-chip${kind}`, { type: "button", "data-key": trace.meta.key });
    const swatch = make("span", "emrs-legend-line", { "aria-hidden": "true" });
    swatch.style.borderTopColor = trace.meta.colour;
    swatch.style.borderTopStyle = { dot: "dotted", solid: "solid" }[trace.line.dash ?? "solid"] ?? "dashed";
    chip.append(swatch, make("span", "", {}, trace.name), make("output", "emrs-legend-value"));
    chip.addEventListener("click", () => {
      const { hidden } = state;
      if (!hidden.delete(trace.meta.key)) hidden.add(trace.meta.key);
      redraw(state);
    });
    return chip;
  });
  const second = chips.findIndex((chip) => chip.classList.contains("emrs-legend-plane"));
  chips.splice(second, 0, make("span", "emrs-legend-break", { "aria-hidden": "true" }));
  state.legend.replaceChildren(...chips);
}

function valueAt(trace, moment, reach) {
  const { x, y } = trace;
  let low = 0;
  let high = x.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= moment) low = middle;
    else high = middle;
  }
  const nearest = moment - x[low] <= x[high] - moment ? low : high;
  return Math.abs(x[nearest] - moment) <= reach && !Number.isNaN(y[nearest]) ? y[nearest] : null;
}

function valueWords(value, unit) {
  if (value === null) return "";
  return unit ? `${value.toFixed(0)} ${unit}` : `${value >= 0 ? "+" : "\u2212"}${Math.abs(value).toFixed(2)}`;
}

function drawReadout(state) {
  const { pointer, view } = state;
  const scale = scaleOf(view, state.body.clientWidth);
  const inside = pointer !== null && pointer >= view[0] && pointer <= view[1];
  const reach = Math.max(0.3, (NEAR_PX / scale.room) * (view[1] - view[0]));
  const traces = new Map(state.figure.data.filter((t) => !t.meta.behind).map((t) => [t.meta.key, t]));
  for (const chip of state.legend.querySelectorAll("button")) {
    const trace = traces.get(chip.dataset.key);
    chip.setAttribute("aria-pressed", String(!state.hidden.has(chip.dataset.key)));
    chip.lastChild.textContent = inside && trace ? valueWords(valueAt(trace, pointer, reach), trace.meta.unit) : "";
  }
  state.cursor.hidden = !inside;
  if (inside) state.cursor.style.left = `${scale.px(pointer)}px`;
  const shown = `${clockWords(view[0])} – ${clockWords(view[1])}`;
  state.where.textContent = inside ? clockWords(pointer, true) : shown;
}

// The moment last clicked: where a new mark would go.
function drawMoment(state) {
  const { moment } = state.data;
  const inside = moment !== null && moment >= state.view[0] && moment <= state.view[1];
  state.pin.hidden = !inside;
  if (inside) state.pin.style.left = `${scaleOf(state.view, state.body.clientWidth).px(moment)}px`;
}

// -- tools and keys ----------------------------------------------------------------------------------------------------

const MOVES = {
  whole: (view, whole) => whole,
  in: ([a, b]) => [a + (b - a) / 4, b - (b - a) / 4],
  out: ([a, b]) => [a - (b - a) / 2, b + (b - a) / 2],
  back: ([a, b]) => [a - (b - a) / 2, b - (b - a) / 2],
  on: ([a, b]) => [a + (b - a) / 2, b + (b - a) / 2],
};
const KEYS = { "+": "in", "=": "in", "-": "out", ArrowLeft: "back", ArrowRight: "on", 0: "whole", Home: "whole" };

function move(state, name) {
  look(state, MOVES[name](state.view, state.data.whole), name === "back" || name === "on");
}

function toolsOf(state) {
  const bar = make("div", "emrs-timeline-tools", { role: "toolbar", "aria-label": state.data.words.tools });
  state.where = make("span", "emrs-timeline-where");
  for (const [name, sign] of [["back", "‹"], ["on", "›"], ["out", "−"], ["in", "+"], ["whole", "⤢"]]) {
    const words = state.data.words[name];
    const button = make("button", `emrs-timeline-tool emrs-timeline-${name}`, { type: "button", title: words, "aria-label": words }, sign);
    button.addEventListener("click", () => move(state, name));
    bar.append(button);
  }
  bar.append(state.where);
  return bar;
}

function momentOf(state, event) {
  const rect = state.body.getBoundingClientRect();
  const moment = scaleOf(state.view, rect.width).moment(event.clientX - rect.left);
  return moment >= state.view[0] && moment <= state.view[1] ? moment : null;
}

function followPointer(state) {
  state.body.addEventListener("pointermove", (event) => {
    state.pointer = momentOf(state, event);
    drawReadout(state);
  });
  state.body.addEventListener("pointerleave", () => {
    state.pointer = null;
    drawReadout(state);
  });
  state.body.addEventListener("pointerdown", (down) => {
    if (down.target.closest("button")) return;
    const up = (event) => { // heard by the document: Plotly lays a cover over the page while one drags
      const moment = momentOf(state, event);
      if (moment === null || Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) >= CLICK_PX) return;
      state.tell("moment", { t: Math.round(moment * 10) / 10 });
    };
    document.addEventListener("pointerup", up, { once: true, capture: true });
  }, true);
  state.body.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page's own scrolling stays
    event.preventDefault();
    const at = momentOf(state, event) ?? (state.view[0] + state.view[1]) / 2;
    const by = event.deltaY > 0 ? 1.25 : 0.8;
    look(state, [at - (at - state.view[0]) * by, at + (state.view[1] - at) * by]);
  }, { passive: false });
}

function build(root, data) {
  const state = { data, view: data.view, hidden: new Set(), pointer: null, jump: data.jump, look: (...to) => look(state, ...to) };
  state.coarse = window.matchMedia("(pointer: coarse)").matches; // a finger there scrolls the page
  state.probe = make("span", "", { hidden: "" });
  state.legend = make("div", "emrs-legend", { role: "group", "aria-label": data.words.legend });
  state.body = make("div", "emrs-timeline-body");
  state.shades = make("div", "emrs-shades", { "aria-hidden": "true" });
  state.plot = make("div", "emrs-timeline-plot", { role: "img", tabindex: "0" });
  state.lanes = make("div", "emrs-lanes");
  state.cursor = make("div", "emrs-timeline-cursor", { hidden: "" });
  state.pin = make("div", "emrs-timeline-pin", { hidden: "" });
  state.body.append(state.shades, state.plot, state.lanes, state.cursor, state.pin);
  state.overview = makeOverview(state);
  root.append(state.probe, toolsOf(state), state.legend, state.body, state.overview.box);
  state.plot.addEventListener("keydown", (event) => {
    const name = KEYS[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(state, name);
  });
  followPointer(state);
  new ResizeObserver(() => {
    if (state.body.clientWidth === state.width) return;
    state.width = state.body.clientWidth;
    if (state.figure && state.width) redraw(state);
  }).observe(state.body);
  return state;
}

function ink(state) {
  const { figure } = state.data;
  const data = figure.data.map(({ x, y, ...look_ }) => {
    const trace = inked(look_, state.probe);
    return { ...trace, x: unpacked(x), y: unpacked(y), meta: { ...trace.meta, colour: trace.line.color } };
  });
  const layout = inked(figure.layout, state.probe);
  layout.font = { ...layout.font, family: getComputedStyle(state.body).fontFamily };
  state.figure = { data, layout };
  state.legendOf = ""; // colours may be others
}

async function draw(state) {
  ink(state);
  drawLegend(state);
  state.plot.setAttribute("aria-label", state.data.alt);
  state.plot.style.minHeight = `${state.figure.layout.height}px`;
  try {
    state.Plotly ??= await loadPlotly(state.data.script);
  } catch {
    state.plot.textContent = `${state.data.alt} (The drawing itself could not be loaded.)`;
  }
  redraw(state);
}

const timelines = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-timeline");
  if (!timelines.has(root)) timelines.set(root, build(root, data));
  const state = timelines.get(root);
  const anew = data.session !== state.data.session || data.jump !== state.jump;
  const atEnd = state.view[0] === state.data.whole[0] && state.view[1] === state.data.whole[1];
  state.data = data;
  state.tell = setTriggerValue;
  if (anew) state.view = data.view;
  else if (atEnd) state.view = data.whole; // a running session grows
  state.jump = data.jump;
  draw(state);
  const themes = new MutationObserver(() => draw(state));
  const app = document.querySelector(".stApp");
  if (app) themes.observe(app, { attributes: true, attributeFilter: ["class"] });
  return () => themes.disconnect();
}

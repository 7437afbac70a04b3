// The whole session in a strip, with the stretch that the chart shows as a window to drag, or to move by the keys.

const STRIP = 44; // px high
const SVG = "http://www.w3.org/2000/svg";
const NUDGE = 0.02; // of the whole: an arrow key; with Shift five of them

function svgOf(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function handleFor(state, side) {
  const handle = make("button", `emrs-overview-handle emrs-overview-${side}`, {
    type: "button", role: "slider", "aria-label": state.data.words[side], "aria-orientation": "horizontal",
  });
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    const [low, high] = state.data.whole;
    const width = (high - low) * NUDGE * (event.shiftKey ? 5 : 1);
    const ends = [...state.view];
    const end = side === "from" ? 0 : 1;
    if (step) ends[end] += step * width;
    else if (event.key === "Home") ends[end] = end ? ends[0] + 1 : low;
    else if (event.key === "End") ends[end] = end ? high : ends[1] - 1;
    else return;
    event.preventDefault();
    event.stopPropagation();
    state.look(end ? [ends[0], Math.max(ends[1], ends[0] + 1)] : [Math.min(ends[0], ends[1] - 1), ends[1]]);
  });
  return handle;
}

function makeOverview(state) {
  const box = make("div", "emrs-overview");
  const drawing = svgOf("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
  const window_ = make("div", "emrs-overview-window");
  const handles = { from: handleFor(state, "from"), to: handleFor(state, "to") };
  window_.append(handles.from, handles.to);
  box.append(drawing, window_);
  const moment = (event) => {
    const rect = box.getBoundingClientRect();
    return scaleOf(state.data.whole, rect.width).moment(event.clientX - rect.left);
  };
  box.addEventListener("pointerdown", (down) => {
    const side = down.target === handles.from ? "from" : down.target === handles.to ? "to" : "all";
    const [from, to] = state.view;
    const grabbed = moment(down);
    const inside = grabbed >= from && grabbed <= to;
    if (side === "all" && !inside) return state.look([grabbed - (to - from) / 2, grabbed + (to - from) / 2], true);
    down.preventDefault();
    box.setPointerCapture(down.pointerId);
    const follow = (moved) => {
      const by = moment(moved) - grabbed;
      if (side === "from") state.look([Math.min(from + by, to - 1), to]);
      else if (side === "to") state.look([from, Math.max(to + by, from + 1)]);
      else state.look([from + by, to + by], true);
    };
    box.addEventListener("pointermove", follow);
    const end = () => box.removeEventListener("pointermove", follow);
    box.addEventListener("pointerup", end, { once: true });
    box.addEventListener("pointercancel", end, { once: true });
  });
  return { box, drawing, window: window_, handles };
}

function drawOverview(state) {
  const { box, drawing, window: window_, handles } = state.overview;
  const width = box.clientWidth;
  const scale = scaleOf(state.data.whole, width);
  const [from, to] = state.view;
  window_.style.left = `${scale.px(from)}px`;
  window_.style.width = `${Math.max(6, scale.px(to) - scale.px(from))}px`;
  for (const [side, value] of [["from", from], ["to", to]]) {
    const [low, high] = state.data.whole;
    for (const [name, number] of [["valuemin", low], ["valuemax", high], ["valuenow", value]]) {
      handles[side].setAttribute(`aria-${name}`, number.toFixed(1));
    }
    handles[side].setAttribute("aria-valuetext", clockWords(value));
  }
  if (state.overviewOf === state.data && state.overviewWidth === width) return; // only the window moved
  Object.assign(state, { overviewOf: state.data, overviewWidth: width });
  drawing.setAttribute("viewBox", `0 0 ${width} ${STRIP}`);
  const y = (value) => (STRIP / 2) * (1 - value * 0.86);
  const songs = state.data.overview.songs.map(([a, b]) =>
    svgOf("rect", { x: scale.px(a), width: Math.max(1, scale.px(b) - scale.px(a)), y: STRIP - 5, height: 4, class: "emrs-overview-song" }),
  );
  let path = "";
  let pen = "M";
  for (const [moment, value] of state.data.overview.line) {
    if (value === null) pen = "M";
    else {
      path += `${pen}${scale.px(moment).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    }
  }
  drawing.replaceChildren(
    svgOf("line", { x1: LEFT, x2: width - RIGHT, y1: STRIP / 2, y2: STRIP / 2, class: "emrs-overview-middle" }),
    ...songs,
    svgOf("path", { d: path, class: "emrs-overview-line" }),
  );
}

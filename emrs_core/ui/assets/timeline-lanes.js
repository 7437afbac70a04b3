// The lanes under the chart, and what of them stands behind its curves.

const TOUCH_PX = 24; // least width of what can be pressed
const WORDS_PX = 46; // room from which on an item has its words
const PRESSED = { markers: "moment", notes: "moment", said: "moment" }; // the rest are stretches
const FEW = { ...PRESSED, songs: true };
const MOST_LINES = 40; // of these behind the curves; more would hide them
const PADS = { songs: 30, episodes: 2 }; // seconds of before and after that are shown with it

// Items nearer to one another than a fingertip become one.
function parted(lane, scale) {
  if (!(lane.name in PRESSED)) return lane.items;
  const found = [];
  for (const item of lane.items) {
    const last = found.at(-1);
    if (last && scale.px(item.a) - scale.px(last.a) < TOUCH_PX) {
      last.b = Math.max(last.b, item.b);
      last.n += item.n;
      last.text = last.n.toLocaleString("en", { notation: "compact" });
      last.detail = `${last.n} ${lane.title.toLowerCase()}, ${clockWords(last.a)} to ${clockWords(last.b)}`;
      delete last.id;
    } else {
      found.push({ ...item });
    }
  }
  return found;
}

function aimOf(lane, item, whole) {
  const pad = PADS[lane.name] ?? Math.max(0.5, (item.b - item.a) * 0.1);
  return [Math.max(whole[0], item.a - pad), Math.min(whole[1], item.b + pad)];
}

function place(element, item, next, scale, kind) {
  const start = Math.max(scale.px(item.a), LEFT);
  if (kind === "moment") {
    const end = next ? scale.px(next.a) : LEFT + scale.room;
    element.style.left = `${scale.px(item.a) - 5}px`;
    element.style.maxWidth = `${Math.max(TOUCH_PX, end - scale.px(item.a) + 2)}px`;
    element.classList.toggle("emrs-lane-bare", end - start < WORDS_PX && item.n === 1);
    return;
  }
  const width = Math.max(2, Math.min(scale.px(item.b), LEFT + scale.room) - start);
  element.style.left = `${start}px`;
  element.style.width = `${width}px`;
  element.classList.toggle("emrs-lane-bare", width < WORDS_PX);
}

function itemOf(state, lane, item, next, scale) {
  const chosen = item.id && item.id === state.data.chosen;
  const band = lane.name === "seen";
  const element = make(band ? "span" : "button", `emrs-lane-item emrs-lane-${lane.name}`, { title: item.detail });
  if (item.kind) element.classList.add(`emrs-lane-${item.kind.replace("_", "-")}`);
  place(element, item, next, scale, PRESSED[lane.name]);
  if (band) return element;
  element.type = "button";
  element.setAttribute("aria-label", `${lane.title}: ${item.detail}`);
  element.append(make("span", "emrs-lane-words", { dir: "auto" }, item.text));
  if (item.n > 1) element.classList.add("emrs-lane-many");
  if (chosen) element.setAttribute("aria-current", "true");
  element.addEventListener("click", () => {
    if (item.id) return state.tell("pick", { id: item.id });
    state.look(aimOf(lane, item, state.data.whole));
  });
  return element;
}

function drawLanes(state) {
  const width = state.lanes.clientWidth;
  const scale = scaleOf(state.view, width);
  const inside = (item) => item.b >= state.view[0] && item.a <= state.view[1];
  const held = state.lanes.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
  state.lanes.replaceChildren(
    ...state.data.lanes.map((lane) => {
      const row = make("div", `emrs-lane emrs-lane-row-${lane.name}`, { role: "group", "aria-label": lane.title });
      row.append(make("span", "emrs-lane-title", { "aria-hidden": "true" }, lane.title));
      const items = parted(lane, scale).filter(inside);
      row.append(...items.map((item, index) => itemOf(state, lane, item, items[index + 1], scale)));
      return row;
    }),
  );
  if (held) [...state.lanes.querySelectorAll("button")].find((b) => b.getAttribute("aria-label") === held)?.focus();
  drawShades(state, scale, inside);
}

// Left-out time and episodes as bands, songs' borders, markers and notes as lines, behind the curves.
function drawShades(state, scale, inside) {
  const shades = [];
  for (const lane of state.data.lanes) {
    const items = lane.items.filter(inside);
    if (lane.name === "seen" || lane.name === "said" || (lane.name in FEW && items.length > MOST_LINES)) continue;
    for (const item of items) {
      const shade = make("span", `emrs-shade emrs-shade-${lane.name}`);
      const start = Math.max(LEFT, scale.px(item.a));
      shade.style.left = `${start}px`;
      if (!(lane.name in PRESSED)) shade.style.width = `${Math.max(1, Math.min(scale.px(item.b), LEFT + scale.room) - start)}px`;
      shades.push(shade);
    }
  }
  state.shades.replaceChildren(...shades);
}

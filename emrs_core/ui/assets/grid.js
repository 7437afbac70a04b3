// The plane in nine by nine fields: one tap says how pleasant and how energetic one feels.
// The arrow keys move over the fields, Space or Enter chooses.

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function focus(state, valence, arousal) {
  const clip = (step) => Math.min(state.steps, Math.max(1, step));
  const wanted = state.fields.get(`${clip(valence)} ${clip(arousal)}`);
  for (const field of state.fields.values()) field.setAttribute("tabindex", field === wanted ? "0" : "-1");
  wanted.focus();
}

function field(state, data, valence, arousal) {
  const element = document.createElement("button");
  element.type = "button";
  element.setAttribute("role", "gridcell");
  const middle = (data.steps + 1) / 2;
  element.setAttribute("tabindex", valence === middle && arousal === middle ? "0" : "-1");
  const words = `${data.words.valence} ${valence}, ${data.words.arousal} ${arousal}`;
  element.setAttribute("aria-label", words);
  element.title = words;
  element.addEventListener("click", () => {
    element.setAttribute("aria-selected", "true");
    state.tell({ turn: state.turn, valence, arousal });
  });
  element.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    focus(state, valence + move[0], arousal + move[1]);
  });
  state.fields.set(`${valence} ${arousal}`, element);
  return element;
}

function build(root, data) {
  const state = { turn: data.turn, steps: data.steps, fields: new Map() };
  const grid = document.createElement("div");
  grid.className = "emrs-grid-fields";
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", data.words.question);
  const steps = Array.from({ length: data.steps }, (_, k) => k + 1);
  for (const arousal of [...steps].reverse()) {
    const row = document.createElement("div");
    row.setAttribute("role", "row");
    row.append(...steps.map((valence) => field(state, data, valence, arousal)));
    grid.append(row);
  }
  const ends = ["top", "left", "right", "bottom"].map((side) =>
    Object.assign(document.createElement("span"), { className: `emrs-grid-${side}`, textContent: data.words[side] }),
  );
  for (const end of ends) end.setAttribute("aria-hidden", "true");
  root.replaceChildren(grid, ...ends);
  return state;
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-grid");
  if (states.get(root)?.turn !== data.turn) states.set(root, build(root, data));
  states.get(root).tell = (report) => setTriggerValue("report", report);
}

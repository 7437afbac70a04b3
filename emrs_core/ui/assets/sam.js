// Two rows of nine figures: how pleasant, how energetic. One tap each; the second one says it.
// Arrow keys move along a row, Space or Enter chooses: a choice made by moving would be said before it is meant.

const MOVES = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

function focus(buttons, place) {
  const wanted = Math.min(buttons.length - 1, Math.max(0, place));
  buttons.forEach((button, k) => button.setAttribute("tabindex", k === wanted ? "0" : "-1"));
  buttons[wanted].focus();
}

function choose(state, name, step) {
  state.chosen[name] = step;
  for (const button of state.rows[name]) button.setAttribute("aria-checked", String(Number(button.value) === step));
  const { valence, arousal } = state.chosen;
  if (valence && arousal) state.tell({ turn: state.turn, valence, arousal });
}

function rowOf(state, { name, question, low, high, figures }) {
  const label = document.createElement("p");
  label.className = "emrs-sam-question";
  label.textContent = question;
  const group = document.createElement("div");
  group.className = "emrs-sam-figures";
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", `${question} ${low} – ${high}`);
  const middle = Math.floor(figures.length / 2);
  const buttons = figures.map(({ step, words, svg }, place) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", value: String(step), title: words, innerHTML: svg });
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", "false");
    button.setAttribute("aria-label", words);
    button.setAttribute("tabindex", place === middle ? "0" : "-1");
    button.addEventListener("click", () => choose(state, name, step));
    button.addEventListener("keydown", (event) => {
      const move = event.key === "Home" ? -Infinity : event.key === "End" ? Infinity : MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      focus(buttons, place + move);
    });
    return button;
  });
  state.rows[name] = buttons;
  group.append(...buttons);
  const ends = document.createElement("p");
  ends.className = "emrs-sam-ends";
  ends.setAttribute("aria-hidden", "true");
  ends.append(...[low, high].map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  const row = document.createElement("div");
  row.append(label, group, ends);
  return row;
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-sam");
  if (states.get(root)?.turn !== data.turn) {
    const state = { turn: data.turn, chosen: {}, rows: {} };
    states.set(root, state);
    root.replaceChildren(...data.rows.map((row) => rowOf(state, row)));
  }
  states.get(root).tell = (report) => setTriggerValue("report", report);
}

// A Plotly chart that changes in place: no flicker, and the person's zoom stays.

async function draw(root, state) {
  const { data } = state;
  let Plotly;
  try {
    Plotly = await loadPlotly(data.script);
  } catch {
    root.textContent = `${data.alt} (The drawing itself could not be loaded.)`;
    return;
  }
  const figure = inked(data.figure, state.probe);
  figure.layout.font = { ...figure.layout.font, family: getComputedStyle(root).fontFamily };
  if (!state.plot.isConnected) root.append(state.plot);
  await Plotly.react(state.plot, figure.data, { ...figure.layout, autosize: true }, data.config);
  if (!state.listening) {
    state.listening = true;
    state.plot.on("plotly_click", ({ points }) => {
      const point = points.find((candidate) => candidate.data.name === state.data.pick);
      if (point) state.pick({ x: point.x, y: point.y });
    });
    new ResizeObserver(() => {
      if (state.plot.offsetWidth > 0) Plotly.Plots.resize(state.plot); // Plotly refuses what is not shown
    }).observe(root);
  }
}

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".emrs-chart");
  if (!states.has(root)) {
    const plot = document.createElement("div");
    const probe = document.createElement("span");
    probe.hidden = true;
    root.append(plot, probe);
    states.set(root, { plot, probe });
  }
  const state = states.get(root);
  Object.assign(state, { data, pick: (point) => setTriggerValue("pick", point) });
  root.style.minHeight = `${data.figure.layout.height}px`;
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  draw(root, state);
  const redraw = () => draw(root, state);
  const themes = new MutationObserver(redraw);
  const app = document.querySelector(".stApp");
  if (app) themes.observe(app, { attributes: true, attributeFilter: ["class"] });
  return () => themes.disconnect();
}

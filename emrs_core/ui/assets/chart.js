// A Plotly chart that changes in place: no flicker, and the person's zoom stays.

function load(address) {
  window.emrsPlotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL(address, window.location.href); // pages lie one level deep, so this finds the app's root
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`no chart script at ${script.src}`));
    document.head.append(script);
  });
  return window.emrsPlotly;
}

// Plotly knows no CSS variables: each "var(--x)" becomes the colour that the theme gives it now.
function inked(value, probe) {
  if (typeof value === "string") {
    if (!value.startsWith("var(")) return value;
    probe.style.color = value;
    return getComputedStyle(probe).color;
  }
  if (Array.isArray(value)) return value.map((entry) => inked(entry, probe));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, inked(entry, probe)]));
  }
  return value;
}

async function draw(root, state) {
  const { data } = state;
  let Plotly;
  try {
    Plotly = await load(data.script);
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

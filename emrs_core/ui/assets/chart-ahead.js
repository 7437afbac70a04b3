// Plotly before there is a chart: it is evaluated for a second or more, in which the page stands still.

const IDLE_MS = 2000; // so long at most for a quiet moment

export default function ({ data }) {
  const load = () => loadPlotly(data.script).catch(() => {}); // the chart itself says what is wrong
  if (window.requestIdleCallback) requestIdleCallback(load, { timeout: IDLE_MS });
  else setTimeout(load, IDLE_MS);
}

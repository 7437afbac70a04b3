// What our Plotly parts share: the one script, and colours that follow the theme.

function loadPlotly(address) {
  window.emrsPlotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL(address, window.location.href); // pages lie one level deep, so this finds the app's root
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      script.remove();
      window.emrsPlotly = undefined; // whoever draws next may have more luck
      reject(new Error(`no chart script at ${script.src}`));
    };
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

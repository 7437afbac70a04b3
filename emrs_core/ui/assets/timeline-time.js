// Moments of a session in words, and where they lie on the chart.

const LEFT = 64; // px, as the chart's own margins
const RIGHT = 12;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
const TICK_PX = 84; // room for one tick's words

function clockWords(seconds, tenths = false) {
  const steps = tenths ? Math.round(Math.abs(seconds) * 10) : Math.floor(Math.abs(seconds)) * 10;
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(steps / 36000);
  const minutes = Math.floor(steps / 600) % 60;
  const rest = two(Math.floor(steps / 10) % 60) + (tenths ? `.${steps % 10}` : "");
  const sign = seconds < 0 ? "\u2212" : "";
  return hours ? `${sign}${hours}:${two(minutes)}:${rest}` : `${sign}${minutes}:${rest}`;
}

// Where the ticks of a view are, and what they say.
function ticksOf([start, end], width) {
  const most = Math.max(2, Math.floor((width - LEFT - RIGHT) / TICK_PX));
  const step = STEPS.find((size) => (end - start) / size <= most) ?? Math.ceil((end - start) / most / 3600) * 3600;
  const tickvals = [];
  for (let place = Math.ceil(start / step - 1e-9); place * step <= end + 1e-9; place += 1) tickvals.push(place * step);
  return { tickvals, ticktext: tickvals.map((moment) => clockWords(moment, step < 1)) };
}

// A scale between the seconds of a view and the pixels of an element that has the chart's margins.
function scaleOf([start, end], width) {
  const room = Math.max(1, width - LEFT - RIGHT);
  return {
    px: (moment) => LEFT + ((moment - start) / (end - start)) * room,
    moment: (x) => start + ((x - LEFT) / room) * (end - start),
    room,
  };
}

function make(tag, className = "", attributes = {}, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

// A dot to look at, with the time that is left running round it.

const DRAWING =
  '<svg viewBox="0 0 112 112" role="img"><circle cx="56" cy="56" r="50"/>' +
  '<circle class="emrs-dot-time" cx="56" cy="56" r="50" pathLength="100"/>' +
  '<circle class="emrs-dot-point" cx="56" cy="56" r="8"/></svg>';

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".emrs-dot");
  if (root.dataset.turn === String(data.turn)) return;
  root.dataset.turn = String(data.turn);
  root.innerHTML = DRAWING;
  root.firstChild.setAttribute("aria-label", data.words);
  root.querySelector(".emrs-dot-time").style.animationDuration = `${data.seconds}s`;
}

// The mood card: text and seven bars, changed in place so that bars glide and a screen reader hears only real changes.

function part(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function build(root) {
  const line = part("div", "emrs-mood-line");
  line.append(
    part("span", "emrs-mood-dot", { "aria-hidden": "true" }),
    part("span", "emrs-mood-name", { role: "status" }),
  );
  root.replaceChildren(
    part("p", "emrs-mood-eyebrow"),
    line,
    part("p", "emrs-mood-advice"),
    part("ul", "emrs-bars", { "aria-label": "Probability of each emotion" }),
    part("p", "emrs-mood-slow"),
  );
}

function setText(root, selector, text) {
  const element = root.querySelector(selector);
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function bar(list, index) {
  if (list.children[index]) return list.children[index];
  const item = part("li", "emrs-bar");
  const track = part("span", "emrs-bar-track", { "aria-hidden": "true" });
  track.append(part("span", "emrs-bar-fill"));
  item.append(part("span", "emrs-bar-name"), track, part("span", "emrs-bar-value"));
  list.append(item);
  return item;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".emrs-mood");
  if (!root.firstChild) build(root);
  root.dataset.kind = data.kind;
  root.style.setProperty("--emrs-now", data.colour);
  root.querySelector(".emrs-mood-dot").hidden = !data.colour;
  setText(root, ".emrs-mood-eyebrow", data.eyebrow);
  setText(root, ".emrs-mood-name", data.name);
  setText(root, ".emrs-mood-advice", data.advice);
  setText(root, ".emrs-mood-slow", data.slow);
  const list = root.querySelector(".emrs-bars");
  list.hidden = data.bars.length === 0;
  list.classList.toggle("emrs-bars-old", data.faded);
  data.bars.forEach(({ name, value, text, colour, leading }, index) => {
    const item = bar(list, index);
    item.classList.toggle("emrs-bar-leading", leading);
    item.querySelector(".emrs-bar-name").textContent = name;
    item.querySelector(".emrs-bar-value").textContent = text;
    const fill = item.querySelector(".emrs-bar-fill");
    fill.style.background = colour;
    fill.style.transform = `scaleX(${value})`;
  });
}

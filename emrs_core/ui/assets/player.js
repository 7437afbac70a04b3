// Spotify's player, one for all songs. Its iFrame API tells what plays; where that script cannot be had, the plain
// embed takes over, and the page says what it then cannot know.

const LOAD_MS = 5000; // for the script
const READY_MS = 10000; // for the player that it makes
const REACH_MS = 6000;
const TELL_MS = 10000; // between two reports of a song that simply goes on
const NEAR_END_MS = 1500; // players stop a little before the length they tell
const ALLOW = "autoplay; clipboard-write; encrypted-media; fullscreen; picture-in-picture";

function loadApi(address) {
  window.emrsSpotifyApi ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = () => {
      script.remove();
      window.addEventListener("online", () => { window.emrsSpotifyApi = undefined; }, { once: true });
      reject(new Error(`no player script at ${address}`));
    };
    const timer = setTimeout(fail, LOAD_MS);
    window.onSpotifyIframeApiReady = (api) => {
      clearTimeout(timer);
      resolve(api);
    };
    script.onerror = () => {
      clearTimeout(timer);
      fail();
    };
    script.async = true;
    script.src = address;
    document.body.append(script);
  });
  return window.emrsSpotifyApi;
}

async function reachable(address) {
  if (navigator.onLine === false) return false;
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(REACH_MS) });
    return true;
  } catch {
    return false;
  }
}

function say(root, kind, text) {
  root.dataset.player = kind;
  const note = root.querySelector(".emrs-player-note");
  note.textContent = text;
  note.hidden = !text;
}

function place(root) {
  const place = document.createElement("div");
  root.querySelector(".emrs-player-frame").replaceChildren(place);
  return place;
}

async function plain(root, state) {
  const { data } = state;
  state.controller = null;
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: data.embed, title: data.title, allow: ALLOW, height: data.height, loading: "eager" });
  root.querySelector(".emrs-player-frame").replaceChildren(frame);
  say(root, "plain", data.words.plain);
  if (!(await reachable(data.reach)) && state.data === data) say(root, "offline", data.words.offline);
}

function tell(state, status, now) {
  state.told = now;
  state.status = status;
  state.report({
    turn: state.data.turn,
    state: status,
    position_s: state.position / 1000,
    duration_s: state.duration / 1000,
  });
}

// What an update means: a player that pauses at the end of its song, or is back at nought from there, has ended it.
function statusOf(state, { isPaused, duration, position }) {
  if (!isPaused) return "playing";
  const reached = position > 0 ? position : state.position;
  return state.status && duration > 0 && reached >= duration - NEAR_END_MS ? "ended" : "paused";
}

function hear(root, state, update) {
  if (!root.isConnected || state.status === "ended" || !state.data) return;
  if (update.playingURI && update.playingURI !== state.data.uri) return; // a late word about the song before
  const status = statusOf(state, update);
  if (status === "paused" && !state.status) return; // loaded, and nothing sounded yet
  state.position = Math.max(state.position, Math.min(update.position, update.duration || update.position));
  state.duration = update.duration;
  const now = Date.now();
  if (status !== state.status || now - state.told >= TELL_MS) tell(state, status, now);
}

function begin(state) {
  if (!state.status) state.controller.play();
}

async function withApi(root, state) {
  say(root, "loading", "");
  const { data } = state;
  let api;
  try {
    api = await loadApi(data.api);
  } catch {
    if (state.data === data) plain(root, state);
    return;
  }
  if (state.data !== data) return withApi(root, state); // another song was chosen meanwhile
  const deadline = setTimeout(() => root.isConnected && plain(root, state), READY_MS);
  const options = { uri: data.uri, width: "100%", height: data.height };
  api.createController(place(root), options, (controller) => {
    state.controller = controller;
    if (state.data.uri !== data.uri) controller.loadUri(state.data.uri); // another song was chosen meanwhile
    controller.addListener("ready", () => {
      clearTimeout(deadline);
      say(root, "api", "");
      begin(state);
    });
    controller.addListener("playback_update", ({ data: update }) => {
      clearTimeout(deadline);
      if (state.controller === controller) hear(root, state, update);
    });
  });
}

function open(root, state, data) {
  const failed = root.dataset.player === "plain" || root.dataset.player === "offline";
  Object.assign(state, { data, status: "", position: 0, duration: 0, told: 0 });
  if (state.controller) {
    state.controller.loadUri(data.uri);
    begin(state);
  } else if (failed && window.emrsSpotifyApi) {
    plain(root, state);
  } else {
    withApi(root, state);
  }
}

const states = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".emrs-player");
  if (!states.has(root)) {
    const frame = document.createElement("div");
    const note = document.createElement("p");
    frame.className = "emrs-player-frame";
    note.className = "emrs-player-note";
    note.setAttribute("role", "status");
    root.replaceChildren(frame, note);
    states.set(root, { data: null, controller: null });
  }
  const state = states.get(root);
  state.report = (report) => setStateValue("report", report);
  root.style.setProperty("--emrs-player-height", `${data.height}px`);
  if (state.data?.turn !== data.turn) open(root, state, data);
}

// What only the browser knows of a camera's trouble, each as one sentence with what to do.

const CHECK_MS = 1000;
const STREAM = 'iframe[src*="streamlit_webrtc"]';

// The stream's own frame prints the name of the browser's error; the names are fixed by the Media Capture standard.
const BY_ERROR = [
  [/NotAllowedError|SecurityError/, "denied"],
  [/NotFoundError|OverconstrainedError/, "none"],
  [/NotReadableError|AbortError/, "busy"],
  [/mediaDevices|getUserMedia/, "insecure"],
  [/Error:/, "other"],
];

function streamError() {
  try {
    const alert = document.querySelector(STREAM)?.contentDocument?.querySelector(".MuiAlert-colorError");
    if (!alert) return null;
    const [, kind] = BY_ERROR.find(([pattern]) => pattern.test(alert.textContent)) ?? [null, "other"];
    alert.style.display = kind === "other" ? "" : "none"; // the name alone helps only where the sentence cannot say more
    return kind;
  } catch {
    return null; // a frame that may not be looked into tells its error itself
  }
}

async function permission() {
  try {
    return (await navigator.permissions.query({ name: "camera" })).state;
  } catch {
    return "unknown"; // not every browser answers for the camera
  }
}

async function trouble() {
  if (!window.isSecureContext || !navigator.mediaDevices) return "insecure";
  const error = streamError();
  if (error) return error;
  if ((await permission()) === "denied") return "denied";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
  return devices && !devices.some((device) => device.kind === "videoinput") ? "none" : null;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".emrs-notice");
  root.setAttribute("role", "alert");
  let last;
  const check = async () => {
    const kind = await trouble();
    if (kind === last) return;
    last = kind;
    root.dataset.kind = kind ?? "";
    root.textContent = kind ? data[kind] : "";
    root.hidden = !kind;
  };
  check();
  const timer = setInterval(check, CHECK_MS);
  return () => clearInterval(timer);
}

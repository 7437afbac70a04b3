// Whether the player can be reached: without internet its frame stays empty, so the page says why.

async function reachable(url) {
  if (navigator.onLine === false) return false;
  try {
    await fetch(url, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(6000) });
    return true;
  } catch {
    return false;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".emrs-reach");
  root.setAttribute("role", "status");
  const check = async () => {
    const ok = await reachable(data.url);
    root.dataset.reachable = String(ok);
    root.textContent = ok ? data.reached : data.unreachable;
  };
  check();
  window.addEventListener("online", check);
  window.addEventListener("offline", check);
  return () => {
    window.removeEventListener("online", check);
    window.removeEventListener("offline", check);
  };
}

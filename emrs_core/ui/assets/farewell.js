// The keys to the account are erased on the server by then; this has the browser drop its cookie too.
export default function () {
  fetch(new URL("spotify/disconnect", document.baseURI), { method: "POST", credentials: "same-origin" }).catch(() => {});
}

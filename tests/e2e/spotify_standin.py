"""A stand-in for the script of Spotify's iFrame API, on loopback: it plays nothing, fast, and tells of it as Spotify's
does. ``window.emrsStandIn`` holds the ``played`` songs, ``speed``, which a test may change while a song is on, and
``hold``, which pauses it as a hand in the player would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SONG_MS = 200_000
TICK_MS = 100

SCRIPT = """
(() => {
  const SONG_MS = %(song)d, TICK_MS = %(tick)d;
  const asked = (window.emrsStandIn = { played: [], speed: %(speed)g });
  class Controller {
    constructor(place, { uri, height }) {
      this.listeners = { ready: [], playback_update: [] };
      this.uri = uri;
      this.position = 0;
      this.frame = document.createElement("iframe");
      this.frame.height = height;
      this.frame.title = "Stand-in player";
      place.replaceWith(this.frame);
      setTimeout(() => this.tell("ready", {}), 50);
    }
    addListener(name, listener) { this.listeners[name]?.push(listener); }
    tell(name, data) { for (const listener of this.listeners[name]) listener({ data }); }
    update(isPaused) {
      this.tell("playback_update", {
        playingURI: this.uri, isPaused, isBuffering: false, duration: SONG_MS, position: this.position,
      });
    }
    loadUri(uri) {
      this.pause();
      this.uri = uri;
      this.position = 0;
    }
    play() {
      clearInterval(this.timer);
      asked.played.push(this.uri);
      asked.hold = () => this.hold();
      this.timer = setInterval(() => {
        this.position = Math.min(SONG_MS, this.position + TICK_MS * asked.speed);
        if (this.position === SONG_MS) clearInterval(this.timer);
        this.update(this.position === SONG_MS);
      }, TICK_MS);
      this.update(false);
    }
    pause() { clearInterval(this.timer); }
    hold() {
      this.pause();
      this.update(true);
    }
    destroy() { this.pause(); }
  }
  window.onSpotifyIframeApiReady?.({
    createController: (place, options, callback) => callback(new Controller(place, options)),
  });
})();
"""


@contextmanager
def serving(speed: float = 1.0) -> Iterator[str]:
    """The address of that script while the block runs; songs of 200 s run ``speed`` times as fast."""
    body = (SCRIPT % {"song": SONG_MS, "tick": TICK_MS, "speed": speed}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/iframe-api.js"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

// Runs in the stream's iframe: the milliseconds from a picture's arrival from the camera to its return on the screen.
// Both ends are read in one page with one clock: the camera's own track, and the video element at each picture that it
// presents (https://wicg.github.io/video-rvfc/). The pictures are told apart by the cells of marked_clip.py.
async ({ seconds, bits: BITS, cells: CELLS, share: SHARE, longest_ms: LONGEST_MS }) => {
  const PX = 8;
  const canvas = new OffscreenCanvas(CELLS * PX, PX);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const numberIn = (picture, width, height) => {
    pen.drawImage(picture, 0, 0, width, height * SHARE, 0, 0, CELLS * PX, PX);
    const data = pen.getImageData(0, PX / 2, CELLS * PX, 1).data;
    let white = Array.from({ length: CELLS }, (_, i) => data[4 * (i * PX + PX / 2)] > 127);
    if (!white[0]) white = white.reverse();
    const bits = white.slice(1, 1 + BITS), inverted = white.slice(1 + BITS, 1 + 2 * BITS);
    if (!white[0] || white[CELLS - 1] || bits.some((bit, i) => bit === inverted[i])) return null;
    return bits.reduce((sum, bit, i) => sum + (bit << i), 0);
  };
  const end = performance.now() + 1000 * seconds;
  const seen = new Map(), delays = [];
  const camera = window.emrsTracks.find((track) => track.kind === "video" && track.readyState === "live");
  const reader = new MediaStreamTrackProcessor({ track: camera.clone() }).readable.getReader();
  const readCamera = async () => {
    while (performance.now() < end) {
      const { value: picture, done } = await reader.read();
      if (done) return;
      const number = numberIn(picture, picture.displayWidth, picture.displayHeight);
      if (number !== null) seen.set(number, performance.now());
      picture.close();
    }
    await reader.cancel();
  };
  const video = document.querySelector("video");
  const readReturned = () => new Promise((resolve) => {
    const onPicture = (now) => {
      const number = numberIn(video, video.videoWidth, video.videoHeight);
      const delay = seen.has(number) ? now - seen.get(number) : Infinity;
      if (delay < LONGEST_MS) delays.push(delay);  // a longer one may be a round of the clip ago
      seen.delete(number);
      if (performance.now() < end) video.requestVideoFrameCallback(onPicture); else resolve();
    };
    video.requestVideoFrameCallback(onPicture);
  });
  await Promise.all([readCamera(), readReturned()]);
  return delays;
}

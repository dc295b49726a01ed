/** The shape of the track that plays, which is also the bar to seek with, by pointer and by keyboard. */

import { h } from "./dom.js";
import { clock, tr } from "./words.js";

const STEP = 5; // seconds of an arrow key
const FAR = 30; // of Page up and Page down
const BAR = 3; // pixels of a stroke and the gap behind it
const FLAT = 0.12; // height of a stroke where no shape is known

/** A slider of the seconds of a track. */
export class Waveform {
  #peaks = null;
  #drag = null;
  #asked = "";

  /**
   * @param {import("./player.js").Player} player
   * @param {import("./api.js").Api} api
   * @param {AbortSignal} [signal] that it is shown no more
   */
  constructor(player, api, signal = undefined) {
    this.player = player;
    this.api = api;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.element = h("div", { class: "waveform", role: "slider", tabindex: "0", "aria-label": tr("Position"), "aria-valuemin": 0 }, this.canvas);
    this.element.addEventListener("pointerdown", (event) => this.#onPress(event));
    this.element.addEventListener("pointermove", (event) => this.#drag !== null && this.#pull(event));
    this.element.addEventListener("pointerup", () => this.#release());
    this.element.addEventListener("pointercancel", () => this.#forget());
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    const resized = new ResizeObserver(() => this.#draw());
    resized.observe(this.element);
    signal?.addEventListener("abort", () => resized.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw(), { signal });
    document.addEventListener("segue-look", () => this.#draw(), { signal });
    player.addEventListener("track", () => this.#onTrack(), { signal });
    player.addEventListener("time", () => this.#onTime(), { signal });
    this.#onTrack();
  }

  async #onTrack() {
    const id = this.player.track?.id ?? "";
    if (id === this.#asked && this.#peaks) return;
    this.#asked = id;
    this.#peaks = null;
    this.#onTime();
    if (!id) return;
    try {
      const { peaks } = await this.api.get(`waveform/${id}`);
      if (this.#asked === id) this.#peaks = peaks ? heights(peaks) : null;
    } catch {
      this.#peaks = null; // a flat bar seeks as well
    }
    this.#draw();
  }

  #onTime() {
    const [now, all] = [this.#shown(), this.player.seconds];
    this.element.setAttribute("aria-valuemax", Math.round(all));
    this.element.setAttribute("aria-valuenow", Math.round(now));
    this.element.setAttribute("aria-valuetext", tr("{position} of {length}", { position: clock(now), length: clock(all) }));
    this.#draw();
  }

  #shown() {
    return this.#drag ?? this.player.position;
  }

  #onPress(event) {
    if (!this.player.track || event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    this.#pull(event);
  }

  #pull(event) {
    const box = this.element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    this.#drag = share * this.player.seconds;
    this.#onTime();
  }

  #release() {
    if (this.#drag === null) return;
    this.player.seek(this.#drag);
    this.#forget();
  }

  #forget() {
    this.#drag = null;
    this.#onTime();
  }

  #onKey(event) {
    const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -FAR, PageUp: FAR }[event.key];
    const to = { Home: 0, End: this.player.seconds }[event.key];
    if (by === undefined && to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.player.seek(to ?? this.player.position + by);
  }

  #draw() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    if (!width || !height) return;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const played = this.player.seconds ? (this.#shown() / this.player.seconds) * width : 0;
    const look = getComputedStyle(this.element);
    const [done, rest] = [look.getPropertyValue("--accent"), look.getPropertyValue("--edge")];
    for (let left = 0; left < width; left += BAR) {
      const tall = Math.max(2, this.#peakAt(left / width, BAR / width) * height);
      pen.fillStyle = left < played ? done : rest;
      pen.fillRect(left, (height - tall) / 2, BAR - 1, tall);
    }
  }

  #peakAt(from, width) {
    if (!this.#peaks) return FLAT;
    const first = Math.floor(from * this.#peaks.length);
    const last = Math.max(first + 1, Math.ceil((from + width) * this.#peaks.length));
    return Math.max(FLAT / 2, ...this.#peaks.slice(first, last));
  }
}

/** Heights, 0 to 1, of the base64 of a byte for each part; the root of an amplitude, which is about how loud it seems. */
function heights(text) {
  return Array.from(atob(text), (sign) => sign.charCodeAt(0) / 255);
}

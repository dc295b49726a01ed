/** The map of the library: what sounds alike lies together; it is moved, enlarged, and a click plays. */

import { h, heading, iconButton, notice } from "../dom.js";
import { tr } from "../words.js";
import { fitted, turnedBy } from "./mapframe.js";
import { ENDS, gridOf, groupsOf, paintSquares, unpacked } from "./mappoints.js";

const NEAR = 14; // pixels within which a click means a point
const CLOSEST = 60; // times as large as the whole
const STEP = 60; // pixels that an arrow key moves the map
const ASK_AFTER = 120; // milliseconds on a point before its name is asked for
const DRAGGED = 4; // pixels beyond which a press is a drag
const NAMES_PER_WIDTH = 110; // pixels for each name that is written

export async function mapPlace(app) {
  const points = unpacked(await app.api.get("map"));
  if (!points.count) {
    const empty = notice(tr("There is no map yet."), tr("It is drawn when the model of the library is built."));
    return { element: h("div", {}, heading(tr("Music map")), empty), end: () => {} };
  }
  const map = new MapView(app, points);
  const tools = [
    iconButton("plus", tr("Zoom in"), () => map.zoom(1.5)),
    iconButton("minus", tr("Zoom out"), () => map.zoom(1 / 1.5)),
    iconButton("target", tr("Show what plays"), () => map.goToPlaying()),
  ];
  return { element: h("div", { class: "map-place" }, heading(tr("Music map"), ...tools), map.element), end: () => map.end() };
}

class MapView {
  #view = { x: 0.5, y: 0.5, scale: 1 }; // what is in the middle, and how many times as large as the whole
  #fit = { turned: false, across: 1, down: 1 }; // pixels that the whole has
  #pointers = new Map();
  #moved = 0;
  #planned = 0;
  #asked = 0;
  #names = new Map();
  #playing = -1; // the point of what plays

  /** @param {object} app @param {import("./mappoints.js").Points} points */
  constructor(app, points) {
    this.app = app;
    this.points = this.given = points;
    this.grid = gridOf(points);
    this.groups = groupsOf(points);
    this.canvas = h("canvas", { tabindex: "0", role: "application", "aria-label": tr("Music map: arrow keys move it, plus and minus zoom, Enter plays what is in the middle") });
    this.told = h("div", { class: "map-told", role: "status" });
    this.element = h("div", { class: "map" }, this.canvas, this.told);
    const on = (name, act) => this.canvas.addEventListener(name, act);
    on("pointerdown", (event) => this.#onDown(event));
    on("pointermove", (event) => this.#onMove(event));
    on("pointerup", (event) => this.#onUp(event));
    on("pointercancel", (event) => this.#pointers.delete(event.pointerId));
    on("keydown", (event) => this.#onKey(event));
    this.canvas.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    this.redraw = () => this.#plan();
    this.located = () => this.#locate();
    this.resized = new ResizeObserver(this.redraw);
    this.resized.observe(this.element);
    app.player.addEventListener("track", this.located);
    this.#locate();
    document.addEventListener("segue-look", this.redraw);
  }

  end() {
    this.resized.disconnect();
    clearTimeout(this.#asked);
    this.app.player.removeEventListener("track", this.located);
    document.removeEventListener("segue-look", this.redraw);
  }

  /** Enlarge by a factor; what is at a place of the canvas stays there. */
  zoom(by, at = { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 }) {
    const before = this.#place(at.x, at.y);
    this.#view.scale = Math.min(CLOSEST, Math.max(0.8, this.#view.scale * by));
    const after = this.#place(at.x, at.y);
    this.#view.x += before.x - after.x;
    this.#view.y += before.y - after.y;
    this.#plan();
  }

  goToPlaying() {
    const at = this.#playing;
    if (at < 0) return this.app.say(tr("What plays is not on the map."));
    this.#view = { x: this.points.x[at], y: this.points.y[at], scale: Math.max(8, this.#view.scale) };
    return this.#plan();
  }

  get #across() {
    return this.#fit.across * this.#view.scale;
  }

  get #down() {
    return this.#fit.down * this.#view.scale;
  }

  /** Fill the page as it is now; on one that is higher than wide the map is turned, and what is in the middle stays. */
  #fill() {
    this.#fit = fitted(this.given, this.canvas.clientWidth, this.canvas.clientHeight);
    const points = this.#fit.turned ? turnedBy(this.given) : this.given;
    if (points.x === this.points.x) return;
    this.points = points;
    this.grid = gridOf(points);
    this.#view = { ...this.#view, x: this.#view.y, y: this.#view.x };
  }

  #place(left, top) {
    return { x: this.#view.x + (left - this.canvas.clientWidth / 2) / this.#across, y: this.#view.y + (top - this.canvas.clientHeight / 2) / this.#down };
  }

  #spot(x, y) {
    return [(x - this.#view.x) * this.#across + this.canvas.clientWidth / 2, (y - this.#view.y) * this.#down + this.canvas.clientHeight / 2];
  }

  #onDown(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, event);
    this.#moved = 0;
  }

  #onMove(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.#hover(event);
    const [across, down] = [event.offsetX - before.offsetX, event.offsetY - before.offsetY];
    this.#moved += Math.abs(across) + Math.abs(down);
    const other = [...this.#pointers.values()].find((each) => each.pointerId !== event.pointerId);
    if (other) {
      const [was, is] = [apart(before, other), apart(event, other)];
      if (was > 0) this.zoom(is / was, { x: (event.offsetX + other.offsetX) / 2, y: (event.offsetY + other.offsetY) / 2 });
    } else this.#pan(-across, -down);
    this.#pointers.set(event.pointerId, event);
    return undefined;
  }

  #onUp(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#moved <= DRAGGED) this.#playAt(event.offsetX, event.offsetY);
  }

  #onWheel(event) {
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 400), { x: event.offsetX, y: event.offsetY });
  }

  #onKey(event) {
    const pan = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (pan) this.#pan(...pan);
    else if (event.key === "+") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "Enter") this.#playAt(this.canvas.clientWidth / 2, this.canvas.clientHeight / 2, Infinity);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.#tellMiddle();
  }

  #pan(across, down) {
    this.#view.x += across / this.#across;
    this.#view.y += down / this.#down;
    this.#plan();
  }

  #hover(event) {
    const at = this.#nearest(event.offsetX, event.offsetY, NEAR);
    this.canvas.classList.toggle("on-point", at >= 0);
    this.#ask(at);
  }

  /** Say what Enter plays. */
  #tellMiddle() {
    this.#ask(this.#nearest(this.canvas.clientWidth / 2, this.canvas.clientHeight / 2, Infinity));
  }

  #ask(at) {
    clearTimeout(this.#asked);
    if (at < 0) this.told.textContent = "";
    else this.#asked = setTimeout(() => this.#name(at), ASK_AFTER);
  }

  async #name(at) {
    try {
      const track = await this.#trackAt(at);
      this.told.textContent = track ? `${track.title} – ${track.artist}` : "";
    } catch (error) {
      this.told.textContent = error.message;
    }
  }

  async #playAt(left, top, within = NEAR) {
    const at = this.#nearest(left, top, within);
    if (at < 0) return;
    try {
      const track = await this.#trackAt(at);
      if (track) this.app.queue.play([track], 0, { source: "map" });
    } catch (error) {
      this.app.say(error.message);
    }
  }

  async #trackAt(at) {
    if (!this.#names.has(at)) {
      const { rows } = await this.app.api.get("map/points", { version: this.points.version, point: at });
      this.#names.set(at, rows[0] ?? null);
    }
    return this.#names.get(at);
  }

  async #locate() {
    const track = this.app.player.track;
    let found = null;
    try {
      if (track) found = await this.app.api.get("map/point", { track: track.id });
    } catch {
      // nothing is marked
    }
    if (track !== this.app.player.track) return;
    this.#playing = found?.version === this.points.version ? (found.point ?? -1) : -1;
    this.#plan();
  }

  /** Number of the point nearest to a spot of the canvas, -1 where none is within so many pixels. */
  #nearest(left, top, within) {
    const place = this.#place(left, top);
    const reach = Math.min(within, 2 * Math.max(this.#across, this.#down));
    const [across, down] = [reach / this.#across, reach / this.#down];
    let [best, least] = [-1, 1];
    for (const at of this.grid.near(place.x, place.y, across, down)) {
      const distance = ((this.points.x[at] - place.x) / across) ** 2 + ((this.points.y[at] - place.y) / down) ** 2;
      if (distance <= least) [best, least] = [at, distance];
    }
    return best;
  }

  #plan() {
    cancelAnimationFrame(this.#planned);
    this.#planned = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (!width || !height) return;
    this.#fill();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const dot = Math.min(9, Math.max(1.6, 220 / Math.sqrt(this.points.count)) * Math.sqrt(this.#view.scale));
    this.#drawPoints(pen, Math.max(2, Math.round(dot * ratio)));
    this.#drawNames(pen, width, height);
    this.#drawPlaying(pen, dot);
  }

  #drawPoints(pen, side) {
    const ratio = this.canvas.width / this.canvas.clientWidth;
    const look = getComputedStyle(this.canvas);
    const colours = new Map([...this.groups.keys()].map((hue) => [hue, look.getPropertyValue(hue)]));
    paintSquares(pen, this.points, this.groups, colours, side, { ...this.#view, across: this.#across * ratio, down: this.#down * ratio });
  }

  #drawNames(pen, width, height) {
    const look = getComputedStyle(this.canvas);
    const size = 0.85 * parseFloat(look.fontSize);
    pen.font = `600 ${size}px ${look.fontFamily}`;
    Object.assign(pen, { textAlign: "center", lineWidth: 4, strokeStyle: look.getPropertyValue("--window"), fillStyle: look.getPropertyValue("--text") });
    const most = (width / NAMES_PER_WIDTH) * 3;
    const written = []; // one that would lie over another is left out, and comes as the map is enlarged
    for (const { name, at } of this.points.kinds) {
      if (!at || written.length >= most) continue;
      const spot = this.#spot(at[0] / ENDS, at[1] / ENDS);
      if (spot[0] < 0 || spot[1] < 0 || spot[0] > width || spot[1] > height) continue;
      const half = pen.measureText(name).width / 2 + pen.lineWidth / 2;
      const left = Math.max(half, Math.min(width - half, spot[0])); // no name reaches beyond the page
      const top = Math.max(1.2 * size, Math.min(height - 0.5 * size, spot[1]));
      if (written.some((other) => Math.abs(other.left - left) < other.half + half && Math.abs(other.top - top) < 1.2 * size)) continue;
      pen.strokeText(name, left, top);
      pen.fillText(name, left, top);
      written.push({ left, top, half });
    }
  }

  #drawPlaying(pen, dot) {
    const at = this.#playing;
    if (at < 0) return;
    const look = getComputedStyle(this.canvas);
    const [left, top] = this.#spot(this.points.x[at], this.points.y[at]);
    pen.beginPath();
    pen.arc(left, top, dot / 2 + 6, 0, 2 * Math.PI);
    pen.lineWidth = 3;
    pen.strokeStyle = look.getPropertyValue("--text");
    pen.stroke();
  }
}

function apart(one, other) {
  return Math.hypot(one.offsetX - other.offsetX, one.offsetY - other.offsetY);
}

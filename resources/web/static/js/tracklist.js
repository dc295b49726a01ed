/** A list of tracks as a grid: of any length, played by Enter and double click, walked through by arrow keys. */

import { h, icon, iconButton, nameButton, notice, rem, setPressed } from "./dom.js";
import { heart } from "./opinions.js";
import { Virtual } from "./virtual.js";
import { clock, number, tr, trn } from "./words.js";

const LINE = 3.5; // rem
const PLAYED_FROM_A_LIST = 500; // tracks that a list puts into the queue at most, from the chosen one on

/**
 * @typedef {object} Kind how a list behaves
 * @property {import("./queue.js").How} how its tracks come into the queue
 * @property {string} label name for a screen reader
 * @property {string} [empty] what is said where it is empty
 * @property {boolean} [whole] whether all of it plays, also what is before the chosen track
 * @property {(index: number, track: import("./api.js").Track) => import("./menu.js").Offer[]} [offers] more for the menu
 * @property {{order: string, descending: boolean, onsort: (order: string) => void}} [sort] headers that sort
 * @property {(index: number) => void} [play] instead of playing from the list
 */

/** @typedef {import("./virtual.js").Parts<import("./api.js").Track>} TrackParts */

const COLUMNS = [
  { key: "title", label: () => tr("Title") },
  { key: "album", label: () => tr("Album") },
  { key: "genre", label: () => tr("Genre") },
  { key: "year", label: () => tr("Year") },
  { key: "plays", label: () => tr("Plays") },
  { key: "length", label: () => tr("Length") },
];

export class TrackList {
  #active = 0;
  #virtual;

  /** @param {object} app @param {TrackParts} parts @param {Kind} kind @param {HTMLElement} [scroller] what it scrolls in */
  constructor(app, parts, kind, scroller = app.main) {
    this.app = app;
    this.parts = parts;
    this.kind = kind;
    this.body = h("div", { role: "rowgroup", class: "lines" });
    this.words = h("div", {});
    this.grid = h("div", { class: "tracks", role: "grid", "aria-label": kind.label, "aria-colcount": COLUMNS.length + 1 }, this.#head(), this.body);
    this.element = h("div", {}, this.grid, this.words);
    this.#virtual = new Virtual(this.body, scroller, { height: () => LINE * rem(), line: (index) => this.#line(index) });
    this.grid.addEventListener("keydown", (event) => this.#onKey(event));
    this.marked = () => this.#mark();
    app.player.addEventListener("track", this.marked);
    parts.onarrive = () => this.refresh();
    requestAnimationFrame(() => (parts.total === null ? this.parts.at(0) : this.refresh()));
  }

  end() {
    this.#virtual.end();
    this.app.player.removeEventListener("track", this.marked);
  }

  /** Show other rows in the same places: what is seen stays until they have come. */
  renew(parts) {
    this.parts = parts;
    parts.onarrive = () => this.refresh();
    parts.at(this.#virtual.first);
  }

  /** The rows as the list has them now. */
  refresh() {
    const { error, total } = this.parts;
    const focused = this.body.contains(document.activeElement);
    this.grid.setAttribute("aria-rowcount", (total ?? 0) + 1);
    this.grid.hidden = !total;
    this.words.replaceChildren(...(error ? [notice(error.message, error.advice)] : total === 0 ? [notice(this.kind.empty ?? tr("There is nothing here yet."))] : []));
    this.#virtual.reset(total ?? 0);
    if (focused) this.#focus(this.#active);
  }

  /** Play from a row on. */
  async play(index) {
    const from = this.kind.whole ? 0 : index;
    const tracks = await this.#some(from);
    if (tracks.length) this.app.queue.play(tracks, index - from, this.kind.how);
  }

  async shuffle() {
    const tracks = await this.#some(0);
    if (!tracks.length) return;
    this.app.queue.setShuffle(true);
    this.app.queue.play(tracks, Math.floor(Math.random() * tracks.length), this.kind.how);
  }

  async addAll() {
    const tracks = await this.#some(0);
    if (tracks.length) this.app.actions.add(tracks, this.kind.how);
  }

  async #some(from) {
    try {
      return await this.parts.slice(from, PLAYED_FROM_A_LIST);
    } catch (error) {
      this.app.say(error.message);
      return [];
    }
  }

  #head() {
    const cells = COLUMNS.map(({ key, label }) => {
      const sort = this.kind.sort;
      if (!sort) return h("span", { role: "columnheader", class: `cell ${key}` }, label());
      const sorted = sort.order === key ? (sort.descending ? "descending" : "ascending") : "none";
      const button = h("button", { type: "button", onclick: () => sort.onsort(key) }, label());
      return h("span", { role: "columnheader", class: `cell ${key}`, "aria-sort": sorted }, button);
    });
    return h("div", { role: "rowgroup", class: "head" }, h("div", { role: "row", class: "line", "aria-rowindex": 1 }, ...cells, h("span", { role: "columnheader", class: "cell acts" }, h("span", { class: "unseen" }, tr("Actions")))));
  }

  #line(index) {
    const track = this.parts.at(index);
    const line = h("div", { role: "row", class: "line", "aria-rowindex": index + 2 });
    line.dataset.index = index;
    if (!track) {
      line.append(h("span", { role: "gridcell", class: "cell title waiting" }, "…"));
      return line;
    }
    line.classList.toggle("away", track.away);
    line.classList.toggle("plays-now", this.app.player.track?.id === track.id);
    line.dataset.track = track.id;
    line.append(...this.#cells(track, index));
    line.addEventListener("dblclick", (event) => event.target.closest("button:not(.name)") || this.#chosen(index));
    line.addEventListener("contextmenu", (event) => this.#onContext(event, track, index));
    for (const button of line.querySelectorAll("button, a")) button.tabIndex = index === this.#active && button.classList.contains("name") ? 0 : -1;
    return line;
  }

  #cells(track, index) {
    const cell = (key, ...content) => h("span", { role: "gridcell", class: `cell ${key}` }, ...content);
    const name = nameButton(this.app, track, tr("Play"), () => this.#chosen(index));
    const more = iconButton("more", tr("More for {title}", { title: track.title }), () => this.#menu(more, track, index), { "aria-haspopup": "menu" });
    return [
      cell("title", name),
      cell("album", track.album),
      cell("genre", track.genre),
      cell("year", track.year ? String(track.year) : ""),
      cell("plays", track.plays ? number(track.plays) : ""),
      cell("length", clock(track.seconds)),
      cell("acts", heart(this.app.opinions, track), more),
    ];
  }

  #chosen(index) {
    this.#active = index;
    if (this.kind.play) this.kind.play(index);
    else this.play(index);
  }

  #menu(anchor, track, index, at = undefined) {
    this.#active = index;
    this.app.actions.menu(anchor, track, { ...this.kind.how, position: index }, this.kind.offers?.(index, track) ?? [], at);
  }

  #onContext(event, track, index) {
    event.preventDefault();
    this.#menu(event.currentTarget.querySelector(".acts button:last-child"), track, index, { x: event.clientX, y: event.clientY });
  }

  #onKey(event) {
    const line = event.target.closest(".lines .line");
    if (!line) return;
    const index = Number(line.dataset.index);
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: this.#virtual.fitting, PageUp: -this.#virtual.fitting }[event.key];
    const to = { Home: 0, End: this.parts.total - 1 }[event.key];
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (across) this.#across(line, across);
    else if (rows !== undefined || to !== undefined) this.#focus(to ?? Math.min(this.parts.total - 1, Math.max(0, index + rows)));
    else if (event.key === "ContextMenu") this.#menu(line.querySelector(".acts button:last-child"), this.parts.at(index), index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #across(line, by) {
    const buttons = [...line.querySelectorAll("button")];
    buttons[Math.min(buttons.length - 1, Math.max(0, buttons.indexOf(document.activeElement) + by))].focus();
  }

  #focus(index) {
    this.#active = index;
    const line = this.#virtual.reveal(index);
    const name = line?.querySelector(".name");
    if (!name) return;
    name.tabIndex = 0;
    name.focus();
  }

  #mark() {
    const now = this.app.player.track?.id;
    for (const line of this.body.children) line.classList.toggle("plays-now", Boolean(now) && line.dataset.track === now);
  }
}

/**
 * A list of a few tracks that says how near each is.
 *
 * @param {object} app
 * @param {{track: import("./api.js").Track, nearness: number, said: string}[]} rows `nearness` 0 to 1 as a bar, and `said` in words
 * @param {(track: import("./api.js").Track, index: number) => void} onadd one gesture queues
 * @param {(anchor: HTMLElement, track: import("./api.js").Track, index: number) => void} onmenu
 */
export function similarRows(app, rows, onadd, onmenu) {
  const items = rows.map(({ track, nearness, said }, index) => {
    const meter = h("span", { class: "near", title: said }, h("span", { class: "near-bar", "aria-hidden": "true" }), h("span", { class: "unseen" }, said));
    meter.firstChild.style.setProperty("--near", nearness);
    const name = nameButton(app, track, tr("Add to queue"), () => onadd(track, index), meter, icon("plus"));
    const more = iconButton("more", tr("More for {title}", { title: track.title }), () => onmenu(more, track, index), { "aria-haspopup": "menu" });
    const item = h("li", {}, name, more);
    item.addEventListener("contextmenu", (event) => (event.preventDefault(), onmenu(more, track, index)));
    return item;
  });
  return h("ol", { class: "similar-rows", "aria-label": trn("{number} similar track", "{number} similar tracks", rows.length) }, ...items);
}

/** Buttons that play all of a list, shuffle it, or queue it. */
export function listTools(list) {
  const play = iconButton("play", tr("Play all"), () => list.play(0));
  const shuffle = iconButton("shuffle", tr("Shuffle all"), () => list.shuffle());
  const add = iconButton("queue", tr("Add all to queue"), () => list.addAll());
  return [play, shuffle, add];
}

/** One of a few ways, as buttons of which one is pressed. */
export function oneOf(label, ways, chosen, onchoose) {
  const buttons = ways.map(([key, text]) => {
    const made = h("button", { type: "button", class: "segment", onclick: () => pick(key) }, text);
    made.dataset.key = key;
    return made;
  });
  const dress = (key) => buttons.forEach((button) => setPressed(button, button.dataset.key === key));
  const pick = (key) => (dress(key), onchoose(key));
  dress(chosen);
  return h("div", { class: "segments", role: "group", "aria-label": label }, ...buttons);
}

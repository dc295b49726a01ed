/** A grid of pictures with names, of any length: albums, artists, genres, playlists. */

import { cover, h, icon, notice, rem } from "./dom.js";
import { Virtual } from "./virtual.js";
import { tr } from "./words.js";

const NARROWEST = 9.5; // rem of a card
const UNDER = 4; // rem of the names below its picture
const PICTURE = 240; // pixels asked of the server

/**
 * @typedef {object} Card
 * @property {string} title
 * @property {string} subtitle
 * @property {string} cover address, empty for none
 * @property {string} [glyph] shown where there is no picture
 * @property {string} href place that it leads to
 * @property {() => void} [onplay] plays it at once
 */

export class CardGrid {
  #virtual;
  #columns = 1;

  /**
   * @template Row
   * @param {object} app
   * @param {import("./virtual.js").Parts<Row>} parts
   * @param {{label: string, card: (row: Row) => Card, empty: string, round?: boolean}} kind
   */
  constructor(app, parts, kind) {
    this.app = app;
    this.parts = parts;
    this.kind = kind;
    this.list = h("div", { class: kind.round ? "cards round" : "cards", role: "list", "aria-label": kind.label });
    this.words = h("div", {});
    this.element = h("div", {}, this.list, this.words);
    this.#virtual = new Virtual(this.list, app.main, { height: () => this.#height(), line: (index) => this.#line(index) });
    this.list.addEventListener("keydown", (event) => this.#onKey(event));
    this.resized = new ResizeObserver(() => this.#fit());
    this.resized.observe(this.list);
    parts.onarrive = () => this.#refresh();
    requestAnimationFrame(() => (parts.total === null ? parts.at(0) : this.#refresh()));
  }

  /** Show other rows in the same places: what is seen stays until they have come. */
  renew(parts) {
    this.parts = parts;
    parts.onarrive = () => this.#refresh();
    parts.at(this.#virtual.first * this.#columns);
  }

  end() {
    this.#virtual.end();
    this.resized.disconnect();
  }

  #refresh() {
    const { error, total } = this.parts;
    this.words.replaceChildren(...(error ? [notice(error.message, error.advice)] : total === 0 ? [notice(this.kind.empty)] : []));
    this.list.hidden = !total;
    this.#columns = this.#fitting();
    this.#virtual.reset(Math.ceil((total ?? 0) / this.#columns));
  }

  #fit() {
    if (this.#fitting() !== this.#columns && this.parts.total) this.#refresh();
    else this.#virtual.show();
  }

  #fitting() {
    return Math.max(2, Math.floor(this.list.clientWidth / (NARROWEST * rem())));
  }

  #height() {
    return this.list.clientWidth / this.#columns + UNDER * rem();
  }

  #line(index) {
    const line = h("div", { class: "line", role: "presentation" });
    line.style.gridTemplateColumns = `repeat(${this.#columns}, minmax(0, 1fr))`;
    const first = index * this.#columns;
    for (let at = first; at < Math.min(first + this.#columns, this.parts.total); at += 1) line.append(this.#card(at));
    return line;
  }

  #card(at) {
    const row = this.parts.at(at);
    const item = h("div", { role: "listitem", class: "card", "aria-setsize": this.parts.total, "aria-posinset": at + 1 });
    if (row) item.append(...cardContent(this.app, this.kind.card(row)));
    return item;
  }

  #onKey(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns, ArrowDown: this.#columns }[event.key];
    const item = event.target.closest(".card");
    if (!by || !item) return;
    const to = Number(item.getAttribute("aria-posinset")) - 1 + by;
    if (to < 0 || to >= this.parts.total) return;
    event.preventDefault();
    event.stopPropagation();
    const line = this.#virtual.reveal(Math.floor(to / this.#columns));
    line?.children[to % this.#columns]?.querySelector("a")?.focus();
  }
}

/** A few cards beside each other that scroll sideways, as a shelf has them. */
export function shelfOf(app, label, cards) {
  const items = cards.map((card) => h("li", { class: "card" }, ...cardContent(app, card)));
  return h("ul", { class: "shelf", "aria-label": label }, ...items);
}

function cardContent(app, card) {
  const names = h("span", { class: "two" }, h("span", { class: "first" }, card.title), h("span", { class: "second" }, card.subtitle));
  const picture = cover(app.address(card.cover), PICTURE, card.glyph);
  const main = card.href
    ? h("a", { href: `#/${card.href}`, class: "card-main" }, picture, names)
    : h("button", { type: "button", class: "card-main", onclick: card.onplay }, picture, names);
  if (!card.href || !card.onplay) return [main];
  const play = h("button", { type: "button", class: "card-play", "aria-label": tr("Play {name}", { name: card.title }), onclick: card.onplay }, icon("play"));
  return [main, play];
}

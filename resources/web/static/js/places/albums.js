/** Albums: all of them as a grid, and one with its tracks. */

import { CardGrid, shelfOf } from "../cardgrid.js";
import { cover, h, heading } from "../dom.js";
import { remember } from "../entries.js";
import { listTools, TrackList } from "../tracklist.js";
import { Parts } from "../virtual.js";
import { span, tr, trn } from "../words.js";

const ORDERS = [
  ["artist", () => tr("By artist")],
  ["title", () => tr("By title")],
  ["year", () => tr("By year")],
  ["added", () => tr("Newest first")],
];
const TYPED = 250; // milliseconds after the last key before a search is asked for
const ORDER = "segue.albums";

/** Milliseconds after a change of the library: while it is scanned, it changes all the time. */
export const LIBRARY_AFTER = 2_000;

/** @typedef {{id: string, title: string, artist: string, artistId: string, year: ?number, tracks: number, seconds: number, cover: string}} Album */

/** Every album, searched and ordered. */
export function albumsPlace(app) {
  const holder = h("div", {});
  const field = searchField(tr("Search albums"), () => show());
  const order = h("select", { "aria-label": tr("Order") }, ...ORDERS.map(([key, label]) => h("option", { value: key }, label())));
  order.value = localStorage.getItem(ORDER) ?? "artist";
  order.addEventListener("change", () => (localStorage.setItem(ORDER, order.value), show()));
  let grid = null;
  const found = () => {
    const query = { q: field.value.trim(), order: order.value, descending: order.value === "added" };
    return new Parts(async (offset, size) => {
      const part = await app.api.get("albums", { ...query, offset, size });
      return { total: part.total, rows: part.albums };
    });
  };
  const show = () => {
    grid?.end();
    grid = new CardGrid(app, found(), { label: tr("Albums"), card: (album) => albumCard(app, album), empty: tr("No album was found.") });
    holder.replaceChildren(grid.element);
  };
  show();
  const stop = app.changes.on(["library"], () => grid.renew(found()), LIBRARY_AFTER);
  return { element: h("div", {}, heading(tr("Albums"), field, order), holder), end: () => (stop(), grid.end()) };
}

/** One album. */
export async function albumPlace(app, id) {
  const album = await app.api.get(`albums/${id}`);
  const list = new TrackList(app, Parts.of(album.rows), { how: { source: "album" }, label: album.title, whole: true });
  const facts = [album.year, trn("{number} track", "{number} tracks", album.rows.length), span(album.seconds)].filter(Boolean);
  const head = leading(app, album.cover, album.title, album.artistId ? h("a", { href: `#/artists/${album.artistId}` }, album.artist) : h("p", {}, album.artist), facts.join(" · "), listTools(list));
  const alike = alikeShelf(app, `albums/${id}/alike`, tr("Albums that sound like this one"), (found) => found.albums.map((each) => albumCard(app, each)));
  return { element: h("div", {}, head, list.element, alike), end: () => list.end(), title: album.title };
}

/** What sounds like the thing of a place: a heading and a shelf, which come when they are known, or never. */
export function alikeShelf(app, path, title, cardsOf) {
  const holder = h("section", { "aria-label": title, hidden: "" });
  app.api.get(path).then(
    (found) => {
      const cards = cardsOf(found);
      holder.hidden = !cards.length;
      if (cards.length) holder.append(h("h2", {}, title), shelfOf(app, title, cards));
    },
    (error) => console.warn(error), // the place is whole without it
  );
  return holder;
}

/** The top of a place that is about one thing: its picture, names, facts and tools. */
export function leading(app, picture, title, under, facts, tools) {
  const words = h("div", {}, h("h1", {}, title), under, h("p", { class: "soft" }, facts), h("div", { class: "row" }, ...tools));
  return h("div", { class: "leading" }, cover(app.address(picture), 192), words);
}

/** @param {object} app @param {Album} album @returns {import("../cardgrid.js").Card} */
export function albumCard(app, album) {
  const subtitle = album.year ? `${album.artist} · ${album.year}` : album.artist;
  return { title: album.title, subtitle, cover: album.cover, href: `albums/${album.id}`, onplay: () => playAlbum(app, album.id) };
}

/** A field that says so a little after the last key; without a value it has what was searched here before. */
export function searchField(label, onsearch, value = history.state?.searched ?? "") {
  const field = h("input", { type: "search", "aria-label": label, placeholder: label, value, spellcheck: "false", autocomplete: "off" });
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!field.isConnected) return; // another place is shown by now
      remember({ searched: field.value });
      onsearch();
    }, TYPED);
  });
  return field;
}

async function playAlbum(app, id) {
  try {
    const { rows } = await app.api.get(`albums/${id}`);
    app.queue.play(rows, 0, { source: "album" });
  } catch (error) {
    app.say(error.message);
  }
}

/** Artists and genres: all of them as a grid, and one with what it has. */

import { CardGrid, shelfOf } from "../cardgrid.js";
import { h, heading } from "../dom.js";
import { listTools, TrackList } from "../tracklist.js";
import { Parts } from "../virtual.js";
import { tr, trn } from "../words.js";
import { albumCard, alikeShelf, leading, LIBRARY_AFTER, searchField } from "./albums.js";

/** @typedef {{id: string, name: string, tracks: number}} Named an artist or a genre */

export function artistsPlace(app) {
  const found = (q) =>
    new Parts(async (offset, size) => {
      const part = await app.api.get("artists", { q, offset, size });
      return { total: part.total, rows: part.artists };
    });
  return gridPlace(app, { title: tr("Artists"), search: tr("Search artists"), path: "artists", empty: tr("No artist was found."), found, round: true });
}

export function genresPlace(app) {
  const found = (q) =>
    new Parts(async () => {
      const { genres } = await app.api.get("genres");
      const rows = genres.filter((genre) => genre.tracks && genre.name.toLowerCase().includes(q.toLowerCase()));
      return { total: rows.length, rows };
    }, Number.MAX_SAFE_INTEGER);
  return gridPlace(app, { title: tr("Genres"), search: tr("Search genres"), path: "genres", empty: tr("No genre was found."), found, round: false });
}

/** One artist: albums, and what is played most. */
export async function artistPlace(app, id) {
  const artist = await app.api.get(`artists/${id}`);
  const list = new TrackList(app, Parts.of(artist.top), { how: { source: "library" }, label: artist.name, whole: true });
  const facts = [trn("{number} album", "{number} albums", artist.albums.length), trn("{number} track", "{number} tracks", artist.tracks)];
  const picture = artist.albums[0]?.cover ?? artist.top[0]?.cover ?? "";
  const head = leading(app, picture, artist.name, null, facts.join(" · "), listTools(list));
  const albums = artist.albums.length ? [h("h2", {}, tr("Albums")), shelfOf(app, tr("Albums"), artist.albums.map((album) => albumCard(app, album)))] : [];
  const alike = alikeShelf(app, `artists/${id}/alike`, tr("Artists who sound alike"), (found) => found.artists.map((each) => namedCard("artists", each)));
  return { element: h("div", {}, head, ...albums, h("h2", {}, tr("Played most")), list.element, alike), end: () => list.end(), title: artist.name };
}

/** One genre with its tracks. */
export async function genrePlace(app, id) {
  const genre = await app.api.get(`genres/${encodeURIComponent(id)}`, { offset: 0, size: 1 });
  const parts = new Parts(async (offset, size) => {
    const part = await app.api.get(`genres/${encodeURIComponent(id)}`, { offset, size });
    return { total: part.tracks, rows: part.rows };
  });
  const list = new TrackList(app, parts, { how: { source: "library" }, label: genre.name });
  const head = leading(app, genre.rows[0]?.cover ?? "", genre.name, null, trn("{number} track", "{number} tracks", genre.tracks), listTools(list));
  return { element: h("div", {}, head, list.element), end: () => list.end(), title: genre.name };
}

function gridPlace(app, { title, search, path, empty, found, round }) {
  const holder = h("div", {});
  let grid = null;
  const field = searchField(search, () => show());
  const show = () => {
    grid?.end();
    grid = new CardGrid(app, found(field.value.trim()), { label: title, card: (row) => namedCard(path, row), empty, round });
    holder.replaceChildren(grid.element);
  };
  show();
  const stop = app.changes.on(["library"], () => grid.renew(found(field.value.trim())), LIBRARY_AFTER);
  return { element: h("div", {}, heading(title, field), holder), end: () => (stop(), grid.end()) };
}

function namedCard(path, { id, name, tracks }) {
  return { title: name, subtitle: trn("{number} track", "{number} tracks", tracks), cover: "", glyph: path === "artists" ? "artist" : "genre", href: `${path}/${encodeURIComponent(id)}` };
}

/** Playlists: one's own and those that others share, and one with its tracks. */

import { CardGrid } from "../cardgrid.js";
import { h, heading, iconButton, setPressed } from "../dom.js";
import { ask, confirm } from "../menu.js";
import { listTools, TrackList } from "../tracklist.js";
import { Parts } from "../virtual.js";
import { span, tr, trn } from "../words.js";
import { leading } from "./albums.js";

/** @typedef {{id: string, name: string, owner: string, own: boolean, shared: boolean, smart: boolean, tracks: number, seconds: number, cover: ?string}} Playlist */

export function playlistsPlace(app) {
  const make = iconButton("plus", tr("New playlist"), async () => {
    const made = await app.actions.newPlaylist([]);
    if (made) app.go(`playlists/${made.id}`);
  });
  const found = () =>
    new Parts(async () => {
      const { playlists } = await app.api.get("playlists");
      return { total: playlists.length, rows: playlists };
    }, Number.MAX_SAFE_INTEGER);
  const grid = new CardGrid(app, found(), { label: tr("Playlists"), card, empty: tr("There is no playlist yet.") });
  const stop = app.changes.on(["playlists"], () => grid.renew(found()));
  return { element: h("div", {}, heading(tr("Playlists"), make), grid.element), end: () => (stop(), grid.end()) };
}

/** One playlist; its owner may change it. */
export async function playlistPlace(app, id) {
  const list = await app.api.get(`playlists/${id}`);
  const holder = h("div", {});
  let shown = null;

  const change = async (what) => {
    try {
      await app.api.put(`playlists/${id}`, what);
      await again();
    } catch (error) {
      app.say(error.message);
    }
  };
  const again = async () => {
    Object.assign(list, await app.api.get(`playlists/${id}`));
    fill();
  };
  const fill = () => {
    shown?.end();
    const kind = { how: { source: "playlist" }, label: list.name, whole: true, empty: tr("This playlist is empty."), offers: (index) => offers(list, index, change) };
    shown = new TrackList(app, Parts.of(list.rows), kind);
    const facts = [trn("{number} track", "{number} tracks", list.rows.length), list.rows.length ? span(list.seconds) : ""].filter(Boolean);
    const owner = list.own ? null : h("p", {}, tr("by {owner}", { owner: list.owner }));
    const own = list.own ? ownTools(app, list, change) : [];
    holder.replaceChildren(leading(app, list.cover ?? "", list.name, owner, facts.join(" · "), [...listTools(shown), ...own]), shown.element);
  };
  fill();
  const stop = app.changes.on(["playlists"], () => again().catch(() => app.go("playlists")));
  return { element: holder, end: () => (stop(), shown.end()), title: list.name };
}

function ownTools(app, list, change) {
  const rename = iconButton("edit", tr("Rename"), async () => {
    const name = await ask(tr("Rename playlist"), tr("Name"), list.name);
    if (name) await change({ name });
  });
  const share = iconButton("share", tr("Share with everyone here"), () => change({ shared: !list.shared }));
  setPressed(share, list.shared);
  const remove = iconButton("trash", tr("Delete playlist"), async () => {
    const sure = await confirm(tr("Delete playlist"), tr("The playlist {name} is deleted; its tracks stay.", { name: list.name }), tr("Delete"));
    if (!sure) return;
    try {
      await app.api.remove(`playlists/${list.id}`);
      app.go("playlists");
    } catch (error) {
      app.say(error.message);
    }
  });
  return [rename, share, remove];
}

/** What the menu of a track of one's own playlist offers besides. */
function offers(list, index, change) {
  if (!list.own || list.smart) return [];
  const ids = list.rows.map((track) => track.id);
  const moved = (to) => {
    const [id] = ids.splice(index, 1);
    ids.splice(to, 0, id);
    return change({ tracks: ids });
  };
  return [
    { label: tr("Move up"), glyph: "up", off: index === 0, act: () => moved(index - 1) },
    { label: tr("Move down"), glyph: "down", off: index === ids.length - 1, act: () => moved(index + 1) },
    { label: tr("Remove from playlist"), glyph: "trash", act: () => change({ tracks: ids.filter((_, at) => at !== index) }) },
  ];
}

function card(list) {
  const count = trn("{number} track", "{number} tracks", list.tracks);
  const subtitle = list.own ? (list.shared ? `${count} · ${tr("shared")}` : count) : `${count} · ${tr("by {owner}", { owner: list.owner })}`;
  return { title: list.name, subtitle, cover: list.cover ?? "", href: `playlists/${list.id}` };
}

/** Every track of the library, sorted by any column, found by the search language. */

import { h, heading, iconButton } from "../dom.js";
import { remember } from "../entries.js";
import { show } from "../menu.js";
import { listTools, TrackList } from "../tracklist.js";
import { Parts } from "../virtual.js";
import { tr, trn } from "../words.js";
import { LIBRARY_AFTER, searchField } from "./albums.js";

const SORT = "segue.tracks";

export function tracksPlace(app, query = "") {
  const sort = { order: "", descending: false, ...kept() };
  const field = searchField(tr("Search tracks"), () => search(), query);
  const count = h("p", { class: "soft", role: "status" });
  const [tools, holder] = [h("div", { class: "row" }), h("div", {})];
  let list = null;
  const found = () => {
    const asked = { q: field.value.trim(), order: sort.order, descending: sort.descending };
    return new Parts(async (offset, size) => {
      count.textContent = offset ? count.textContent : ""; // a search that is refused has no number
      const part = await app.api.get("tracks", { ...asked, offset, size });
      count.textContent = trn("{number} track", "{number} tracks", part.total);
      return { total: part.total, rows: part.tracks };
    });
  };
  const fill = () => {
    list?.end();
    const how = { source: field.value.trim() ? "search" : "library" };
    list = new TrackList(app, found(), { how, label: tr("Tracks"), empty: tr("No track was found."), sort: { ...sort, onsort } });
    holder.replaceChildren(list.element);
    tools.replaceChildren(...listTools(list));
  };
  const onsort = (order) => {
    sort.descending = sort.order === order ? !sort.descending : order === "plays" || order === "year";
    sort.order = order;
    localStorage.setItem(SORT, JSON.stringify(sort));
    fill();
    holder.querySelector(`.head .${order} button`)?.focus();
  };
  const search = () => {
    remember({}, field.value.trim() ? `#/tracks/${encodeURIComponent(field.value.trim())}` : "#/tracks");
    fill();
  };
  fill();
  const stop = app.changes.on(["library"], () => list.renew(found()), LIBRARY_AFTER);
  const help = iconButton("why", tr("How to search"), showHelp);
  const element = h("div", {}, heading(tr("Tracks"), field, help), h("div", { class: "row apart" }, count, tools), holder);
  return { element, end: () => (stop(), list.end()) };
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(SORT) ?? "{}");
  } catch {
    return {}; // damaged by hand: tracks begin unsorted
  }
}

function showHelp() {
  const rows = [
    ["blue sky", tr("Tracks with both words in title, artist, album or genre")],
    ['"blue sky"', tr("The words next to each other")],
    ["artist:boards", tr("A word of the artist; also title:, album:, genre:")],
    ["year>1998", tr("A number; also plays:, length:, rating:")],
    ["-live", tr("Without this word")],
  ];
  show(tr("How to search"), h("dl", { class: "keys" }, ...rows.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])));
}

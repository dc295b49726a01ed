/** A journey: from one track to another in small steps of sound, as a list for the queue. */

import { h, heading, notice, wordButton } from "../dom.js";
import { listTools, TrackList } from "../tracklist.js";
import { Parts } from "../virtual.js";
import { tr } from "../words.js";

const SHORTEST = 5;
const LONGEST = 30;
const USUAL = 12;
const FOUND = 8; // tracks offered for a search

/** @typedef {import("../api.js").Track} Track */

export async function journeyPlace(app, from = "", to = "") {
  const holder = h("div", {});
  let list = null;
  const [start, goal] = [trackField(app, tr("From")), trackField(app, tr("To"))];
  const stop = trackField(app, tr("By way of"), { optional: true });
  const size = h("input", { type: "number", min: SHORTEST, max: LONGEST, value: USUAL, required: true });
  const plan = async () => {
    if (!start.track || !goal.track) return;
    try {
      const answer = await app.api.get("journey", { from: start.track.id, to: goal.track.id, by: stop.track?.id, size: size.value });
      show(answer);
    } catch (error) {
      holder.replaceChildren(notice(error.message, error.advice));
    }
  };
  const show = ({ rows, message, advice }) => {
    list?.end();
    list = null;
    if (!rows.length) return holder.replaceChildren(notice(message, advice));
    list = new TrackList(app, Parts.of(rows), { how: { source: "journey", seed: start.track.id }, label: tr("Journey"), whole: true });
    holder.replaceChildren(h("div", { class: "row" }, ...listTools(list), wordButton(tr("Save as playlist"), () => save(app, rows, start.track, goal.track), { glyph: "save" })), list.element);
    return undefined;
  };
  const form = h("form", { class: "journey" }, start.element, stop.element, goal.element, h("label", {}, tr("Tracks"), size), h("button", { class: "word primary" }, tr("Plan journey")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    plan();
  });
  const current = from ? null : app.player.track;
  await Promise.all([start.choose(from || current), goal.choose(to)]);
  plan();
  return { element: h("div", {}, heading(tr("Journey")), form, holder), end: () => list?.end() };
}

function save(app, rows, from, to) {
  const name = tr("From {title} to {other}", { title: from.title, other: to.title });
  return app.actions.newPlaylist(rows.map((track) => track.id), name);
}

/** A field in which a track is searched and chosen, as a combobox. */
function trackField(app, label, { optional = false } = {}) {
  const id = `journey-${label.replaceAll(" ", "-")}`;
  const field = h("input", { type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off", required: !optional, placeholder: tr("Search tracks") });
  const found = h("ul", { id, role: "listbox", "aria-label": label, class: "found", hidden: true });
  const made = { track: null, element: h("div", { class: "field" }, h("label", {}, label, field), found), choose: null };
  let rows = [];
  let at = -1;
  let timer = 0;
  const close = () => {
    found.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const take = (track) => {
    made.track = track;
    field.value = track ? `${track.title} – ${track.artist}` : "";
    close();
  };
  made.choose = async (given) => {
    if (typeof given === "object") take(given);
    else if (given) take(await app.api.get(`tracks/${given}`));
  };
  const search = async () => {
    const q = field.value.trim();
    rows = q ? (await app.api.get("tracks", { q, size: FOUND })).tracks : [];
    at = -1;
    found.replaceChildren(...rows.map((track, index) => h("li", { role: "option", id: `${id}-${index}`, "aria-selected": "false", onpointerdown: (event) => (event.preventDefault(), take(track)) }, `${track.title} – ${track.artist}`)));
    found.hidden = !rows.length;
    field.setAttribute("aria-expanded", String(rows.length > 0));
  };
  const mark = (index) => {
    at = (index + rows.length) % rows.length;
    [...found.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    field.setAttribute("aria-activedescendant", `${id}-${at}`);
  };
  field.addEventListener("input", () => {
    made.track = null;
    clearTimeout(timer);
    timer = setTimeout(() => search().catch((error) => app.say(error.message)), 250);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !found.hidden && at >= 0) take(rows[at]);
    else if (event.key === "ArrowDown" && rows.length) mark(at + 1);
    else if (event.key === "ArrowUp" && rows.length) mark(at - 1);
    else return;
    event.preventDefault();
  });
  return made;
}

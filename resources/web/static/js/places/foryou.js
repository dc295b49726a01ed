/** For you: shelves of what Segue learnt that the listener likes, which change while one listens. */

import { shelfOf } from "../cardgrid.js";
import { h, heading, iconButton, notice } from "../dom.js";
import { tr } from "../words.js";

const SPACE = 300; // milliseconds: a play tells of several changes, and so does the list that is made of it
const AGAIN_AFTER = 1_500; // while a library is analysed, its model changes all the time

export function forYouPlace(app) {
  const holder = h("div", { class: "shelves" });
  let ended = false;
  let asked = 0;
  let newest = 0;
  let shown = "";
  const load = async () => {
    const number = ++asked;
    const isNews = () => {
      if (ended || number < newest) return false;
      newest = number;
      return true;
    };
    try {
      const answer = await app.api.get("for-you");
      const text = JSON.stringify(answer);
      if (!isNews() || text === shown) return;
      shown = text;
      show(app, holder, answer);
    } catch (error) {
      if (!isNews()) return;
      shown = "";
      holder.replaceChildren(notice(error.message, error.advice));
    }
  };
  load();
  const stops = [app.changes.onAtOnce(["foryou"], load, SPACE), app.changes.on(["model"], load, AGAIN_AFTER)];
  const end = () => {
    ended = true;
    stops.forEach((stop) => stop());
  };
  return { element: h("div", {}, heading(tr("For you")), holder), end };
}

function show(app, holder, answer) {
  const words = [];
  const kept = new Map([...holder.querySelectorAll(".shelf")].map((shelf) => [shelf.dataset.key, shelf.scrollLeft]));
  const shelves = answer.shelves.filter((shelf) => shelf.rows.length).map((shelf) => shelfSection(app, shelf, kept));
  if (!shelves.length) words.push(notice(answer.message, answer.advice));
  holder.replaceChildren(...words, ...shelves.map(({ section }) => section));
  shelves.forEach(({ row, left }) => (row.scrollLeft = left));
}

function shelfSection(app, shelf, kept) {
  const cards = shelf.rows.map((track, index) => ({
    title: track.title,
    subtitle: track.artist,
    cover: track.cover,
    href: "",
    onplay: () => app.queue.play(shelf.rows, index, { source: "for-you" }),
  }));
  const row = shelfOf(app, shelf.title, cards);
  row.dataset.key = shelf.key;
  row.querySelectorAll("li").forEach((item, index) => item.append(moreOf(app, shelf.rows[index])));
  const tools = h("div", { class: "tools" }, iconButton("play", tr("Play {name}", { name: shelf.title }), () => app.queue.play(shelf.rows, 0, { source: "for-you" })), iconButton("queue", tr("Add {name} to the queue", { name: shelf.title }), () => app.actions.add(shelf.rows, { source: "for-you" })));
  const head = h("div", { class: "heading" }, h("div", {}, h("h2", {}, shelf.title), shelf.subtitle ? h("p", { class: "soft" }, shelf.subtitle) : null), tools);
  return { section: h("section", {}, head, row), row, left: kept.get(shelf.key) ?? 0 };
}

function moreOf(app, track) {
  const more = iconButton("more", tr("More for {title}", { title: track.title }), () => app.actions.menu(more, track, { source: "for-you" }), { class: "tool card-more", "aria-haspopup": "menu" });
  return more;
}

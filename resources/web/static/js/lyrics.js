/** Lyrics of what plays, the line that is sung marked where times are known. */

import { h, notice } from "./dom.js";
import { tr } from "./words.js";

const TIMED = /^\[(\d+):(\d+(?:\.\d+)?)\]\s*(.*)$/; // as in files of the form LRC

/** @typedef {{text: string, at: ?number}} Line `at` in seconds, null where it is not known */

export function lyricsView(app) {
  const { player } = app;
  const element = h("div", { class: "lyrics" });
  /** @type {{line: Line, shown: HTMLElement}[]} */
  let timed = [];
  let marked = null;

  const load = async () => {
    const track = player.track;
    timed = [];
    marked = null;
    if (!track) return element.replaceChildren(notice(tr("Nothing plays.")));
    try {
      const { lines } = await app.api.get(`lyrics/${track.id}`);
      if (player.track?.id === track.id) show(lines.map(lineOf));
    } catch (error) {
      element.replaceChildren(notice(error.message, error.advice));
    }
    return undefined;
  };

  const show = (lines) => {
    if (!lines.length) return element.replaceChildren(notice(tr("No lyrics are known of this track.")));
    const shown = lines.map((line) => paragraph(line, player));
    timed = lines.flatMap((line, index) => (line.at === null ? [] : [{ line, shown: shown[index] }]));
    element.replaceChildren(...shown);
    return undefined;
  };

  const follow = () => {
    const now = timed.findLast(({ line }) => line.at <= player.position)?.shown ?? null;
    if (now === marked) return;
    marked?.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "true");
    now?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    marked = now;
  };

  player.addEventListener("track", load);
  player.addEventListener("time", follow);
  load();
  return {
    element,
    end: () => {
      player.removeEventListener("track", load);
      player.removeEventListener("time", follow);
    },
  };
}

/** @param {string} text @returns {Line} */
function lineOf(text) {
  const [, minutes, seconds, words] = TIMED.exec(text) ?? [];
  return words === undefined ? { text, at: null } : { text: words, at: 60 * Number(minutes) + Number(seconds) };
}

function paragraph(line, player) {
  if (line.at === null) return h("p", {}, line.text || "\u00a0");
  return h("p", {}, h("button", { type: "button", class: "sung", onclick: () => player.seek(line.at) }, line.text || "\u00a0"));
}

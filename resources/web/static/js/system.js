/** Joins the player with what is around the page: media keys, the lock screen, the keyboard. */

import { h } from "./dom.js";
import { show } from "./menu.js";
import { tr } from "./words.js";

const STEP = 5; // seconds of an arrow key
const LOUDER = 0.05;
const SIZES = [96, 256, 512];

/** Media keys and the lock screen: names, cover, position and what can be done. */
export function joinMediaSession(app) {
  const session = navigator.mediaSession;
  if (!session) return;
  const { player } = app;
  const acts = {
    play: () => player.play(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    previoustrack: () => player.previous(),
    nexttrack: () => player.next(),
    seekbackward: (asked) => player.seek(player.position - (asked.seekOffset ?? 10)),
    seekforward: (asked) => player.seek(player.position + (asked.seekOffset ?? 10)),
    seekto: (asked) => player.seek(asked.seekTime),
  };
  for (const [name, act] of Object.entries(acts)) session.setActionHandler(name, act);
  player.addEventListener("track", () => (session.metadata = player.track && metadata(app, player.track)));
  player.addEventListener("state", () => (session.playbackState = player.playing ? "playing" : "paused"));
  player.addEventListener("time", () => {
    const [duration, position] = [player.seconds, player.position];
    if (duration > 0 && position <= duration) session.setPositionState({ duration, position, playbackRate: 1 });
  });
}

function metadata(app, { title, artist, album, cover }) {
  const picture = (size) => ({ src: `${app.address(cover)}?size=${size}`, sizes: `${size}x${size}`, type: "image/jpeg" });
  return new MediaMetadata({ title, artist, album, artwork: cover ? SIZES.map(picture) : [] });
}

/** Keys of the whole page; a field, a list or a slider that has the focus takes its own first. */
export function joinKeyboard(app) {
  const { player } = app;
  const keys = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: () => player.seek(player.position - STEP),
    ArrowRight: () => player.seek(player.position + STEP),
    ArrowUp: () => (player.volume += LOUDER),
    ArrowDown: () => (player.volume -= LOUDER),
    n: () => player.next(),
    p: () => player.previous(),
    m: () => (player.muted = !player.muted),
    s: () => app.queue.setShuffle(!app.queue.shuffle),
    r: () => app.radio.toggle(),
    l: () => app.panel.toggle("similar"),
    q: () => app.panel.toggle("queue"),
    "/": () => app.go("tracks").then(() => document.querySelector("input[type=search]")?.focus()),
    "?": () => showKeys(),
  };
  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || takes(event)) return;
    event.preventDefault();
    act();
  });
}

/** Whether what has the focus means something else by a key. */
function takes(event) {
  const { target, key } = event;
  if (target.closest("input, select, textarea, dialog, [role=menu]")) return true;
  return key === " " && target.closest("button, a");
}

function showKeys() {
  const rows = [
    [tr("Space"), tr("Play or pause")],
    ["← →", tr("5 seconds back or on")],
    ["↑ ↓", tr("Louder or quieter")],
    ["n p", tr("Next or previous track")],
    ["m", tr("Mute")],
    ["s", tr("Shuffle")],
    ["r", tr("Radio")],
    ["l q", tr("More like this, queue")],
    ["/", tr("Search")],
    [tr("Alt+↑ ↓"), tr("Move a track of the queue")],
  ];
  show(tr("Keyboard"), h("dl", { class: "keys" }, ...rows.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])));
}

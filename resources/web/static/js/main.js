/** The page: makes its parts, joins them, and shows the place that the address names. */

import { Actions } from "./actions.js";
import { address, Api } from "./api.js";
import { nowBar, nowPlace } from "./bar.js";
import { h, notice } from "./dom.js";
import { Entries } from "./entries.js";
import { Changes } from "./events.js";
import { Opinions } from "./opinions.js";
import { Panel } from "./panel.js";
import { Player } from "./player.js";
import { Plays } from "./plays.js";
import { Queue } from "./queue.js";
import { Radio } from "./radio.js";
import { joinKeyboard, joinMediaSession } from "./system.js";
import { page, tr } from "./words.js";
import { accountPlace } from "./places/account.js";
import { albumPlace, albumsPlace } from "./places/albums.js";
import { artistPlace, artistsPlace, genrePlace, genresPlace } from "./places/artists.js";
import { forYouPlace } from "./places/foryou.js";
import { journeyPlace } from "./places/journey.js";
import { mapPlace } from "./places/map.js";
import { playlistPlace, playlistsPlace } from "./places/playlists.js";
import { remotePlace } from "./places/remote.js";
import { tracksPlace } from "./places/tracks.js";

const FIRST = "albums";
const SAID_FOR = 6_000; // milliseconds
const OPINIONS_AFTER = 250; // milliseconds
const DESKTOP_AFTER = 1_000; // milliseconds: whoever turns its volume changes it many times

/** By the first word of the address: all of them, and one of them where a second word follows. */
const PLACES = {
  albums: [albumsPlace, albumPlace],
  artists: [artistsPlace, artistPlace],
  genres: [genresPlace, genrePlace],
  tracks: [tracksPlace, tracksPlace],
  playlists: [playlistsPlace, playlistPlace],
  "for-you": [forYouPlace],
  map: [mapPlace],
  journey: [journeyPlace, journeyPlace],
  now: [nowPlace],
  remote: [remotePlace],
  settings: [accountPlace],
};

const app = {
  address,
  main: document.getElementById("main"),
  account: { id: "", name: "", admin: false, mayDownload: false, mayRemote: false },
  say,
  announce: (text) => (document.getElementById("announced").textContent = text),
  go,
};
app.api = new Api(() => location.assign(`${page.base}/login`));
app.changes = new Changes();
app.opinions = new Opinions(app.api, say);
app.plays = new Plays(app.api);
app.queue = new Queue(app.api, () => app.player.position);
app.player = new Player(app.queue, app.plays);
app.radio = new Radio(app);
app.actions = new Actions(app);
app.panel = new Panel(app);

const entries = new Entries(app.main);
let shown = null;
let asked = 0;
const offline = document.getElementById("offline");

start();

async function start() {
  document.getElementById("body").append(app.panel.element);
  document.getElementById("foot").append(nowBar(app));
  joinMediaSession(app);
  joinKeyboard(app);
  app.player.addEventListener("trouble", (event) => say(tr("{title} cannot be played.", { title: event.detail.title })));
  app.changes.addEventListener("online", () => onConnection(true));
  app.changes.addEventListener("offline", () => onConnection(false));
  app.changes.on(["opinions"], () => app.opinions.renew(app.player.track), OPINIONS_AFTER);
  app.changes.on(["hello", "remote"], () => know().catch((error) => console.warn("what may be done is not known", error.message)), DESKTOP_AFTER);
  window.addEventListener("hashchange", () => (app.panel.makeWay(), place()));
  document.getElementById("skip").addEventListener("click", (event) => (event.preventDefault(), app.main.focus()));
  navigator.serviceWorker?.register("sw.js").catch((error) => console.warn("no offline shell", error.message));
  await know().catch((error) => (error.status === 0 ? onConnection(false) : say(error.message)));
  await place();
  app.changes.open();
  app.plays.send();
  app.panel.restore();
  await restoreQueue();
}

/** Who listens, what they may, and whether there is a desktop player for them. */
async function know() {
  const { listener, desktop } = await app.api.get("state");
  app.account = listener;
  document.getElementById("to-remote").hidden = !desktop;
}

async function restoreQueue() {
  try {
    const position = await app.queue.load();
    if (position > 0) app.player.seek(position);
  } catch (error) {
    console.warn("the queue of before cannot be read", error.message);
  }
}

/** Show the place of an address such as `albums/al-1`. */
async function go(where) {
  if (location.hash === `#/${where}`) return;
  history.pushState(null, "", `#/${where}`);
  app.panel.makeWay();
  await place();
}

async function place() {
  const [name, ...rest] = (location.hash.replace(/^#\/?/, "") || FIRST).split("/").map(decoded);
  const [all, one] = PLACES[name] ?? PLACES[FIRST];
  const turn = (asked += 1);
  mark(name);
  let made;
  try {
    made = await (rest.length && one ? one(app, ...rest) : all(app));
  } catch (error) {
    made = { element: notice(error.message, error.advice ?? ""), end: () => {} };
  }
  if (turn !== asked) return made.end?.();
  shown?.end?.();
  shown = made;
  entries.show(made.element);
  return undefined;
}

/** A part of an address; as it is where a lone % makes it nothing that could be decoded. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function mark(name) {
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash !== `#/${name}`) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}

/** Say something for a few seconds, with what can be done about it where that is given. */
function say(text, offer = null) {
  const act = () => {
    offer.act();
    box.remove();
  };
  const box = h("div", { class: "said" }, h("span", {}, text), offer ? h("button", { type: "button", class: "word", onclick: act }, offer.label) : null);
  document.getElementById("said").replaceChildren(box);
  setTimeout(() => box.remove(), SAID_FOR);
}

/** What is shown may say that the server does not answer. */
function askAgain() {
  if (!app.api.missed) return;
  app.api.missed = false;
  place();
}

function onConnection(online) {
  offline.hidden = online;
  if (!online) return;
  app.plays.send();
  askAgain();
}

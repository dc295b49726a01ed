/** The account: how the page looks and sounds, devices with their keys, the password, and for an admin who may listen. */

import { h, heading, iconButton, notice, wordButton } from "../dom.js";
import { ask, confirm, show } from "../menu.js";
import { oneOf } from "../tracklist.js";
import { day, page, tr } from "../words.js";

const LOOK = "segue.look";
const SHORTEST_PASSWORD = 8;

export function accountPlace(app) {
  const sections = [looks(app), devices(app), password(app), app.account.admin ? listeners(app) : null].filter(Boolean);
  return { element: h("div", { class: "account" }, heading(tr("Settings")), h("p", { class: "soft" }, tr("Signed in as {name}", { name: app.account.name })), ...sections, signOut()), end: () => {} };
}

/** Light or dark, and whether tracks sound equally loud. */
function looks(app) {
  const ways = [["system", tr("As the system")], ["light", tr("Light")], ["dark", tr("Dark")]];
  const look = oneOf(tr("Colours"), ways, localStorage.getItem(LOOK) ?? "system", (chosen) => {
    localStorage.setItem(LOOK, chosen);
    if (chosen === "system") delete document.documentElement.dataset.look;
    else document.documentElement.dataset.look = chosen;
    document.dispatchEvent(new Event("segue-look"));
  });
  const level = h("input", { type: "checkbox" });
  level.checked = app.player.levelled;
  level.addEventListener("change", () => app.player.setLevelled(level.checked));
  return h("section", {}, h("h2", {}, tr("Look and sound")), look, h("label", { class: "check" }, level, h("span", {}, tr("Play all tracks equally loud (ReplayGain)"))));
}

/** Keys for apps: each device has one, which is shown once and can be taken back. */
function devices(app) {
  const list = h("ul", { class: "plain" });
  const load = () => fill(app, list, "devices", (device) => deviceRow(app, device, load), tr("No app has a key yet."));
  const add = wordButton(tr("New device…"), async () => {
    const name = await ask(tr("New device"), tr("Name of the device or app"));
    if (!name) return;
    try {
      const { key } = await app.api.post("devices", { name });
      showKey(app, name, key);
      await load();
    } catch (error) {
      app.say(error.message);
    }
  }, { glyph: "plus" });
  load();
  return h("section", {}, h("h2", {}, tr("Devices and apps")), h("p", { class: "soft" }, tr("A Subsonic app signs in with a key of its own in place of your password.")), list, add);
}

function deviceRow(app, device, again) {
  const facts = [device.made ? tr("since {day}", { day: day(device.made) }) : "", device.used ? tr("last used {day}", { day: day(device.used) }) : ""].filter(Boolean).join(" · ");
  const revoke = iconButton("trash", tr("Take back the key of {name}", { name: device.name }), async () => {
    const sure = await confirm(tr("Take back the key"), tr("{name} is signed out at once.", { name: device.name }), tr("Take back"));
    if (sure) await doing(app, () => app.api.remove(`devices/${device.id}`), again);
  });
  return h("li", {}, h("span", { class: "two" }, h("span", { class: "first" }, device.name), h("span", { class: "second" }, facts)), revoke);
}

function showKey(app, name, key) {
  const field = h("input", { type: "text", readonly: true, value: key, class: "key", "aria-label": tr("Key of {name}", { name }) });
  const copy = wordButton(tr("Copy"), async () => {
    field.select();
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(key);
      else if (!document.execCommand("copy")) return; // over plain HTTP this is all that browsers have
      app.say(tr("The key is copied."));
    } catch (error) {
      console.warn("the key is not copied", error.message); // it stays selected, to be copied by hand
    }
  }, { glyph: "copy" });
  const server = new URL(`${page.base}/`, location.href).href;
  show(tr("Key of {name}", { name }), h("p", {}, tr("It is shown this once. In the app, enter:")), h("dl", { class: "keys" }, h("dt", {}, tr("Server")), h("dd", {}, server), h("dt", {}, tr("User")), h("dd", {}, app.account.name), h("dt", {}, tr("Password or API key")), h("dd", {}, field)), h("div", { class: "row end" }, copy));
}

function password(app) {
  const old = h("input", { type: "password", autocomplete: "current-password", required: true });
  const fresh = h("input", { type: "password", autocomplete: "new-password", required: true, minlength: SHORTEST_PASSWORD });
  const form = h("form", { class: "stack" }, h("label", {}, tr("Current password"), old), h("label", {}, tr("New password"), fresh), h("button", { class: "word" }, tr("Change password")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(app, () => app.api.post("password", { old: old.value, new: fresh.value }), () => {
      form.reset();
      app.say(tr("The password is changed."));
    });
  });
  return h("section", {}, h("h2", {}, tr("Password")), form);
}

/** Accounts, for the admin. */
function listeners(app) {
  const list = h("ul", { class: "plain" });
  const load = () => fill(app, list, "listeners", (each) => listenerRow(app, each, load), tr("There is nobody yet."));
  const name = h("input", { type: "text", required: true, autocomplete: "off", maxlength: 60 });
  const secret = h("input", { type: "password", required: true, minlength: SHORTEST_PASSWORD, autocomplete: "new-password" });
  const form = h("form", { class: "stack" }, h("label", {}, tr("Name"), name), h("label", {}, tr("Password"), secret), h("button", { class: "word" }, tr("Add listener")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(app, () => app.api.post("listeners", { name: name.value, password: secret.value, admin: false }), () => (form.reset(), load()));
  });
  load();
  return h("section", {}, h("h2", {}, tr("Who may listen")), list, form);
}

function listenerRow(app, each, again) {
  const may = (key, label) => {
    const box = h("input", { type: "checkbox" });
    box.checked = Boolean(each[key]);
    box.addEventListener("change", () => doing(app, () => app.api.put(`listeners/${each.id}`, { [key]: box.checked }), again));
    return h("label", { class: "check" }, box, h("span", {}, label));
  };
  const remove = iconButton("trash", tr("Remove {name}", { name: each.name }), async () => {
    const sure = await confirm(tr("Remove listener"), tr("{name} can no longer sign in.", { name: each.name }), tr("Remove"));
    if (sure) await doing(app, () => app.api.remove(`listeners/${each.id}`), again);
  });
  remove.disabled = each.id === app.account.id;
  return h("li", {}, h("span", { class: "two" }, h("span", { class: "first" }, each.name), h("span", { class: "second" }, each.admin ? tr("admin") : "")), may("mayDownload", tr("may download")), may("mayRemote", tr("may use the desktop player")), remove);
}

async function fill(app, list, path, row, empty) {
  try {
    const rows = (await app.api.get(path))[path];
    list.replaceChildren(...(rows.length ? rows.map(row) : [h("li", { class: "soft" }, empty)]));
  } catch (error) {
    list.replaceChildren(h("li", {}, notice(error.message, error.advice)));
  }
}

async function doing(app, act, then) {
  try {
    await act();
    await then();
  } catch (error) {
    app.say(error.message);
  }
}

/** A form, since signing out needs no script. */
function signOut() {
  return h("form", { method: "post", action: "logout" }, h("button", { class: "word" }, tr("Sign out")));
}

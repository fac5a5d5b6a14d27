// Take what the server tells after each build; renew the document in its frame if it is another one now, where the
// reader was; show what is wrong over the last good page.
"use strict";

const { path, kind, address } = document.body.dataset;
const pages = document.getElementById("pages");
const box = document.getElementById("problems");
let shown = null; // the digest of the document in the frame
let frame = null;

function findSpot(view) {
  // The reader is at a distance from the last named place above: text that comes or goes before it moves both.
  const spot = { left: view.scrollX, top: view.scrollY, id: "", offset: 0 };
  for (const one of view.document.querySelectorAll("[id]")) {
    const top = one.getBoundingClientRect().top;
    if (top > 8) break;
    spot.id = one.id;
    spot.offset = top;
  }
  return spot;
}

function goTo(view, spot) {
  const named = spot.id && view.document.getElementById(spot.id);
  const top = spot.top > 0 && named ? view.scrollY + named.getBoundingClientRect().top - spot.offset : spot.top;
  view.scrollTo({ left: spot.left, top, behavior: "instant" });
}

function followLinks(view) {
  // Another document opens in the window, so that it is renewed as well.
  view.document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a[href]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const there = new URL(link.href);
    if (there.origin !== location.origin || there.pathname === view.location.pathname) return;
    event.preventDefault();
    location.assign(there.pathname + there.hash);
  });
}

function show(digest) {
  const coming = document.createElement("iframe");
  coming.className = "coming";
  coming.title = document.title;
  coming.addEventListener("load", () => {
    const before = frame;
    if (kind === "html") {
      if (before) goTo(coming.contentWindow, findSpot(before.contentWindow));
      else if (location.hash) coming.contentWindow.location.hash = location.hash;
      followLinks(coming.contentWindow);
    }
    coming.className = "";
    frame = coming;
    for (const one of [...pages.children]) if (one !== coming) one.remove();
    document.body.dataset.shown = digest;
  }, { once: true });
  coming.src = `${address}?d=${digest}`;
  pages.append(coming);
}

function write(parent, tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

function tell(words, look, problems) {
  box.hidden = !words;
  box.className = look;
  box.querySelector("summary").textContent = words;
  const list = box.querySelector("ol");
  list.replaceChildren();
  for (const one of problems) {
    const line = document.createElement("li");
    write(line, "code", one.place);
    write(line, "strong", ` ${one.severity} ${one.code}: `);
    write(line, "span", one.message);
    if (one.hint) write(line, "span", one.hint, "hint");
    list.append(line);
  }
  box.querySelector("details").open = look === "failed";
}

function count(problems, severity) {
  const number = problems.filter((one) => one.severity === severity).length;
  return number ? `${number} ${severity}${number > 1 ? "s" : ""}` : "";
}

function take(state) {
  const counts = ["error", "warning"].map((one) => count(state.problems, one)).filter(Boolean).join(", ");
  if (!state.good) tell(`Not built (${counts}). This is the last good version.`, "failed", state.problems);
  else if (!state.digest && shown) tell("This document is not made any more.", "lost", []);
  else tell(counts, "warned", state.problems);
  if (state.digest && state.digest !== shown) {
    shown = state.digest;
    show(shown);
  }
}

const events = new EventSource(`/.preview/events?path=${encodeURIComponent(path)}`);
events.onmessage = (event) => take(JSON.parse(event.data));
events.onerror = () => tell("Deedbox is not watching any more.", "lost", []);

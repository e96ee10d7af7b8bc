// Single keys for the review desk: a key presses what carries it in data-key. Without this script all of it works by
// hand. Letters are taken by what they write; on keyboards of another script, by their place.
"use strict";
(() => {
  const PLACES = { Slash: "?", BracketLeft: "[", BracketRight: "]", Space: " " };
  let sent = false;

  const writing = (target) =>
    target instanceof Element && (target.closest("input:not([type=checkbox]), textarea, select") || target.isContentEditable);

  const keyOf = (event) => {
    if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toLowerCase();
    if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
    const place = PLACES[event.code] || "";
    if (event.shiftKey && (place === "[" || place === "]")) return place === "[" ? "{" : "}";
    return place;
  };

  // Keys a person chose: by the key pressed, the key that is meant; what was given away means nothing.
  const chosen = document.querySelector("[data-own-keys]");
  const pairs = (chosen ? chosen.dataset.ownKeys : "").split(" ").filter((pair) => pair.length === 2);
  const meant = new Map(pairs.map(([key, own]) => [own, key]));
  const given = new Map(pairs.map((pair) => [...pair]));
  const meantBy = (key) => meant.get(key) || (given.has(key) ? "" : key);
  for (const shown of document.querySelectorAll("kbd")) {
    const parts = shown.textContent.split(" / ").map((part) => {
      const own = part.length === 1 && given.get(part.toLowerCase());
      return own ? own.toUpperCase() : part;
    });
    shown.textContent = parts.join(" / ");
  }

  const carrierOf = (key) =>
    [...document.querySelectorAll("[data-key]")].find(
      (found) => found.dataset.key === key && found.getClientRects().length > 0,
    );

  const points = (text) => [...text].length;

  const markSelection = () => {
    const text = document.querySelector(".text");
    const body = text && text.querySelector(".body");
    const selection = window.getSelection();
    if (!body || !selection || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!body.contains(range.startContainer) || !body.contains(range.endContainer)) return;
    const before = document.createRange();
    before.selectNodeContents(body);
    before.setEnd(range.startContainer, range.startOffset);
    const chosen = range.toString();
    const trimmed = chosen.trim();
    if (!trimmed) return;
    const start = Number(text.dataset.start) + points(before.toString()) + points(chosen.slice(0, chosen.indexOf(trimmed)));
    const query = new URLSearchParams({ start, end: start + points(trimmed), exact: trimmed.slice(0, 1500), stay: "1" });
    if (trimmed.length > 1500) query.delete("exact");
    if (text.dataset.whole) query.set("whole", "1");
    window.location.assign(`${text.dataset.item}?${query}#span`);
  };

  document.addEventListener("keydown", (event) => {
    const other = event.getModifierState("AltGraph");
    if (event.defaultPrevented || event.isComposing || event.repeat || event.metaKey) return;
    if (!other && (event.ctrlKey || event.altKey)) return;
    if (writing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    // A focused button, link or box takes the space bar itself.
    const held = event.target instanceof Element && event.target.closest("a, button, summary, input, [tabindex]");
    const key = meantBy(keyOf(event));
    if (!key || (key === " " && held)) return;
    if (key === "h") {
      markSelection();
      return;
    }
    const carrier = carrierOf(key);
    if (!carrier || sent) return;
    event.preventDefault();
    const details = carrier.matches("summary") ? carrier.parentElement : null;
    carrier.click();
    if (details && details.open) {
      const first = details.querySelector("select, textarea, input:not([type=hidden])");
      if (first) first.focus();
      details.scrollIntoView({ block: "nearest" });
    }
  });

  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  // A page taken back from the browser's memory can send again.
  window.addEventListener("pageshow", () => {
    sent = false;
  });
})();

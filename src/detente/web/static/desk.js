// Single keys for the review desk: a key presses what carries it in data-key. Without this script all of it works by
// hand. Letters are taken by what they write; on keyboards of another script, by their place.
// What leads from one item to the next (data-onward) is asked here, and the page that is answered takes the place of the
// one before: that saves the second way to the server and the building up of a new document. The answer comes when the
// decision is kept, and not before. Whatever else is answered, the browser asks again by itself and shows.
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
  const nameKeys = () => {
    if (!given.size) return;
    for (const shown of document.querySelectorAll("kbd")) {
      const parts = shown.textContent.split(" / ").map((part) => {
        const own = part.length === 1 && given.get(part.toLowerCase());
        return own ? own.toUpperCase() : part;
      });
      shown.textContent = parts.join(" / ");
    }
  };
  nameKeys();

  const PARTS = ["header.top", "main", "footer.end"];
  const addressOf = (place) => place.pathname + place.search;
  let shownAt = addressOf(window.location);
  // Who listens is told what took whose place; a new document would have been read out.
  const told = document.createElement("p");
  told.className = "told";
  told.setAttribute("role", "status");
  document.body.append(told);

  const put = (text, address) => {
    const made = new DOMParser().parseFromString(text, "text/html");
    const fresh = PARTS.map((part) => made.querySelector(part));
    if (fresh.includes(null)) return false;
    window.history.pushState(null, "", address);
    shownAt = addressOf(window.location);
    document.title = made.title;
    PARTS.forEach((part, number) => document.querySelector(part).replaceWith(fresh[number]));
    nameKeys();
    window.scrollTo(0, 0);
    const main = document.querySelector("main");
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
    const notice = main.querySelector(".notice[role=status]");
    if (notice) notice.removeAttribute("role");
    told.textContent = [notice && notice.firstElementChild.textContent.trim(), document.title].filter(Boolean).join(" ");
    return true;
  };

  // Answers whether the page that came stands there now.
  const onward = async (address, asked) => {
    const busy = document.querySelector("main");
    busy.setAttribute("aria-busy", "true");
    try {
      const headers = { "X-Detente-Desk": "1" };
      const answer = await fetch(address, { headers, redirect: "error", ...asked });
      const place = asked.method ? answer.headers.get("Content-Location") : address;
      return answer.status === 200 && place !== null && put(await answer.text(), place);
    } catch {
      return false;
    } finally {
      busy.removeAttribute("aria-busy");
    }
  };

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
    const held =
      event.target instanceof Element && event.target.closest("a, button, summary, input, [tabindex]:not(main)");
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

  const leading = (event) =>
    event.target instanceof Element && event.target.closest("[data-onward]");

  document.addEventListener("submit", async (event) => {
    if (sent) event.preventDefault();
    if (sent || !leading(event)) {
      sent = true;
      return;
    }
    sent = true;
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form));
    const pressed = event.submitter;
    if (pressed && pressed.name) body.append(pressed.name, pressed.value);
    // Its buttons are called "action" too, and hide the property.
    const there = await onward(form.getAttribute("action"), { method: "POST", body });
    sent = false;
    // Sent again as any form is: what was kept is not kept twice, and what was refused is refused in words.
    if (there) return;
    delete form.dataset.onward;
    form.requestSubmit(pressed);
  });

  document.addEventListener("click", async (event) => {
    const link = leading(event);
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || link.tagName !== "A" || !plain || event.defaultPrevented) return;
    event.preventDefault();
    if (sent) return;
    sent = true;
    const there = await onward(link.href, {});
    sent = false;
    if (!there) window.location.assign(link.href);
  });

  // Back and forward ask anew: what was shown before has been decided on since.
  window.addEventListener("popstate", () => {
    if (addressOf(window.location) !== shownAt) window.location.reload();
  });
  // A page taken back from the browser's memory can send again.
  window.addEventListener("pageshow", () => {
    sent = false;
  });
})();

// Keys and filters; without this script every page can be read and every list is whole.
"use strict";
(() => {
  const find = (what) => document.querySelector(what);
  const SWITCH = "detente-keys";
  let keysOn = true;
  try {
    keysOn = localStorage.getItem(SWITCH) !== "off";
  } catch {
    // Nothing can be kept.
  }

  // Single keys can be switched off (WCAG 2.2, 2.1.4).
  const box = find("#keys-on");
  if (box) {
    box.checked = keysOn;
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", () => {
      keysOn = box.checked;
      try {
        localStorage.setItem(SWITCH, keysOn ? "on" : "off");
      } catch {
        // It holds for this page alone.
      }
    });
  }

  const writing = (target) => target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (writing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!keysOn) return;
    const help = find("#help");
    if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
      const field = find("input[data-search]") || find("[data-search]");
      if (!field) return;
      event.preventDefault();
      if (field.matches("a")) field.click();
      else field.focus();
    } else if (help && (event.key === "?" || (event.code === "Slash" && event.shiftKey))) {
      event.preventDefault();
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
    }
  });

  // On paper, where the rest of a list is.
  for (const one of document.querySelectorAll(".here")) one.textContent = location;

  // One stop of the Tab key for each chart; arrows go from mark to mark.
  for (const chart of document.querySelectorAll("svg.chart")) {
    const marks = [...chart.querySelectorAll("a")];
    const middle = (mark) => {
      const box = mark.getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const go = (mark) => {
      for (const other of marks) other.setAttribute("tabindex", other === mark ? "0" : "-1");
      mark.focus();
    };
    const lane = (mark, way) => {
      const [x, y] = middle(mark);
      const places = marks.map((other) => [other, ...middle(other)]);
      const rows = [...new Set(places.map((place) => Math.round(place[2])))].sort((a, b) => a - b);
      const row = rows[rows.findIndex((one) => Math.abs(one - y) <= 1) + way];
      const there = places.filter((place) => Math.abs(place[2] - row) <= 1);
      return there.sort((a, b) => Math.abs(a[1] - x) - Math.abs(b[1] - x))[0]?.[0];
    };
    marks[0]?.setAttribute("tabindex", "0");
    chart.addEventListener("keydown", (event) => {
      const at = marks.indexOf(event.target.closest("a"));
      if (at < 0) return;
      const wanted = {
        ArrowRight: () => marks[at + 1],
        ArrowLeft: () => marks[at - 1],
        ArrowDown: () => lane(marks[at], 1),
        ArrowUp: () => lane(marks[at], -1),
        Home: () => marks[0],
        End: () => marks.at(-1),
      }[event.key];
      if (!wanted) return;
      event.preventDefault();
      const mark = wanted();
      if (mark) go(mark);
    });
  }

  // On the timeline's axis a span is dragged, or chosen with Shift and the arrows; the form has its two days.
  const brush = find("svg.brush");
  if (brush) {
    const asked = find("#filter");
    const bars = [...brush.querySelectorAll("a")];
    const span = brush.querySelector(".span");
    const bar = (event) => bars.indexOf(event.target.closest("a"));
    let from = -1;
    let to = -1;
    let pressed = false;
    const choose = (at) => {
      to = at;
      const [first, last] = [from, to].sort((a, b) => a - b).map((one) => bars[one]);
      const end = last.getBBox();
      const { x } = first.getBBox();
      span.setAttribute("x", x);
      span.setAttribute("width", end.x + end.width - x);
      asked.elements.since.value = first.dataset.since;
      asked.elements.until.value = last.dataset.until;
    };
    const ask = () => asked.requestSubmit();
    brush.addEventListener("dragstart", (event) => event.preventDefault());
    brush.addEventListener("pointerdown", (event) => {
      // Else a finger keeps its first column.
      event.target.releasePointerCapture(event.pointerId);
      pressed = !event.button;
      from = to = pressed ? bar(event) : -1;
    });
    brush.addEventListener("pointermove", (event) => {
      const at = bar(event);
      if (pressed && from >= 0 && at >= 0 && at !== to) choose(at);
    });
    addEventListener("pointerup", () => {
      if (pressed && from !== to) ask();
      pressed = false;
    });
    addEventListener("pointercancel", () => {
      pressed = false;
    });
    brush.addEventListener("click", (event) => {
      if (from !== to) event.preventDefault();
      from = to = -1;
    });
    brush.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && from !== to) {
        event.preventDefault();
        ask();
      } else if (/^(Arrow|Home|End)/.test(event.key)) {
        if (event.shiftKey) {
          if (from < 0) from = bar(event);
          choose(bars.indexOf(document.activeElement));
        } else from = to = -1;
      }
    });
  }

  // In files nobody answers a question, so the rows of this part of the list are looked through here.
  const form = find("form[data-rows]");
  if (!form) return;
  form.hidden = false;
  if (location.hash === "#text") form.elements.namedItem("text").focus();
  const rows = [...document.querySelectorAll("[data-track]")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = rows.map((row) => plain(row.textContent));
  const told = find("#told");
  const has = {
    text: () => true,
    since: (row, day) => row.dataset.day >= day,
    until: (row, day) => row.dataset.day && row.dataset.day <= day,
  };
  const show = () => {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim()) asked.set(name, value.trim());
    const words = plain(asked.get("text") || "").split(/\s+/).filter(Boolean);
    let left = 0;
    rows.forEach((row, at) => {
      const kept = [...asked].every(([name, value]) => has[name]?.(row, value) ?? row.dataset[name].split(" ").includes(value));
      row.hidden = !(kept && words.every((word) => texts[at].includes(word)));
      left += row.hidden ? 0 : 1;
    });
    const query = asked.toString();
    if (told) told.textContent = query ? told.dataset.told.replace("{n}", left).replace("{all}", rows.length) : "";
    // The address holds what is asked, and the links to other parts and languages take it along.
    try {
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    } catch {
      // Some browsers let no file change its address.
    }
    for (const link of document.querySelectorAll(".parts a, .langs a")) {
      link.search = query;
    }
  };
  for (const [name, value] of new URLSearchParams(location.search)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  form.addEventListener("reset", () => setTimeout(show));
  show();
})();

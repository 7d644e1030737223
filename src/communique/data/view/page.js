"use strict";
// Pieces of the text are numbered in Python; a card names its pieces by ranges of numbers. Nothing here counts characters.
(() => {
  const root = document.documentElement, body = document.body;
  const words = JSON.parse(document.getElementById("page-words").textContent);
  const languages = Object.keys(words["ui.language"]);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 58rem)");
  root.classList.add("js");

  const kept = (key, value) => {
    try { return value === undefined ? localStorage.getItem("communique-" + key) : localStorage.setItem("communique-" + key, value); }
    catch { return null; }
  };
  const move = () => (still.matches ? "auto" : "smooth");

  // Items

  const parse = (ranges) => ranges.split(" ").filter(Boolean).map((range) => range.split("-").map(Number));
  const within = (ranges, i) => ranges.some(([first, last]) => first <= i && i <= last);
  const size = (ranges) => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const kindOf = (card) => /k-(\w+)/.exec(card.className)[1];

  const items = [...document.querySelectorAll(".item")].map((element) => ({ element, ready: false }));
  let current = null, pinned = null;

  const prepare = (item) => {
    if (item.ready) return item;
    item.ready = true;
    item.panel = item.element.querySelector(".panel");
    item.inside = item.element.querySelector(".inside");
    item.marks = [...item.element.querySelectorAll(".text mark")];
    item.cards = [...item.element.querySelectorAll("[data-s]")].map((element) => {
      const ranges = parse(element.dataset.s);
      return { element, ranges, keys: parse(element.dataset.k), size: size(ranges), kind: kindOf(element) };
    });
    item.by = new Map(item.cards.map((card) => [card.element, card]));
    return item;
  };

  const choose = (index) => {
    if (!items.length) return;
    pinned = null;
    if (current) clear();
    items.forEach((item, i) => { item.element.hidden = i !== index; });
    current = prepare(items[index]);
    const picker = document.querySelector(".picker");
    if (!picker) return;
    picker.querySelectorAll("li a").forEach((a, i) => {
      if (i === index) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    });
    picker.querySelector(".chosen bdi").textContent = current.element.dataset.title;
    picker.querySelector(".at").textContent = index + 1;
    picker.querySelector("details").open = false;
  };

  // Lighting up

  const clear = () => {
    for (const mark of current.lit || []) mark.classList.remove("lit", "key");
    for (const card of current.shown || []) card.element.classList.remove("on", "main");
    current.lit = []; current.shown = [];
    current.element.classList.remove(...[...current.element.classList].filter((name) => name.startsWith("on-")));
  };

  const light = (card, others = []) => {
    clear();
    current.element.classList.add("on-" + (card.kind === "entities" ? "names" : card.kind));
    for (const [first, last] of card.ranges) {
      for (let i = first; i <= last; i++) {
        const mark = current.marks[i];
        mark.classList.add("lit");
        mark.classList.toggle("key", within(card.keys, i));
        current.lit.push(mark);
      }
    }
    current.shown = [card, ...others];
    for (const other of current.shown) other.element.classList.add("on");
    card.element.classList.add("main");
  };

  const rest = () => { if (pinned) light(pinned); else if (current) clear(); };

  const visible = (card) => {
    if (body.classList.contains("off-" + card.kind)) return false;
    return card.kind !== "entities" || body.classList.contains("on-entities");
  };

  const covering = (mark) => {
    const i = Number(mark.dataset.i);
    return current.cards.filter((card) => visible(card) && within(card.ranges, i)).sort((a, b) => a.size - b.size);
  };

  const reach = (card, smooth) => {  // scrolls the panel alone, never the page
    const inside = current.inside;
    if (inside.scrollHeight <= inside.clientHeight) return;
    const box = card.element.getBoundingClientRect(), frame = inside.getBoundingClientRect();
    if (!narrow.matches && box.top >= frame.top && box.bottom <= frame.bottom) return;
    inside.scrollBy({ top: box.top - frame.top - (narrow.matches ? 4 : 24), behavior: smooth ? move() : "auto" });
  };

  const open = (wanted) => {
    current.panel.classList.toggle("open", wanted);
    current.panel.querySelector(".sheet").setAttribute("aria-expanded", String(wanted));
  };

  const pin = (card, { scroll = true } = {}) => {
    pinned = card;
    light(card);
    if (!scroll || !card.ranges.length) return;
    const mark = current.marks[card.ranges[0][0]], box = mark.getBoundingClientRect();
    const low = narrow.matches && current.panel.classList.contains("open") ? innerHeight * 0.42 : innerHeight - 40;
    if (box.top < 110 || box.bottom > low) scrollBy({ top: box.top - low * 0.35, behavior: move() });
  };

  let later = 0;
  document.addEventListener("mouseover", (event) => {
    if (!current) return;
    clearTimeout(later);
    const element = event.target.closest("[data-s], .text mark");
    if (!element || !current.element.contains(element)) return rest();
    const card = current.by.get(element);
    if (card) return light(card);
    const [first, ...others] = covering(element);
    if (!first) return rest();
    light(first, others);
    if (!narrow.matches) later = setTimeout(() => reach(first, true), 220);
  });
  document.addEventListener("focusin", (event) => {
    const card = current && current.by.get(event.target);
    if (card && event.target.matches(":focus-visible")) light(card);
  });
  document.addEventListener("focusout", () => { if (current) rest(); });

  document.addEventListener("click", (event) => {
    if (!current) return;
    const picker = document.querySelector(".picker details");
    if (picker && picker.open && !picker.contains(event.target)) picker.open = false;
    if (event.target.closest("a, summary, button, dd")) return;
    const element = event.target.closest("[data-s], .text mark");
    if (!element || !current.element.contains(element)) { pinned = null; return rest(); }
    const card = current.by.get(element);
    if (card) return pin(card);
    const [first, ...others] = covering(element);
    if (!first) return;
    if (narrow.matches) open(true);
    pin(first, { scroll: narrow.matches });
    light(first, others);
    reach(first, !narrow.matches);
  });

  // Keys

  const step = (by) => {
    const cards = current.cards.filter((card) => card.element.classList.contains("card") && visible(card));
    if (!cards.length) return;
    const at = cards.findIndex((card) => card.element === document.activeElement || card === pinned);
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : (at + by + cards.length) % cards.length];
    if (narrow.matches) open(true);
    pinned = next;
    next.element.focus({ preventScroll: true });
    reach(next, true);
    pin(next);
  };

  document.addEventListener("keydown", (event) => {
    if (!current || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const card = current.by.get(event.target);
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") {
      pinned = null; clear(); open(false);
      const picker = document.querySelector(".picker details");
      if (picker) picker.open = false;
      if (card) event.target.blur();
    } else if ((event.key === "Enter" || event.key === " ") && card) { event.preventDefault(); pin(card); }
  });

  // Buttons

  const press = (kind, on) => {
    if (kind === "entities") {
      body.classList.toggle("on-entities", on);
      document.querySelectorAll(".g-entities").forEach((group) => { group.open = on; });
    } else body.classList.toggle("off-" + kind, !on);
    document.querySelectorAll(`[data-kind="${kind}"]`).forEach((button) => button.setAttribute("aria-pressed", String(on)));
    pinned = null; clear();
  };

  const speak = (language) => {
    root.lang = language;
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = words[element.dataset.t][language];
    for (const name of ["title", "aria-label"]) {
      for (const element of document.querySelectorAll(`[data-t-${name}]`)) {
        element.setAttribute(name, words[element.getAttribute(`data-t-${name}`)][language]);
      }
    }
    for (const element of document.querySelectorAll(`[data-v-${language}]`)) element.textContent = element.getAttribute("data-v-" + language);
  };

  const save = () => {
    const lines = [...document.querySelectorAll("script.data")].map((script) => script.textContent.trim() + "\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
    link.download = "communique.jsonl";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.kind) press(button.dataset.kind, button.getAttribute("aria-pressed") !== "true");
    else if (button.dataset.step) {
      const to = (items.indexOf(current) + Number(button.dataset.step) + items.length) % items.length;
      location.hash = items[to].element.id;
      follow();
    } else if (button.matches(".sheet")) open(!current.panel.classList.contains("open"));
    else if (button.id === "page-save") save();
    else if (button.id === "page-theme") kept("theme", root.dataset.theme = dark() ? "light" : "dark");
    else if (button.id === "page-language") speak(languages[(languages.indexOf(root.lang) + 1) % languages.length]);
  });

  // Addresses

  const follow = () => {
    const element = document.getElementById(location.hash.slice(1));
    const home = element && element.closest(".item");
    if (!home) { if (!current) choose(0); return; }
    const index = items.findIndex((item) => item.element === home);
    if (!current || items[index] !== current) choose(index);
    const card = current.by.get(element);
    if (!card) return scrollTo(0, 0);
    if (narrow.matches) open(true);
    pin(card);
    reach(card, false);
  };

  const theme = kept("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if ("guess" in root.dataset) {
    const wanted = (navigator.language || "").slice(0, 2);
    if (languages.includes(wanted) && wanted !== root.lang) speak(wanted);
  }
  addEventListener("hashchange", follow);
  follow();
})();

/* The search box in the header: Pagefind's index of this version, asked by a box of our own.

   The index is fetched when the box is first used. A page opened as a file has no box, for a
   browser lets no file read another. */
(() => {
  "use strict";

  const SHOWN = 10;
  const root = new URL(document.documentElement.dataset.root || "./", location.href);
  const header = document.querySelector(".top > div");
  if (!header || !location.protocol.startsWith("http")) return;

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const input = make("input", { id: "sok", type: "search", placeholder: "Sök enhet, rapport, vecka …", autocomplete: "off", spellcheck: "false", "aria-describedby": "sok-hjalp" });
  const label = make("label", { for: "sok", class: "words" }, "Sök på alla sidor");
  const help = make("span", { id: "sok-hjalp", class: "words" }, "Träffarna visas under rutan medan du skriver. Pil ner går till dem, tabb till område, enhet och period.");
  const said = make("p", { class: "words", role: "status" });
  const narrowing = make("div", { class: "narrowing", role: "group", "aria-label": "Sök bara inom" });
  const results = make("div");
  const panel = make("div", { class: "hits" }, narrowing, results);
  const box = make("div", { class: "search", role: "search" }, label, input, help, said, panel);
  panel.hidden = true;
  header.querySelector("details.menu")?.before(box);

  /* Which index: that of the version the reader is in. What "latest" leads to may change during
     a visit, so its version is asked for once and its own address is used from then on. */

  async function indexPlace() {
    const parts = root.pathname.split("/").filter(Boolean);
    if (parts.at(-1) !== "latest") return new URL("search/", root);
    try {
      const { latest } = await (await fetch(new URL("../versions.json", root))).json();
      return new URL(`../v/${latest}/search/`, root);
    } catch {
      return new URL("search/", root);
    }
  }

  let loading = null;

  function index() {
    loading ??= (async () => {
      const pagefind = await import(new URL("pagefind.js", await indexPlace()).href);
      await pagefind.options({
        noWorker: true,
        // Pages differ in length by how many tables they have, which says nothing of how well
        // they fit; nor does how often they say a word.
        ranking: { pageLength: 0, termFrequency: 0, termSaturation: 0.4 },
      });
      await pagefind.init();
      offer(await pagefind.filters());
      return pagefind;
    })().catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  /* What a search may be narrowed to: area, unit and kind of period, as this version has them. */

  const areas = [...document.querySelectorAll(".areas a")].map((link) => link.textContent);
  const kinds = ["Vecka", "Månad", "Kvartal", "Tertial", "År", "Tolv månader", "Schema"];
  const choices = [["omrade", "Område", areas], ["enhet", "Enhet", []], ["period", "Period", kinds]];
  const clear = make("button", { type: "button", class: "btn" }, "Rensa");

  function offer(filters) {
    narrowing.replaceChildren();
    for (const [name, heading, order] of choices) {
      const place = (value) => (order.includes(value) ? order.indexOf(value) : order.length);
      const values = Object.keys(filters[name] || {}).sort((a, b) => place(a) - place(b) || a.localeCompare(b, "sv"));
      if (values.length < 2) continue;
      const options = values.map((value) => make("option", { value }, value));
      const select = make("select", { id: `sok-${name}`, name }, make("option", { value: "" }, "alla"), ...options);
      narrowing.append(make("div", {}, make("label", { for: select.id }, heading), select));
    }
    clear.hidden = true;
    if (narrowing.children.length) narrowing.append(clear);
  }

  const selects = () => [...narrowing.querySelectorAll("select")];
  const chosen = () => Object.fromEntries(selects().filter(({ value }) => value).map(({ name, value }) => [name, value]));

  narrowing.addEventListener("change", () => answer(true));
  clear.addEventListener("click", () => {
    for (const select of selects()) select.value = "";
    selects()[0].focus();
    answer(true);
  });

  /* Hits: by how well they fit, in steps; within a step in the order that the index was made in. */

  const step = (score, best) => Math.round(Math.log2(best / score));

  /* Without words, everything within what is chosen. */
  async function find(text, filters) {
    const pagefind = await index();
    const { results } = await pagefind.search(text || null, { filters });
    if (!results.length) return { count: 0, hits: [] };
    const ordered = await pagefind.search(text || null, { filters, sort: { ordning: "asc" } });
    const places = new Map(ordered.results.map(({ id }, place) => [id, place]));
    const best = Math.max(...results.map(({ score }) => score));
    const ranked = results
      .map((hit) => ({ hit, step: text ? step(hit.score, best) : 0, place: places.get(hit.id) ?? 0 }))
      .sort((a, b) => a.step - b.step || a.place - b.place);
    // A page that was taken back may still be counted where its version is an old one.
    const said = await Promise.all(ranked.slice(0, SHOWN).map(({ hit }) => hit.data().catch(() => null)));
    const hits = said.filter((each) => each?.meta?.adress);
    return { count: results.length, hits };
  }

  /* What is shown of a hit, with the words that were asked for marked. */

  const plain = (text) => [...text].map((sign) => sign.normalize("NFD")[0].toLocaleLowerCase("sv")).join("");

  function marked(text, words) {
    const signs = [...text];
    const even = plain(text);
    const marks = new Array(signs.length).fill(false);
    for (const word of words) {
      for (let at = even.indexOf(word); at >= 0; at = even.indexOf(word, at + 1)) {
        if (at === 0 || !/[\p{L}\p{N}]/u.test(signs[at - 1])) marks.fill(true, at, at + word.length);
      }
    }
    const parts = [];
    for (let at = 0; at < signs.length; ) {
      const from = at;
      while (at < signs.length && marks[at] === marks[from]) at += 1;
      const part = signs.slice(from, at).join("");
      parts.push(marks[from] ? make("mark", {}, part) : part);
    }
    return parts;
  }

  function item({ meta }, words) {
    const link = make("a", { href: new URL(meta.adress, root) }, make("b", {}, ...marked(meta.title, words)));
    link.append(make("small", {}, ...marked(meta.slag, words)));
    // Where neither heading nor sentence has the words, what on the page does.
    const missing = words.filter((word) => !plain(`${meta.title} ${meta.slag} ${meta.text || ""}`).includes(stem(word)));
    const part = missing.length && (meta.delar || "").split(" | ").find((each) => missing.every((word) => plain(each).includes(stem(word))));
    const text = part ? `På sidan: ${part}` : meta.text;
    if (text) link.append(make("span", {}, ...marked(text, words)));
    return make("li", {}, link);
  }

  // Pagefind knows "väntelistor" for "väntelista"; near enough for finding what it meant.
  const stem = (word) => (word.length > 5 ? word.slice(0, -1) : word);

  let asked = 0;

  /* An empty box is closed by who empties it, and opened by who asks for its choices. */
  async function answer(opened = false) {
    const text = input.value.trim();
    const filters = chosen();
    const within = Object.values(filters).join(" · ");
    const turn = ++asked;
    clear.hidden = !within;
    if (!text && !within && !opened) return close();
    let found;
    try {
      if (text || within) found = await find(text, filters);
      else await index();
    } catch {
      found = null;
    }
    if (turn !== asked) return undefined;
    const words = plain(text).split(/\s+/).filter(Boolean);
    if (found === null) return show("Sökningen kunde inte läsas in. Försök igen om en stund.");
    if (!found) return show("Skriv vad du söker, eller välj.");
    const where = within && ` inom ${within}`;
    if (!found.count) return show(text ? `Inget hittades för ”${text}”${where}.` : `Inget hittades${where}.`);
    const count = found.count === 1 ? "1 träff" : `${found.count} träffar`;
    const first = text ? "bästa" : "första";
    const more = found.count > found.hits.length ? `, de ${found.hits.length} ${first} visas` : "";
    return show(`${count}${where}${more}`, make("ol", {}, ...found.hits.map((hit) => item(hit, words))));
  }

  function show(words, ...hits) {
    said.textContent = words;
    results.replaceChildren(make("p", { "aria-hidden": "true" }, words), ...hits);
    panel.hidden = false;
  }

  function close() {
    panel.hidden = true;
    said.textContent = "";
  }

  /* The box by keyboard: arrows go through the hits, Enter opens the first, Escape closes. */

  function move(event, by) {
    const stops = [input, ...results.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + by];
    // In the choices, arrows choose.
    if (panel.hidden || at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => answer(), 120);
  });
  input.addEventListener("focus", () => void index().catch(() => undefined));
  input.addEventListener("click", () => {
    if (panel.hidden) answer(true);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter") return;
    clearTimeout(waiting);
    await answer();
    results.querySelector("a")?.click();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && panel.hidden) answer(true);
    else if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      input.focus();
      close();
    }
  });
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) close();
  });
  // Where a press on a link gives it no focus, the list would close before the link is followed.
  panel.addEventListener("mousedown", (event) => {
    if (!event.target.closest("select, button")) event.preventDefault();
  });
})();

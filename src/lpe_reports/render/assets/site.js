/* What a page gains when it is read in a browser. Everything it says is there without it.

   Versions and neighbouring periods are read from small files when the page is opened, so that
   pages need not change when something beside them does. Opened as a file, without a web server,
   these parts stay away. What the version itself is (version.js: its night, until when that is
   fresh, kept pages) is there before the page is drawn, so that nothing moves when it is said. */
(() => {
  "use strict";

  const html = document.documentElement;
  const root = new URL(html.dataset.root || "./", location.href);
  const here = decodeURI(location.pathname.slice(root.pathname.length)) || "index.html";
  const served = location.protocol.startsWith("http");
  const edition = globalThis.lpeVersion || {};

  const find = (selector) => document.querySelector(selector);
  const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  async function read(url) {
    if (!served) return null;
    try {
      const answer = await fetch(url);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  function inWords(day) {
    return new Intl.DateTimeFormat("sv-SE", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
  }

  function say(tone, ...content) {
    find("#versionsbesked")?.append(make("div", { class: `notice ${tone}` }, make("p", {}, ...content)));
  }

  /* Versions: which one this is, the others, a permanent address. */

  function publicPlace() {
    const parts = root.pathname.split("/").filter(Boolean);
    if (parts.at(-1) === "latest") return { base: new URL("../", root), id: "latest" };
    if (parts.at(-2) === "v") return { base: new URL("../../", root), id: parts.at(-1) };
    return null;
  }

  const addressIn = (base, id) => new URL(`v/${id}/${here}`, base);

  async function openVersion(base, id) {
    const address = addressIn(base, id);
    const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
    if (answer?.ok) location.assign(address);
    else say("flag", `Sidan finns inte i versionen ${id}. `, make("a", { href: new URL(`v/${id}/`, base) }, "Till den versionens startsida"));
  }

  async function showVersions() {
    const place = publicPlace();
    if (!place || place.id === "latest") tellAge();
    const known = place && (await read(new URL("versions.json", place.base)));
    const latest = known?.latest;
    const current = place?.id === "latest" ? latest : place?.id;
    // An older version is old by nature: that there is a newer one is what its reader must know.
    if (place && place.id !== "latest" && (!latest || current === latest)) tellAge();
    if (!known?.versions?.length) return;
    if (current !== latest) {
      const newest = make("a", { href: new URL(`latest/${here}`, place.base) }, "Gå till den senaste");
      say("flag", `Du läser en äldre version, publicerad ${current}. `, newest, ".");
    }
    const select = make("select");
    for (const version of known.versions) {
      const label = version.id + (version.id === latest ? " (senaste)" : "");
      const option = make("option", { value: version.id }, label);
      option.selected = version.id === current;
      select.append(option);
    }
    select.addEventListener("change", () => openVersion(place.base, select.value));
    find("#version")?.append(make("label", {}, "Version ", select));
    find("#permanent")?.append(" · ", make("a", { href: addressIn(place.base, current) }, "permanent adress"));
  }

  /* The version's night: whether it is old, what stood still in it, pages kept from before. */

  function swedishDay() {
    return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: "Europe/Stockholm" }).format(new Date());
  }

  function tellAge() {
    const { night, fresh_until: until } = edition;
    if (!until || swedishDay() <= until) return;
    const days = Math.round((Date.parse(swedishDay()) - Date.parse(night)) / 86_400_000);
    say("flag old", make("strong", {}, "Uppgifterna är gamla. "), `De går till och med ${inWords(night)}, för ${days} dagar sedan, och skulle ha förnyats senast ${inWords(until)}.`);
  }

  function tellStanding() {
    const tables = edition.standing || [];
    if (!tables.length) return;
    const named = tables.map(({ name, newest }) => (newest ? `${name} (till och med ${inWords(newest)})` : name));
    const list = new Intl.ListFormat("sv-SE").format(named);
    const link = make("a", { href: new URL("datakvalitet/index.html#farskhet", root) }, "Hur färska uppgifterna är");
    say("flag standing", make("strong", {}, "Nya uppgifter saknas. "), `Källan har inte lämnat något nytt om ${list}. Det som bygger på de uppgifterna är äldre än resten. `, link, ".");
  }

  function showNight() {
    if (!edition.night) return;
    tellStanding();
    const kept = edition.kept?.[here];
    if (kept) {
      say("flag", `Sidan kunde inte göras om och visas som den var i versionen ${kept.version}. Så har det varit sedan ${inWords(kept.since)}, därför att ${kept.reason}.`);
    } else {
      find("#uppgifter-till")?.append(` · uppgifter till och med ${inWords(edition.night)}`);
    }
  }

  /* Neighbouring periods, from the file beside the unit's index. */

  async function showNeighbours() {
    const nav = find("#grannar");
    if (!nav) return;
    const name = here.split("/").at(-1);
    const listed = await read(new URL("periods.json", location.href));
    const own = listed?.periods.find((period) => period.href === name);
    if (!own) return;
    const alike = listed.periods.filter((period) => period.kind === own.kind);
    const at = alike.indexOf(own);
    const [later, earlier] = [alike[at - 1], alike[at + 1]];
    if (earlier) nav.append(make("a", { href: earlier.href, rel: "prev" }, `‹ ${earlier.title}`));
    if (later) nav.append(make("a", { href: later.href, rel: "next" }, `${later.title} ›`));
    const side = find("#perioder");
    for (const period of alike.slice(Math.max(0, at - 2), Math.max(0, at - 2) + 5).reverse()) {
      const link = make("a", { href: period.href }, period.title);
      if (period === own) link.setAttribute("aria-current", "page");
      side?.prepend(make("li", {}, link));
    }
  }

  /* Tables: how many periods are shown, sorting, and a scroll box that the keyboard reaches. */

  const periodOrder = (text) => {
    const match = /^(\d{4})(?:-(\d{1,2}))?$/.exec(text.trim());
    return match ? Number(match[1]) * 100 + Number(match[2] || 0) : NaN;
  };

  function periodRows(table) {
    const rows = findAll("tbody tr", table).map((row) => ({ row, order: periodOrder(row.cells[0]?.textContent || "") }));
    const dated = rows.filter(({ order }) => !Number.isNaN(order));
    return dated.length >= rows.length - 1 ? dated : [];
  }

  function periodWord(table) {
    const heading = table.querySelector("thead th").textContent;
    const words = [[/vecka/i, "veckor"], [/månad/i, "månader"], [/^år$/i, "år"]];
    return words.find(([pattern]) => pattern.test(heading))?.[1] || "perioder";
  }

  /* Tables that are longer than their window (data-window) show its rows until asked for more. */
  function showChoiceOfPeriods() {
    const slot = find("#visa");
    const windowed = findAll("main table[data-window]");
    if (!slot || !windowed.length) return;
    const tables = windowed.map(periodRows);
    const least = Math.min(...windowed.map((table) => Number(table.dataset.window)));
    const most = Math.max(...tables.map((rows) => new Set(rows.map(({ order }) => order)).size));
    if (most <= least) return;
    const word = periodWord(windowed[0]);
    const select = make("select");
    for (const count of [least, 13, 26, 52].filter((n) => n >= least && n < most)) {
      select.append(make("option", { value: count }, `${count} ${word}`));
    }
    select.append(make("option", { value: most }, `alla ${most} ${word}`));
    const apply = () => {
      for (const rows of tables) {
        const newest = [...new Set(rows.map(({ order }) => order))].sort((a, b) => b - a);
        const last = newest[Math.min(Number(select.value), newest.length) - 1];
        for (const { row, order } of rows) row.hidden = order < last;
      }
    };
    select.addEventListener("change", apply);
    slot.append(make("label", {}, "Visa ", select));
    apply();
  }

  function sortKey(text) {
    const clean = text.trim().replace(/[\s\u00a0\u202f]/g, "");
    const clock = /^(\d+):(\d\d)$/.exec(clean);
    if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
    const period = periodOrder(text);
    if (!Number.isNaN(period)) return period;
    const number = /^[-−+]?[\d]+(?:,\d+)?/.exec(clean);
    if (number) return Number(number[0].replace("−", "-").replace(",", "."));
    return /^(dold|–|-|)$/.test(clean) ? null : clean.toLocaleLowerCase("sv");
  }

  function compare(a, b) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "sv");
  }

  function makeSortable(table) {
    const headers = findAll("thead tr", table).length === 1 ? findAll("thead th", table) : [];
    const body = table.tBodies[0];
    if (!body || body.rows.length < 4 || findAll("[rowspan],[colspan]", table).length) return;
    for (const [column, header] of headers.entries()) {
      const button = make("button", { type: "button" });
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const down = header.getAttribute("aria-sort") === "ascending";
        for (const other of headers) other.removeAttribute("aria-sort");
        header.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = [...body.rows].map((row) => ({ row, key: sortKey(row.cells[column].textContent), total: row.classList.contains("total") }));
        keyed.sort((a, b) => a.total - b.total || (a.key === null || b.key === null ? compare(a.key, b.key) : (down ? -1 : 1) * compare(a.key, b.key)));
        body.append(...keyed.map(({ row }) => row));
      });
    }
  }

  function reachByKeyboard(box) {
    const name = box.closest("figure")?.querySelector("figcaption")?.firstChild?.textContent
      || box.querySelector("caption")?.textContent
      || box.closest("section")?.querySelector("h2,h3")?.textContent
      || "Tabell";
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", name);
      } else {
        for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
      }
    }).observe(box);
  }

  /* Index pages: a filter over long lists, and the reader's own unit. */

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("sv");

  function makeFilter(list) {
    const items = findAll("[data-row]", list);
    if (items.length < 12) return;
    const input = make("input", { type: "search", autocomplete: "off" });
    const count = make("small", { role: "status" });
    const label = make("label", { class: "find" }, `${list.dataset.filter} `, input, " ", count);
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        const text = plain(item.textContent);
        item.hidden = !words.every((word) => text.includes(word));
        shown += !item.hidden;
      }
      count.textContent = words.length ? `${shown} av ${items.length}` : "";
    });
    list.before(label);
  }

  const memory = {
    get() { try { return localStorage.getItem("lpe.enhet"); } catch { return null; } },
    set(slug) { try { if (slug) localStorage.setItem("lpe.enhet", slug); else localStorage.removeItem("lpe.enhet"); } catch { /* not allowed here */ } },
  };

  function rememberUnit() {
    const slot = find("#min-enhet");
    if (!slot) return;
    if (slot.dataset.unit) {
      const button = make("button", { type: "button", class: "btn" });
      const draw = () => {
        const own = memory.get() === slot.dataset.unit;
        button.textContent = own ? "Min enhet ✓" : "Gör till min enhet";
        button.setAttribute("aria-pressed", String(own));
      };
      button.addEventListener("click", () => {
        memory.set(memory.get() === slot.dataset.unit ? null : slot.dataset.unit);
        draw();
      });
      draw();
      slot.append(button);
      return;
    }
    const own = findAll("[data-unit-links]").find((list) => list.dataset.unitLinks === memory.get());
    if (!own) return;
    const heading = make("h2", {}, "Min enhet: ", own.dataset.name);
    slot.append(make("section", {}, heading, ...[...own.children].map((child) => child.cloneNode(true))));
  }

  function closeOnEscape(event) {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details.files[open], details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }

  document.addEventListener("keydown", closeOnEscape);
  document.addEventListener("click", (event) => {
    for (const open of findAll("details.files[open]")) if (!open.contains(event.target)) open.open = false;
  });
  showChoiceOfPeriods();
  findAll("main .scroll table").forEach(makeSortable);
  findAll(".scroll, .plot").forEach(reachByKeyboard);
  findAll("[data-filter]").forEach(makeFilter);
  rememberUnit();
  showVersions();
  showNight();
  showNeighbours();
})();

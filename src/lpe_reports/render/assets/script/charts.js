/* Charts: a picture that answers when it is pointed at.

   What draws it, and the charts of the page, are fetched when a reader first points at one. The
   drawing takes the picture's place and size, so that nothing moves; where anything fails, the
   picture stays, and the table behind it says the same. */

const MONTHS = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];
const DAYS = ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"];
const SWEDISH = {
  number: { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0kr"] },
  time: {
    dateTime: "%A %-d %B %Y %H:%M", date: "%Y-%m-%d", time: "%H:%M", periods: ["fm", "em"],
    days: DAYS, shortDays: DAYS.map((day) => day.slice(0, 3)),
    months: MONTHS, shortMonths: MONTHS.map((month) => month.slice(0, 3)),
  },
};

const library = once(() => import("./vega.js").then(() => globalThis.vegaEmbed));
const specsOfPage = once(() => read(new URL(`${location.pathname.split("/").at(-1).replace(/\.html$/, "")}/diagram.json`, location.href)));

const pointed = new WeakMap(); // where in each figure, last
const tip = make("div", { id: "diagramtips", hidden: "" });

/* A finger is lifted as soon as it has pointed; what it asked for stays until it does another thing. */
function hideTip(event) {
  if (event?.pointerType !== "touch") tip.hidden = true;
}

/* Beside what is pointed at, on whichever side of it there is room. */
function showTip(event, item, given) {
  // The site's own charts have it ready (charts/pointing.py), the nearest mark's one step further
  // in; an author's chart names its fields.
  const value = item?.datum?.told ?? item?.datum?.datum?.told ?? given;
  const rows = typeof value === "object" && value ? Object.entries(value) : String(value ?? "").split("\n").map((line) => line.split("\t"));
  if (given === null || given === undefined || given === "") {
    hideTip(event);
    return;
  }
  const list = make("div");
  for (const [name, text] of rows) {
    if (name && text !== undefined && text !== "") list.append(make("span", { class: "name" }, name), make("span", {}, String(text)));
    else list.append(make("span", { class: name ? "head" : "also" }, name || text));
  }
  tip.replaceChildren(list);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const [x, y] = [event.clientX, event.clientY];
  tip.style.left = `${Math.max(4, x + 14 + width > innerWidth ? x - width - 14 : x + 14)}px`;
  tip.style.top = `${Math.max(4, Math.min(y + 14, innerHeight - height - 4))}px`;
}

/* The one of a chart's drawings that is seen here: on a phone another may be than elsewhere. */
const shownPlot = (figure) => [...figure.querySelectorAll(".plot")].find((plot) => plot.getClientRects().length) ?? figure.querySelector(".plot");

async function draw(figure, spec, config) {
  const embed = await library();
  const picture = shownPlot(figure).querySelector("svg");
  const stage = make("div", { class: "live" });
  await embed(stage, { config, ...spec }, {
    mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false,
    formatLocale: SWEDISH.number, timeFormatLocale: SWEDISH.time,
    tooltip: (_, event, item, value) => showTip(event, item, value),
  });
  const drawn = stage.querySelector("svg");
  for (const name of ["width", "height", "role", "aria-label"]) {
    if (picture.hasAttribute(name)) drawn.setAttribute(name, picture.getAttribute(name));
  }
  for (const part of drawn.querySelectorAll("[role],[aria-label],[aria-roledescription],[aria-hidden]")) {
    for (const name of ["role", "aria-label", "aria-roledescription", "aria-hidden"]) part.removeAttribute(name);
  }
  drawn.setAttribute("font-family", picture.getAttribute("font-family") || "inherit");
  picture.replaceWith(stage);
  figure.dataset.live = "";
}

/* Who pointed while the chart was fetched need not point again, nor a finger move. */
function pointAgain({ clientX, clientY, pointerType }) {
  const at = document.elementFromPoint(clientX, clientY);
  for (const kind of ["pointerover", "pointermove"]) {
    at?.dispatchEvent(new PointerEvent(kind, { clientX, clientY, pointerType, bubbles: true }));
  }
}

async function enliven(figure) {
  if (!tip.isConnected) document.body.append(tip);
  try {
    const page = await specsOfPage();
    if (page?.made !== html.dataset.made) {
      readAnewWhereNot(page?.made);
      return;
    }
    const narrow = shownPlot(figure).classList.contains("narrow");
    const spec = narrow ? page?.narrow?.[figure.id] : page?.charts[figure.id];
    if (!spec) return;
    await draw(figure, spec, page.config);
    if (pointed.get(figure)) pointAgain(pointed.get(figure));
  } catch {
    figure.dataset.still = "";
  }
}

function answerWhenPointedAt(figure) {
  const begin = once(() => enliven(figure));
  for (const kind of ["pointerenter", "pointerdown", "focusin"]) figure.addEventListener(kind, begin, { passive: true });
  for (const kind of ["pointerenter", "pointermove", "pointerdown"]) {
    figure.addEventListener(kind, (event) => pointed.set(figure, event), { passive: true });
  }
  figure.addEventListener("pointerdown", (event) => { if (event.target.closest(".live")) pointAgain(event); }, { passive: true });
  figure.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") pointed.delete(figure);
    hideTip(event);
  });
}

function makeChartsAnswer() {
  if (!served) return;
  findAll("main figure.chart[id]").forEach(answerWhenPointedAt);
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true, capture: true });
  document.addEventListener("pointerdown", (event) => { tip.hidden ||= !event.target.closest?.(".live"); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
}

/* Reads the page anew when there is something newer, and finds back to where its reader was. */
(() => {
  "use strict";

  const own = JSON.parse(document.currentScript.dataset.lpe);
  const said = document.querySelector("#lpe-mark b");
  const KEY = `lpe.preview ${location.pathname}`;

  // What stands at the window's upper edge: what is above it may grow or shrink meanwhile.
  const marks = () => [...document.querySelectorAll("main [id], main h2, main h3")].filter((each) => each.offsetParent !== null);
  const named = (each) => (each.id ? `#${each.id}` : `${each.tagName} ${each.textContent.trim()}`);

  function remember() {
    const near = marks().reduce((best, each) => {
      const top = each.getBoundingClientRect().top;
      return best && Math.abs(best.top) <= Math.abs(top) ? best : { name: named(each), top };
    }, null);
    const open = [...document.querySelectorAll("main details[open]")].map((each) => [...document.querySelectorAll("main details")].indexOf(each));
    sessionStorage.setItem(KEY, JSON.stringify({ x: scrollX, y: scrollY, near, open }));
  }

  function findBack() {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (!kept) return;
    const { x, y, near, open } = JSON.parse(kept);
    const all = document.querySelectorAll("main details");
    for (const at of open) if (all[at]) all[at].open = true;
    const place = y > 0 && near && marks().find((each) => named(each) === near.name);
    const top = place ? scrollY + place.getBoundingClientRect().top - near.top : y;
    scrollTo({ left: x, top, behavior: "instant" });
  }

  function readAnew() {
    try {
      remember();
    } catch {
      // Nothing may be kept here: the page begins at its top.
    }
    location.reload();
  }

  history.scrollRestoration = "manual";
  if (document.readyState === "complete") findBack();
  else addEventListener("load", findBack);

  const told = new EventSource("/_lpe/events");
  told.addEventListener("message", ({ data }) => {
    const now = JSON.parse(data);
    if (now.since !== own.since || now.number !== own.number) {
      told.close();
      readAnew();
    } else {
      said.textContent = now.making;
    }
  });
  told.addEventListener("error", () => { said.textContent = "Förhandsvisningen svarar inte; den är kanske avslutad."; });
  addEventListener("pagehide", () => told.close());
})();

/* What authors write: parts that become tabs, folded boxes that print whole, code by keyboard.

   Without this script the parts of a tabset stand one after the other, under their headings; so
   they do on paper. */

function chooseTab(tabs, chosen, move) {
  for (const { tab, panel } of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    panel.classList.toggle("behind", !on);
  }
  if (move) chosen.focus();
}

/* Arrow keys, Home and End go from tab to tab (WAI-ARIA, tabs that are chosen as they are reached). */
function moveAmongTabs(tabs, event) {
  const at = tabs.findIndex(({ tab }) => tab === event.target);
  const to = {
    ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at - 1 + tabs.length) % tabs.length,
    Home: 0, End: tabs.length - 1,
  }[event.key];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  chooseTab(tabs, tabs[to].tab, true);
}

function makeTabs(box, number) {
  const panels = [...box.children].filter((child) => child.classList.contains("tab"));
  if (panels.length < 2) return;
  const name = box.closest("section")?.querySelector("h2,h3,h4")?.textContent;
  const list = make("div", { role: "tablist", "aria-label": name || "Flikar" });
  const tabs = panels.map((panel, place) => {
    const heading = panel.querySelector("h2,h3,h4,h5,h6");
    const words = heading?.textContent.trim() || `Del ${place + 1}`;
    const id = `flik-${number + 1}-${place + 1}`;
    const tab = make("button", { type: "button", role: "tab", id, "aria-controls": `${id}-del` }, words);
    const wrapped = make("div", { role: "tabpanel", id: `${id}-del`, "aria-labelledby": id, tabindex: "0", class: "panel" });
    panel.before(wrapped);
    wrapped.append(panel);
    heading?.classList.add("named");
    list.append(tab);
    return { tab, panel: wrapped };
  });
  tabs[0].panel.before(list);
  for (const { tab } of tabs) tab.addEventListener("click", () => chooseTab(tabs, tab));
  list.addEventListener("keydown", (event) => moveAmongTabs(tabs, event));
  chooseTab(tabs, tabs[0].tab);
  const showLinked = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const holding = target && tabs.find(({ panel }) => panel.contains(target));
    if (!holding) return;
    chooseTab(tabs, holding.tab);
    target.scrollIntoView();
  };
  addEventListener("hashchange", showLinked);
  showLinked();
}

function printFoldedWhole() {
  const folded = findAll("main details.notice, main details.fold");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = folded.filter((box) => !box.open);
    for (const box of opened) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of opened) box.open = false;
  });
}

findAll("main .tabs").forEach(makeTabs);
printFoldedWhole();
findAll("main pre").forEach(reachByKeyboard);

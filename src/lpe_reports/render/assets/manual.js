/* What a page of the manual gains in a browser: wide tables and lines that the keyboard
   reaches, and code that is copied with one press. Everything is there without it. */
(() => {
"use strict";

function nameOf(box) {
  return box.querySelector("caption")?.textContent || box.closest("section")?.querySelector("h2,h3,h4")?.textContent || "Table";
}

function reachByKeyboard(box) {
  new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", nameOf(box));
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
    }
  }).observe(box);
}

function makeCopied(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  const box = document.createElement("div");
  box.className = "code";
  code.before(box);
  box.append(code, button);
}

document.querySelectorAll(".scroll, main pre").forEach(reachByKeyboard);
// (A browser lets nobody write to the clipboard from a page that is opened as a file.)
if (navigator.clipboard) document.querySelectorAll("main pre").forEach(makeCopied);
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
})();

/* What happens when a page is opened. */

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
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const files = target.closest?.("details.files[open]");
  if (files && relatedTarget && !files.contains(relatedTarget)) files.open = false;
});
showChoiceOfPeriods();
findAll("main table[data-filters]").forEach(makeFiltered);
findAll("main .scroll table").forEach(makeSortable);
findAll(".scroll, .plot").forEach(reachByKeyboard);
makeChartsAnswer();
findAll("[data-filter]").forEach(makeFilter);
rememberUnit();
waitToTell();
showVersions().then(showNeighbours);
showNight();

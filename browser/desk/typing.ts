/* Is somebody in the middle of something? Then nothing is drawn over it. */
document.addEventListener("input", (event) => {
  (event.target as Element).closest("form")?.setAttribute("data-touched", "");
});

export function isBusy(place: Element | null): boolean {
  if (!place) return false;
  if (place.querySelector("form[data-touched], details.deed[open], details.inline-act[open], form[data-sent]")) return true;
  const focused = document.activeElement;
  return focused !== null && place.contains(focused) && focused.matches("input, textarea, select, [contenteditable]");
}

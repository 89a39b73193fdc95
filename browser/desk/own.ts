/* What is one's own stands within the board and stays when the board is drawn anew; htmx's own way of keeping an element
   writes a style, which the policy forbids. */
let kept: HTMLElement | null = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ target: Element; shouldSwap: boolean }>).detail;
  if (detail.target.id !== "board" || !detail.shouldSwap) return;
  kept = document.getElementById("own");
  kept?.remove();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!kept || (event.target as Element).id !== "board") return;
  document.getElementById("own")?.replaceWith(kept);
  kept = null;
});
export {};

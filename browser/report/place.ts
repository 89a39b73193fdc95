/* The large button under the thumb does what the small one on the map does; it appears only when there is a map. */
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-locate]");
  if (!button) return;
  const map = button.closest("section")?.querySelector("yw-map");
  map?.querySelector<HTMLButtonElement>(".yw-map-tools button")?.click();
  map?.scrollIntoView({ block: "center" });
});

document.addEventListener("yw-pick", () => {
  for (const button of document.querySelectorAll("[data-locate]")) button.classList.add("is-done");
});

/* A suggested kind is a button with data-kind: it chooses in the list of all kinds, a second tap takes it back. */
document.addEventListener("click", (event) => {
  const chip = (event.target as Element).closest<HTMLButtonElement>("[data-kind]");
  const list = document.querySelector<HTMLSelectElement>("#id_category");
  if (!chip || !list) return;
  const chosen = chip.getAttribute("aria-pressed") !== "true";
  list.value = chosen ? (chip.dataset["kind"] ?? "") : "";
  chip.setAttribute("aria-pressed", String(chosen));
  list.dispatchEvent(new Event("change", { bubbles: true }));
});

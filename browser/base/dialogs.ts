/* Native dialogs: `data-opens="id"` on a button opens <dialog id>, `data-closes` closes the one round it.
   A fragment that brings a <dialog data-show> is opened as soon as it arrives. */
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset["opens"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = target.closest("[data-closes]");
  const around = closer?.closest("dialog");
  if (around) {
    event.preventDefault();
    around.close();
  }
});

document.addEventListener("htmx:afterSettle", () => {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[data-show]")) {
    dialog.removeAttribute("data-show");
    dialog.addEventListener("close", () => dialog.remove(), { once: true });
    dialog.showModal();
  }
});

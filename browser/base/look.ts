/* Light or dark without a reload: the form posts the choice anyway when there is no script. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-look]")) return;
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  const look = button?.value ?? "auto";
  event.preventDefault();
  if (look === "auto") delete document.documentElement.dataset["bsTheme"];
  else document.documentElement.dataset["bsTheme"] = look;
  for (const other of form.querySelectorAll<HTMLButtonElement>("[name=look]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  form.closest<HTMLDetailsElement>("details.menu")?.removeAttribute("open");
  const body = new FormData(form);
  body.set("look", look);
  void fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
});

/* A form is sent once: after the first tap its button waits, and says so. Coming back through history frees it. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-look")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
  const button = (event as SubmitEvent).submitter;
  button?.classList.add("btn-loading");
  button?.setAttribute("aria-busy", "true");
});

function free(): void {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    form.removeAttribute("data-sent");
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.classList.remove("btn-loading");
    }
  }
}

window.addEventListener("pageshow", free);
document.addEventListener("htmx:afterRequest", free);

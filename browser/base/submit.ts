/* A form is sent once: after the first tap its button waits, and says so. Coming back through history frees it.
   Without a network nothing is sent: the page stays as it is and says so, instead of the browser's own error page. */
import { note } from "./notes";

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-look")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    note("offline");
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

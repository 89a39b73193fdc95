/* The administrator's pages: their look, and a warning before typed rows are left behind. */
import "./office.css";

const forms = [...document.querySelectorAll<HTMLFormElement>("form.office-kinds, form[data-table]")];

for (const form of forms) {
  form.addEventListener("input", () => form.setAttribute("data-typed", ""));
  form.addEventListener("submit", () => form.removeAttribute("data-typed"));
}

window.addEventListener("beforeunload", (event) => {
  if (forms.some((form) => form.hasAttribute("data-typed"))) event.preventDefault();
});

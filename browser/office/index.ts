/* The administrator's pages: their look, unfolding a table, and a warning before typed rows are left behind. */
import "./office.css";

const forms = [...document.querySelectorAll<HTMLFormElement>("form.office-kinds, form[data-table]")];

for (const form of forms) {
  form.addEventListener("input", () => form.setAttribute("data-typed", ""));
  form.addEventListener("submit", () => form.removeAttribute("data-typed"));
}

window.addEventListener("beforeunload", (event) => {
  if (forms.some((form) => form.hasAttribute("data-typed"))) event.preventDefault();
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-unfold]")) {
  button.addEventListener("click", () => {
    const lines = [...(button.form ?? document).querySelectorAll("details")];
    const open = !lines.every((line) => line.open);
    for (const line of lines) line.open = open;
    const words = button.textContent ?? "";
    button.textContent = button.dataset["other"] ?? words;
    button.dataset["other"] = words;
  });
}

const row = document.querySelector(".office-tabs");
const here = row?.querySelector<HTMLElement>("[aria-current]");
if (row && here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;

/* A page that came back with something to say begins there: data-focus. */
document.querySelector<HTMLElement>("[data-focus]")?.focus();

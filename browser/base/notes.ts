/* Notes are said aloud by the live region that already stands on the page; they can be closed, and stay until then. */
function region(): HTMLElement | null {
  return document.getElementById("flash");
}

/** Show a note whose words the server put into a <template data-note="key"> of the page. */
export function note(key: string): void {
  const words = document.querySelector<HTMLTemplateElement>(`template[data-note="${CSS.escape(key)}"]`);
  const place = region();
  if (!words || !place) return;
  place.replaceChildren(words.content.cloneNode(true));
}

document.addEventListener("yw:note", (event) => {
  note((event as CustomEvent<{ key: string }>).detail.key);
});

document.addEventListener("click", (event) => {
  const closer = (event.target as Element).closest("[data-dismiss]");
  closer?.closest(".note")?.remove();
});

/* <div data-emergency="id_text" data-words='["燃气泄漏", …]' hidden>: shown as soon as the text holds one of the words. */
function watch(said: HTMLElement): void {
  const box = document.getElementById(said.dataset["emergency"] ?? "") as HTMLTextAreaElement | null;
  if (!box) return;
  const words = (JSON.parse(said.dataset["words"] ?? "[]") as string[]).map((word) => word.toLowerCase());
  const look = (): void => {
    const text = box.value.toLowerCase();
    said.hidden = !words.some((word) => text.includes(word));
  };
  box.addEventListener("input", look);
  look();
}

function start(): void {
  for (const said of document.querySelectorAll<HTMLElement>("[data-emergency]:not([data-watched])")) {
    said.setAttribute("data-watched", "");
    watch(said);
  }
}

start();
document.addEventListener("htmx:afterSettle", start);
document.addEventListener("yw-restored", () => {
  for (const said of document.querySelectorAll<HTMLElement>("[data-emergency]")) {
    document.getElementById(said.dataset["emergency"] ?? "")?.dispatchEvent(new Event("input"));
  }
});

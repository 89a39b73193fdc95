/* Words of the map come with the page, in the reader's language: data-words='{"zoomIn": "…"}'. */
export type WordKey =
  | "title"
  | "zoomIn"
  | "zoomOut"
  | "locate"
  | "locating"
  | "located"
  | "locatedAlone"
  | "refused"
  | "refusedAlone"
  | "pin"
  | "picked"
  | "twoFingers"
  | "ctrlScroll"
  | "failed"
  | "points";

export type Words = Partial<Record<WordKey, string>>;

export function readWords(element: HTMLElement): Words {
  const text = element.dataset["words"];
  return text ? (JSON.parse(text) as Words) : {};
}

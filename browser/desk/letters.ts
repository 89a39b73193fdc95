/* Buttons that have a letter: `<button data-key="D">派遣 <kbd>D</kbd></button>`. */
export function pressLetter(key: string, within: ParentNode): boolean {
  if (!/^[a-z0-9]$/i.test(key)) return false;
  const wanted = CSS.escape(key.toUpperCase());
  const buttons = [...within.querySelectorAll<HTMLElement>(`[data-key="${wanted}"]`)];
  const button = buttons.find((one) => one.offsetParent !== null && !one.hasAttribute("disabled"));
  if (!button) return false;
  button.focus();
  button.click();
  /* `toggle` comes a moment later; the next key may be faster. */
  const deed = button.closest<HTMLDetailsElement>("details.deed");
  if (deed?.open) deed.dispatchEvent(new CustomEvent("yw-opened", { bubbles: true }));
  return true;
}

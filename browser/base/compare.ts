/* <yw-compare>: two figures, before and after, with a slider between them. Without script they stand side by side. */
class Compare extends HTMLElement {
  connectedCallback(): void {
    const slider = this.querySelector<HTMLInputElement>('input[type="range"]');
    if (!slider || this.querySelectorAll("figure").length !== 2) return;
    this.classList.add("ready");
    const move = (): void => this.style.setProperty("--split", `${slider.value}%`);
    slider.addEventListener("input", move);
    move();
  }
}

customElements.define("yw-compare", Compare);

/* <yw-later><template>…</template></yw-later>: made when it is first seen. A map within a closed form or a dialog
   would else be measured before it has a size. */
class Later extends HTMLElement {
  private watcher: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.watcher = new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) this.make();
    });
    this.watcher.observe(this);
  }

  disconnectedCallback(): void {
    this.watcher?.disconnect();
  }

  private make(): void {
    this.watcher?.disconnect();
    const template = this.querySelector("template");
    if (template) template.replaceWith(template.content.cloneNode(true));
  }
}

if (!customElements.get("yw-later")) customElements.define("yw-later", Later);

import type { Page } from "@playwright/test";

/** Smallest side of what can be pressed, in CSS pixels (WCAG 2.2, 2.5.8). */
const TARGET = 24;

/** Edges that are dragged are not among them: they are thin, and a menu or keys do the same. */
const PRESSED = 'button, select, input:not([type="hidden"]), [role="tab"], [role="menuitem"], [role="slider"]';

/** What holds the user's own words, the server's or a key's name. */
const DATA = 'bdi, code, pre, kbd, time, textarea, script, style, [lang="en"], .mono, .selectable, .manual';

/** Controls that are too small to be hit; what a label surrounds is as large as the label. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ pressed, target }) => {
      const small: string[] = [];
      for (const element of document.querySelectorAll<HTMLElement>(pressed)) {
        const hit = element.closest("label") ?? element;
        const { width, height } = hit.getBoundingClientRect();
        if (!element.checkVisibility({ visibilityProperty: true }) || width === 0 || element.closest("[inert]")) continue;
        if (Math.min(width, height) < target - 0.5) {
          small.push(`${hit.outerHTML.slice(0, 140)}: ${width.toFixed(1)} × ${height.toFixed(1)}`);
        }
      }
      return small;
    },
    { pressed: PRESSED, target: TARGET },
  );
}

/**
 * Words outside the brackets that the pseudo-locale sets around every message. Names and other
 * data stand in elements of their own, which are left out; so are names that are the same in every
 * language.
 */
export function outsideOfMessages(page: Page, names: RegExp): Promise<string[]> {
  return page.evaluate(
    ({ data, known, flags }) => {
      const name = new RegExp(known, flags);
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = new Set<string>();
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const element = node.parentElement;
        if (!element?.checkVisibility({ visibilityProperty: true }) || element.closest(data)) continue;
        const words = (node.textContent ?? "").replace(/⟦[^⟧]*⟧/g, " ").replace(name, " ");
        if (/\p{L}{2,}/u.test(words)) found.add(words.trim().slice(0, 80));
      }
      return [...found];
    },
    { data: DATA, known: names.source, flags: "gu" },
  );
}

/** Texts that must be read whole and are cut off: on controls, headings and wherever it is asked for. */
export function clippedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const whole = 'button, label, h1, h2, h3, [role="tab"], [role="menuitem"], [data-noclip]';
    const clipped: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(whole)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest("[inert]")) continue;
      const style = getComputedStyle(element);
      // What may be shortened says so with an ellipsis and has its whole text in a tooltip.
      if (style.textOverflow === "ellipsis" || element.querySelector(".ellipsis, bdi")) continue;
      if (element.matches(".visually-hidden, .visually-hidden *") || element.clientWidth <= 1) continue;
      if (element.scrollWidth > element.clientWidth + 1) {
        clipped.push(`${element.textContent?.trim().slice(0, 60)}: ${element.scrollWidth} in ${element.clientWidth}`);
      }
    }
    const beyond = document.documentElement.scrollWidth - window.innerWidth;
    if (beyond > 0) {
      const all = [...document.querySelectorAll("body *")];
      const widest = all.filter((one) => one.getBoundingClientRect().right > window.innerWidth + 0.5).at(-1);
      clipped.push(`the window: ${beyond} px beyond its edge: ${widest?.outerHTML.slice(0, 200)}`);
    }
    return clipped;
  });
}

import { flushSync, mount, unmount } from "svelte";
import type { Piece } from "$shared/display";
import RowModel from "./RowModel.svelte";

/** What lines are made of, to be cloned. */
type Models = ReadonlyMap<string, HTMLElement>;

let models: Models | null = null;

/** Draws the models once, where nobody sees them. */
function drawn(): Models {
  const target = document.createElement("div");
  const model = mount(RowModel, { target });
  flushSync();
  const found = [...target.querySelectorAll<HTMLElement>("[data-model]")].map(
    (element): [string, HTMLElement] => [element.dataset.model ?? "", cloned(element)],
  );
  void unmount(model);
  for (const [, element] of found) delete element.dataset.model;
  return new Map(found);
}

/** A new element like the model of this name. */
export function part(name: string): HTMLElement {
  models ??= drawn();
  const model = models.get(name);
  if (!model) throw new Error(`no model of ${name}`);
  return cloned(model);
}

const cloned = (element: HTMLElement) => element.cloneNode(true) as HTMLElement;

/** A place for text that remembers what it says: writing what stands there costs a layout. */
export class TextPart {
  readonly #element: Element;
  #plain: Text | null = null;

  constructor(element: Element) {
    this.#element = element;
  }

  say(text: string): void {
    if (this.#plain === null) {
      this.#plain = document.createTextNode(text);
      this.#element.replaceChildren(this.#plain);
    } else if (this.#plain.data !== text) this.#plain.data = text;
  }

  /** Text in which some pieces stand for what cannot be seen. */
  spell(pieces: readonly Piece[]): void {
    const [only] = pieces;
    if (pieces.length === 0) this.#put();
    else if (pieces.length === 1 && only && !only.mark) this.say(only.text);
    else this.#put(...pieces.map((piece) => (piece.mark ? marked(piece.text) : piece.text)));
  }

  /** An element instead of text. */
  hold(element: Element): void {
    this.#put(element);
  }

  #put(...nodes: (Node | string)[]): void {
    this.#plain = null;
    this.#element.replaceChildren(...nodes);
  }
}

function marked(text: string): HTMLElement {
  const mark = part("mark");
  mark.textContent = text;
  return mark;
}

/** Typing letters jumps to the row that starts with them. */

/** A pause after which typing starts anew, in milliseconds. */
const PAUSE = 900;

export class TypeAhead {
  #text = "";
  #last = Number.NEGATIVE_INFINITY;

  /** One more character, typed at `now`; returns what has been typed so far. */
  push(character: string, now: number): string {
    this.#text = now - this.#last > PAUSE ? character : this.#text + character;
    this.#last = now;
    return this.#text;
  }

  /** A space belongs to the name while one is being typed. */
  isTyping(now: number): boolean {
    return this.#text !== "" && now - this.#last <= PAUSE;
  }
}

/** Key order is the order of UTF-8 bytes, that is of code points, not of UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [x, y] = [left.next(), right.next()];
    if (x.done || y.done) return Number(y.done ?? false) - Number(x.done ?? false);
    const difference = (x.value.codePointAt(0) ?? 0) - (y.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
}

import { accounts } from "$app/accounts.svelte";
import { providerBadge } from "$shared/dialect";
import { visible } from "$shared/display";
import { keep, restored } from "./session";
import { accountOf, restoreSpot, type Spot, sameSpot } from "./spot";

/** Recent places kept; the menu is not longer than a screen. */
const RECENTS = 15;

/** Bookmarked and recent places. The address bar and the palette offer them. */
class Places {
  bookmarks = $state.raw<Spot[]>([]);
  /** The latest first. */
  recents = $state.raw<Spot[]>([]);
  #restored = $state<"no" | "restoring" | "yes">("no");

  isBookmarked(spot: Spot): boolean {
    return this.bookmarks.some((known) => sameSpot(known, spot));
  }

  toggle(spot: Spot): void {
    const rest = this.bookmarks.filter((known) => !sameSpot(known, spot));
    this.bookmarks = rest.length < this.bookmarks.length ? rest : [...rest, spot];
  }

  /** Remembers a level of a bucket as the place visited last. */
  visit(spot: Spot): void {
    if (spot.kind !== "objects") return;
    const [latest] = this.recents;
    if (latest && sameSpot(latest, spot)) return;
    const rest = this.recents.filter((known) => !sameSpot(known, spot));
    this.recents = [spot, ...rest].slice(0, RECENTS);
  }

  /** `COS · Prod ▸ bucket/prefix/`: enough to tell two places apart. */
  labelOf(spot: Spot): string {
    const account = accounts.find(accountOf(spot) ?? "");
    const name = account ? `${providerBadge(account.dialect)} · ${account.name}` : "";
    if (spot.kind !== "objects") return name;
    return `${name} ▸ ${visible(`${spot.place.bucket}/${spot.place.prefix}`)}`;
  }

  /** Once per run; places of accounts that are gone are left out. */
  async restore(): Promise<void> {
    if (this.#restored !== "no") return;
    this.#restored = "restoring";
    const kept = (await restored("places")) as Partial<Record<string, unknown>> | null;
    this.bookmarks = readSpots(kept?.bookmarks);
    this.recents = readSpots(kept?.recents);
    this.#restored = "yes";
  }

  /** Made for `$effect`. */
  keep(): void {
    const { bookmarks, recents } = this;
    if (this.#restored === "yes") keep("places", { bookmarks, recents });
  }
}

function readSpots(kept: unknown): Spot[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((one) => restoreSpot(one, accounts.list) ?? []);
}

export const places = new Places();

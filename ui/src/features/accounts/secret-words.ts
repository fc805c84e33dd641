import type { SecretPlace } from "$ipc";
import { m } from "$messages";

/** Where a secret is, in words. */
export function secretPlaceWord(place: SecretPlace): string {
  switch (place) {
    case "keyring":
      return m.secret_in_keyring();
    case "this_run":
      return m.secret_this_run();
    case "missing":
      return m.secret_missing();
    case "demo":
      return m.secret_demo();
  }
}

import { appState } from "$app/state.svelte";
import { toasts } from "$app/toasts.svelte";
import { errorOf, type Settings } from "$ipc";
import { m } from "$messages";
import { takenBack } from "./taken-back";

/** Applies a change at once, and offers to take it back. */
export function change(part: Partial<Settings>, name: string): void {
  const before = copyOf(appState.settings);
  const changed = copyOf(part);
  apply(part, () => {
    toasts.say(m.setting_changed({ name }), {
      action: {
        label: m.undo(),
        run: () => apply(takenBack(changed, before, copyOf(appState.settings))),
      },
    });
  });
}

function apply(part: Partial<Settings>, then: () => void = () => {}): void {
  appState.change(part).then(then, (cause) => toasts.fail(errorOf(cause)));
}

/** A value that later changes of the settings do not touch. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

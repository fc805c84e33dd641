import { appState } from "$app/state.svelte";
import { toasts } from "$app/toasts.svelte";
import { errorOf, type Settings } from "$ipc";
import { m } from "$messages";

/** Applies a change at once, and offers to take it back. */
export function change(part: Partial<Settings>, name: string): void {
  const before: Partial<Settings> = {};
  for (const key of Object.keys(part) as (keyof Settings)[]) {
    Object.assign(before, { [key]: copyOf(appState.settings[key]) });
  }
  apply(part, () => {
    toasts.say(m.setting_changed({ name }), {
      action: { label: m.undo(), run: () => apply(before) },
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

import { accounts } from "$app/accounts.svelte";
import { router } from "$app/router.svelte";
import { toasts } from "$app/toasts.svelte";
import { type Goal, goalOf } from "$features/browse/goal";
import { panes } from "$features/browse/panes.svelte";
import { type DesktopCall, windowError } from "$ipc";
import { m } from "$messages";
import { visible } from "$shared/display";
import { leaving } from "./leaving.svelte";

/** Does what the desktop asks for: a link that was clicked, a notification, the close button. */
export function heed(call: DesktopCall): void {
  if (call.call === "ask_to_leave") leaving.ask(call.running);
  else if (call.call === "open_job") router.go("transfers", call.job);
  else openAddress(call.address);
}

/** Opens a link's place in the pane that is in use. The link comes from another program. */
function openAddress(address: string): void {
  const goal = goalOf(address, null, null, accounts.list);
  if (typeof goal === "string") refuse(goal, visible(address));
  else void open(goal);
}

async function open(goal: Goal): Promise<void> {
  router.go("browse");
  await panes.go(goal.spot, goal.standOn);
}

function refuse(why: "unreadable" | "no_account", address: string): void {
  const say = why === "no_account" ? m.handed_no_account : m.handed_unreadable;
  toasts.fail(windowError("link", say({ address })));
}

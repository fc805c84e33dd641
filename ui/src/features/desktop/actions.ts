import LogOut from "@lucide/svelte/icons/log-out";
import type { Action } from "$app/actions.svelte";
import { m } from "$messages";
import { leaving } from "./leaving.svelte";

export const desktopActions: Action[] = [
  {
    id: "desktop.quit",
    label: m.leave_action,
    icon: LogOut,
    keys: ["Mod+Q"],
    run: () => leaving.quit(),
  },
];

import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import Columns2 from "@lucide/svelte/icons/columns-2";
import History from "@lucide/svelte/icons/history";
import KeyRound from "@lucide/svelte/icons/key-round";
import Settings from "@lucide/svelte/icons/settings";
import { m } from "$messages";
import type { Action } from "./actions.svelte";
import { enterScreen } from "./regions";
import { router, type Screen } from "./router.svelte";

/** Going to a screen is an action like any other; the rail draws these in this order. */
export interface ScreenAction extends Action {
  screen: Screen;
}

function goTo(screen: Screen, label: () => string, icon: Action["icon"], keys: string[]) {
  const run = () => {
    router.go(screen);
    void enterScreen();
  };
  return { id: `go.${screen}`, screen, label, icon, keys, run };
}

export const screenActions: ScreenAction[] = [
  goTo("browse", m.nav_browse, Columns2, ["Mod+B"]),
  goTo("transfers", m.nav_transfers, ArrowLeftRight, ["Mod+J"]),
  goTo("history", m.nav_history, History, ["Mod+H"]),
  goTo("accounts", m.nav_accounts, KeyRound, []),
  goTo("settings", m.nav_settings, Settings, ["Mod+,"]),
];

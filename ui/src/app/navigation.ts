import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Columns2 from "@lucide/svelte/icons/columns-2";
import Eraser from "@lucide/svelte/icons/eraser";
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
  return { id: `go.${screen}`, group: "screens" as const, screen, label, icon, keys, run };
}

export const screenActions: ScreenAction[] = [
  goTo("browse", m.nav_browse, Columns2, ["Mod+B"]),
  goTo("transfers", m.nav_transfers, ArrowLeftRight, ["Mod+Shift+J"]),
  goTo("history", m.nav_history, History, ["Mod+H"]),
  goTo("incomplete", m.nav_incomplete, Eraser, ["Mod+Shift+U"]),
  goTo("accounts", m.nav_accounts, KeyRound, []),
  goTo("settings", m.nav_settings, Settings, ["Mod+,"]),
  goTo("help", m.nav_help, CircleQuestionMark, ["F1"]),
];

import ArrowLeftRight from "@lucide/svelte/icons/arrow-left-right";
import CopyMinus from "@lucide/svelte/icons/copy-minus";
import PanelRightClose from "@lucide/svelte/icons/panel-right-close";
import PanelRightOpen from "@lucide/svelte/icons/panel-right-open";
import Plus from "@lucide/svelte/icons/plus";
import X from "@lucide/svelte/icons/x";
import { tick } from "svelte";
import type { Action } from "$app/actions.svelte";
import { m } from "$messages";
import { browseAction, IN_LIST, pane, unless } from "./act";
import { panes } from "./panes.svelte";

const strip = () => panes.strips[panes.active];

/** The tab that was in front took the focus away with it. */
async function focusFront(change?: Promise<void> | void): Promise<void> {
  await tick();
  strip().current.view?.focus();
  await change;
}
const both = () => unless(!panes.single, m.browse_show_both_first);

export const newTab = browseAction({
  id: "browse.tab-new",
  label: m.browse_tab_new,
  icon: Plus,
  keys: ["Mod+T"],
  run: () => void focusFront(strip().add(pane().spot)),
});

export const closeTab = browseAction({
  id: "browse.tab-close",
  label: m.browse_tab_close,
  icon: X,
  keys: ["Mod+W"],
  blocked: () => unless(strip().canClose, m.browse_tab_last),
  run: () => void focusFront(strip().close(strip().at)),
});

/** Mod+1 to Mod+8 by place, Mod+9 the last one: as browsers do it. */
const showTabs: Action[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => {
  const at = () => (number === 9 ? strip().list.length : number) - 1;
  return browseAction({
    id: `browse.tab-${number}`,
    label: () => (number === 9 ? m.browse_tab_show_last() : m.browse_tab_show({ n: number })),
    keys: [`Mod+${number}`],
    blocked: () => unless(strip().list[at()] !== undefined, m.browse_tab_none),
    run: () => void focusFront(strip().show(at())),
  });
});

export const swapPanes = browseAction({
  id: "browse.swap",
  label: m.browse_swap,
  icon: ArrowLeftRight,
  keys: ["Mod+U"],
  blocked: both,
  run: () => void focusFront(panes.swap()),
});

export const samePlace = browseAction({
  id: "browse.same-place",
  label: m.browse_same_place,
  icon: CopyMinus,
  keys: ["Mod+Shift+O"],
  blocked: both,
  run: () => void panes.other.go(pane().spot),
});

export const singlePane: Action = browseAction({
  id: "browse.single-pane",
  label: () => (panes.single ? m.browse_show_both() : m.browse_single_pane()),
  keys: ["Mod+Shift+P"],
  get icon() {
    return panes.single ? PanelRightOpen : PanelRightClose;
  },
  run: () => {
    panes.single = !panes.single;
    void focusFront();
  },
});

/** In the Commander tradition Tab is the way to the other side. */
export const switchSide = browseAction({
  id: "browse.other-side",
  label: m.browse_other_side,
  keys: { explorer: [], commander: ["Tab"] },
  within: IN_LIST,
  blocked: both,
  run: () => panes.switchSide(),
});

export const sideActions = [
  newTab,
  closeTab,
  ...showTabs,
  swapPanes,
  samePlace,
  singlePane,
  switchSide,
];

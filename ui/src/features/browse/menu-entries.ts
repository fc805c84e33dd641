import { type Action, hintOf } from "$app/actions.svelte";
import { m } from "$messages";
import type { MenuEntry } from "$shared/menu";
import { menuPlan } from "./actions";
import { columnLabel } from "./column-words";
import { columnsOf } from "./columns";
import { layouts } from "./layouts.svelte";
import { remove } from "./object-actions";
import type { Pane } from "./pane.svelte";
import { places } from "./places.svelte";
import { sameSpot } from "./spot";

function entryOf(action: Action): MenuEntry {
  return {
    kind: "item",
    id: action.id,
    label: action.label(),
    icon: action.icon,
    shortcut: hintOf(action) ?? undefined,
    reason: action.blocked?.() ?? null,
    danger: action === remove,
    run: action.run,
  };
}

/** The menu of the lines. */
export function lineEntries(): MenuEntry[] {
  return menuPlan.map((plan): MenuEntry => {
    if (plan === "line") return { kind: "separator" };
    if (!("actions" in plan)) return entryOf(plan);
    const { id, actions } = plan;
    const [first] = actions;
    const entries = actions.map(entryOf);
    return { kind: "menu", id, label: m.browse_addresses(), icon: first?.icon, entries };
  });
}

/** The menu of the column heads. */
export function columnEntries(pane: Pane): MenuEntry[] {
  const { shown } = layouts.of(pane.spot);
  const columns = columnsOf(pane.spot).map((column): MenuEntry => {
    const name = { column: columnLabel(column, pane.spot) };
    const label = shown.includes(column) ? m.browse_column_hide(name) : m.browse_column_show(name);
    const run = () => layouts.toggle(pane.spot, column);
    return { kind: "item", id: `column.${column}`, label, run };
  });
  const reset = () => layouts.reset(pane.spot);
  return [
    ...columns,
    { kind: "separator" },
    { kind: "item", id: "column.reset", label: m.browse_columns_reset(), run: reset },
  ];
}

/** Bookmarks and recent places, each leading there. */
export function placeEntries(pane: Pane, bookmark: Action): MenuEntry[] {
  const to = (group: string) => (spot: (typeof places.bookmarks)[number], at: number) =>
    ({
      kind: "item",
      id: `${group}.${at}`,
      label: places.labelOf(spot),
      run: () => void pane.go(spot),
    }) satisfies MenuEntry;
  const { bookmarks } = places;
  const recents = places.recents.filter((spot) => !sameSpot(spot, pane.spot));
  return [
    entryOf(bookmark),
    ...section(m.browse_bookmarks(), bookmarks.map(to("bookmark"))),
    ...section(m.browse_recents(), recents.map(to("recent"))),
  ];
}

function section(label: string, entries: MenuEntry[]): MenuEntry[] {
  return entries.length === 0
    ? []
    : [{ kind: "separator" }, { kind: "heading", label }, ...entries];
}

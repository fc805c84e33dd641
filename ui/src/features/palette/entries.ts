import { accounts } from "$app/accounts.svelte";
import { type Action, hintOf, reachable } from "$app/actions.svelte";
import { jobStore } from "$app/jobs.svelte";
import { router } from "$app/router.svelte";
import { panes } from "$features/browse/panes.svelte";
import { places } from "$features/browse/places.svelte";
import { type Spot, sameSpot } from "$features/browse/spot";
import { settingIndex, showSetting } from "$features/settings/index.svelte";
import { providerBadge } from "$shared/dialect";
import { visible } from "$shared/display";
import { showJob } from "$shared/job-state";
import type { Entry } from "./search";

/** Everything the palette finds; read from memory alone, so it is there at once. */
export function entries(): Entry[] {
  return [...actionEntries(), ...placeEntries(), ...jobEntries(), ...settingEntries()];
}

function actionEntries(): Entry[] {
  return reachable()
    .filter((action) => !action.id.startsWith("palette."))
    .map(actionEntry);
}

function actionEntry(action: Action): Entry {
  return {
    id: `action ${action.id}`,
    kind: "action",
    title: action.label(),
    detail: "",
    hint: hintOf(action),
    reason: action.blocked?.() ?? null,
    icon: action.icon ?? null,
    run: action.run,
  };
}

function placeEntries(): Entry[] {
  const known = [...places.bookmarks, ...places.recents];
  const spots = known.filter((spot, at) => known.findIndex((one) => sameSpot(one, spot)) === at);
  const ofAccounts = accounts.list.map((account): Entry => {
    const spot: Spot = { kind: "buckets", account: account.id };
    const title = `${providerBadge(account.dialect)} · ${account.name}`;
    return { ...place(`account ${account.id}`, title, account.region, spot), kind: "account" };
  });
  const buckets = new Map<string, Spot>();
  for (const spot of spots) {
    if (spot.kind === "objects")
      buckets.set(bucketId(spot), { ...spot, place: { ...spot.place, prefix: "" } });
  }
  for (const account of accounts.list) {
    for (const bucket of account.named_buckets) {
      const at = { account: account.id, bucket, prefix: "", region: null };
      const spot = { kind: "objects", place: at } as const;
      if (!buckets.has(bucketId(spot))) buckets.set(bucketId(spot), spot);
    }
  }
  const all = [
    ...spots,
    ...[...buckets.values()].filter((spot) => !spots.some((one) => sameSpot(one, spot))),
  ];
  const ofSpots = all.map((spot) =>
    place(`place ${JSON.stringify(spot)}`, places.labelOf(spot), "", spot),
  );
  return [...ofSpots, ...ofAccounts];
}

const bucketId = (spot: Extract<Spot, { kind: "objects" }>) =>
  `${spot.place.account}/${spot.place.bucket}`;

function place(id: string, title: string, detail: string, spot: Spot): Entry {
  return {
    id,
    kind: "place",
    title,
    detail,
    hint: null,
    reason: null,
    icon: null,
    run: () => {
      router.go("browse");
      void panes.go(spot);
    },
  };
}

function jobEntries(): Entry[] {
  return jobStore.list.map((job) => {
    const shown = showJob(job);
    return {
      id: `job ${job.id}`,
      kind: "job",
      title: `#${job.id} ${visible(job.title)}`,
      detail: shown.word,
      hint: null,
      reason: null,
      icon: shown.icon,
      run: () => router.go("transfers", job.id),
    };
  });
}

function settingEntries(): Entry[] {
  return settingIndex().map((setting) => ({
    id: `setting ${setting.id}`,
    kind: "setting",
    title: setting.label,
    detail: setting.section,
    hint: null,
    reason: null,
    icon: null,
    run: () => showSetting(setting.id),
  }));
}

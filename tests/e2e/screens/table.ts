import { all, at, choose, click, clickJob, focus, press, rail, sees, selects, shows, type Way } from "./ways";
import type { WorldName } from "./worlds";

/** A screen in one of its states, and how one gets there from a freshly opened window. */
export interface Screen {
  name: string;
  state: "empty" | "loading" | "partial" | "error" | "full";
  world: WorldName;
  reach: Way;
}

const cos = (path: string) => `cos://Demo COS@${path}`;
const genome = all(at("left", cos("datasets-1250000000/genome/")), shows("left", "sample-0001.bam"));
const photos = all(at("left", cos("photos-1250000000/")), shows("left", "readme.txt"));
const versions = all(at("left", cos("versions-1250000000/")), shows("left", "report.txt"));
const backup = at("right", cos("backup-1250000000/"));
const pasted = all(press("Control+c"), focus("right"), press("Control+Shift+v"));
const menu = press("Shift+F10");

/** Opens an entry of the menu of the readme. */
const asked = (action: string, dialog: string) =>
  all(photos, selects("left", "readme.txt"), menu, choose(action), sees(dialog));

/** A tab of the details of an object. */
const details = (way: Way, name: string, tab: string) => all(way, selects("left", name), press("Control+i"), sees("details"), click(`tab-${tab}`));

/** A job of the list, with one of the tabs of its details in front. */
const job = (state: string, tab: string) => all(rail("transfers"), clickJob(state), click(`tab-${tab}`));

/** Every screen. A new one is a line; pictures, axe and all other looks follow by themselves. */
export const screens: Screen[] = [
  { name: "first-run", state: "empty", world: "fresh", reach: sees("try-demo") },
  { name: "transfers", state: "empty", world: "fresh", reach: rail("transfers") },
  { name: "history", state: "empty", world: "fresh", reach: rail("history") },
  { name: "incomplete", state: "empty", world: "fresh", reach: rail("incomplete") },
  { name: "accounts", state: "empty", world: "fresh", reach: rail("accounts") },
  { name: "settings", state: "full", world: "fresh", reach: rail("settings") },
  { name: "help", state: "full", world: "fresh", reach: all(rail("help"), sees("manual")) },

  { name: "buckets", state: "full", world: "demo", reach: shows("left", "datasets-1250000000") },
  { name: "browse", state: "empty", world: "demo", reach: all(genome, backup) },
  { name: "browse", state: "full", world: "demo", reach: all(photos, backup, selects("left", "readme.txt", "说明.md")) },
  { name: "browse-odd-keys", state: "full", world: "demo", reach: at("left", cos("odd-keys-1250000000/")) },
  { name: "browse-menu", state: "full", world: "demo", reach: all(photos, selects("left", "readme.txt"), menu) },
  { name: "browse-filter", state: "full", world: "demo", reach: all(photos, focus("left"), press("Control+f"), sees("filter-left")) },
  { name: "details-info", state: "full", world: "demo", reach: details(genome, "sample-0001.bam", "info") },
  { name: "details-metadata", state: "full", world: "demo", reach: all(details(genome, "sample-0001.bam", "metadata"), sees("metadata-save")) },
  { name: "details-versions", state: "full", world: "demo", reach: details(versions, "report.txt", "versions") },
  { name: "details-tags", state: "full", world: "demo", reach: details(genome, "sample-0001.bam", "tags") },
  { name: "details-acl", state: "full", world: "demo", reach: details(photos, "readme.txt", "acl") },
  { name: "details-preview", state: "full", world: "demo", reach: all(details(photos, "readme.txt", "preview"), click("preview-show"), sees("preview-text")) },
  { name: "quick-info", state: "full", world: "demo", reach: all(photos, selects("left", "readme.txt"), press("Space"), sees("quick-info")) },
  { name: "delete", state: "full", world: "demo", reach: asked("object.delete", "delete-dialog") },
  { name: "rename", state: "full", world: "demo", reach: asked("object.rename", "rename-dialog") },
  { name: "storage-class", state: "full", world: "demo", reach: asked("object.class", "class-dialog") },
  { name: "tags", state: "full", world: "demo", reach: asked("object.tags", "tags-dialog") },
  { name: "acl", state: "full", world: "demo", reach: asked("object.acl", "acl-dialog") },
  { name: "link", state: "full", world: "demo", reach: all(photos, selects("left", "readme.txt"), menu, choose("browse.addresses"), choose("object.presign"), sees("link-dialog"), click("link-make"), sees("link-url")) },
  { name: "new-folder", state: "full", world: "demo", reach: all(photos, press("Control+Shift+N"), sees("folder-dialog")) },
  { name: "copy", state: "full", world: "demo", reach: all(backup, genome, selects("left", "sample-0001.bam", "sample-0002.bam"), pasted, sees("plan-objects")) },
  { name: "accounts", state: "full", world: "demo", reach: all(rail("accounts"), sees("account")) },
  { name: "account-wizard", state: "empty", world: "demo", reach: all(rail("accounts"), click("add-account-accounts"), sees("account-dialog")) },
  { name: "account-keys", state: "empty", world: "demo", reach: all(rail("accounts"), click("add-account-accounts"), click("account-next"), sees("account-secret-key")) },
  { name: "incomplete", state: "full", world: "demo", reach: all(rail("incomplete"), sees("upload")) },
  { name: "palette", state: "full", world: "demo", reach: all(sees("pane-left"), press("Control+k"), sees("palette")) },
  { name: "shortcuts", state: "full", world: "demo", reach: all(sees("pane-left"), press("?"), sees("shortcut-sheet")) },

  { name: "buckets", state: "loading", world: "slow", reach: sees("pane-left") },
  { name: "incomplete", state: "loading", world: "slow", reach: rail("incomplete") },
  { name: "buckets", state: "error", world: "broken", reach: all(at("left", "obs://Demo OBS@"), sees("error-box")) },
  { name: "browse", state: "partial", world: "broken", reach: all(at("left", cos("million-1250000000/")), sees("row")) },
  { name: "browse", state: "error", world: "broken", reach: all(at("left", "s3://Demo S3@datasets-demo/"), sees("error-box")) },

  { name: "transfers-parts", state: "full", world: "busy", reach: all(rail("transfers"), clickJob("copying", "sample-0001.bam"), click("tab-parts")) },
  { name: "transfers-throughput", state: "full", world: "busy", reach: job("copying", "throughput") },
  { name: "transfers-objects", state: "full", world: "busy", reach: job("done_with_failures", "objects") },
  { name: "transfers-events", state: "full", world: "busy", reach: job("copying", "events") },
  { name: "transfers-conflict", state: "full", world: "busy", reach: job("waiting", "parts") },
  { name: "transfers", state: "error", world: "busy", reach: job("failed", "parts") },
  { name: "browse-drawer", state: "full", world: "busy", reach: all(sees("pane-left"), press("Control+j")) },
  { name: "history", state: "full", world: "busy", reach: all(rail("history"), sees("history-row")) },
  { name: "transfers", state: "partial", world: "interrupted", reach: all(rail("transfers"), sees("job")) },
];

import { tick } from "svelte";
import { router } from "$app/router.svelte";
import { m } from "$messages";

export type SectionId =
  | "general"
  | "transfers"
  | "network"
  | "prices"
  | "notifications"
  | "shortcuts"
  | "security"
  | "data"
  | "diagnostics"
  | "about";

/** The sections in their order. */
export const SECTIONS: { id: SectionId; title: () => string }[] = [
  { id: "general", title: m.settings_general },
  { id: "transfers", title: m.settings_transfers },
  { id: "network", title: m.settings_network },
  { id: "prices", title: m.settings_prices },
  { id: "notifications", title: m.settings_notifications },
  { id: "shortcuts", title: m.settings_shortcuts },
  { id: "security", title: m.settings_security },
  { id: "data", title: m.settings_data },
  { id: "diagnostics", title: m.settings_diagnostics },
  { id: "about", title: m.settings_about },
];

interface Told {
  section: SectionId;
  label: () => string;
  hint?: () => string;
}

/** Every setting by its id: what the search box and the palette look through. */
export const SETTINGS = {
  language: { section: "general", label: m.setting_language },
  theme: { section: "general", label: m.setting_theme },
  density: { section: "general", label: m.setting_density },
  units: { section: "general", label: m.setting_units, hint: m.setting_units_hint },
  start: { section: "general", label: m.setting_start },
  on_close: { section: "general", label: m.setting_on_close, hint: m.setting_on_close_hint },
  jobs: { section: "transfers", label: m.setting_jobs, hint: m.setting_jobs_hint },
  objects: { section: "transfers", label: m.setting_objects, hint: m.setting_objects_hint },
  parts: { section: "transfers", label: m.setting_parts, hint: m.setting_parts_hint },
  conflict: { section: "transfers", label: m.setting_conflict, hint: m.setting_conflict_hint },
  ask_objects: {
    section: "transfers",
    label: m.setting_ask_objects,
    hint: m.setting_ask_objects_hint,
  },
  ask_gib: { section: "transfers", label: m.setting_ask_gib, hint: m.setting_ask_gib_hint },
  part_size: {
    section: "transfers",
    label: m.setting_part_size,
    hint: m.setting_part_size_hint,
  },
  retries: { section: "transfers", label: m.setting_retries, hint: m.setting_retries_hint },
  proxy: { section: "network", label: m.setting_proxy, hint: m.setting_proxy_hint },
  proxy_address: { section: "network", label: m.setting_proxy_address },
  ca_file: { section: "network", label: m.setting_ca_file, hint: m.setting_ca_file_hint },
  prices: { section: "prices", label: m.setting_prices, hint: m.setting_prices_hint },
  notify_done: { section: "notifications", label: m.setting_notify_done },
  notify_failed: { section: "notifications", label: m.setting_notify_failed },
  notify_needs: { section: "notifications", label: m.setting_notify_needs },
  preset: { section: "shortcuts", label: m.setting_preset, hint: m.setting_preset_hint },
  shortcuts: { section: "shortcuts", label: m.setting_shortcuts, hint: m.setting_shortcuts_hint },
  secrets: { section: "security", label: m.setting_secrets },
  folder: { section: "data", label: m.setting_data_folder },
  retention: { section: "data", label: m.setting_retention, hint: m.setting_retention_hint },
  file: { section: "data", label: m.setting_file, hint: m.setting_file_hint },
  diagnostics: {
    section: "diagnostics",
    label: m.setting_self_test,
    hint: m.setting_self_test_hint,
  },
  about: { section: "about", label: m.setting_about },
} satisfies Record<string, Told>;

export type SettingId = keyof typeof SETTINGS;

/** What is looked for in Settings. */
class SettingsView {
  text = $state("");

  shows(id: SettingId): boolean {
    const wanted = this.text.trim().toLowerCase();
    if (wanted === "") return true;
    const told: Told = SETTINGS[id];
    const words = `${told.label()} ${told.hint?.() ?? ""} ${sectionTitle(told.section)}`;
    return words.toLowerCase().includes(wanted);
  }

  showsSection(section: SectionId): boolean {
    return settingIds().some((id) => SETTINGS[id].section === section && this.shows(id));
  }
}

export const settingsView = new SettingsView();

/** For the palette: every setting with its section. */
export function settingIndex(): { id: SettingId; label: string; section: string }[] {
  return settingIds().map((id) => ({
    id,
    label: SETTINGS[id].label(),
    section: sectionTitle(SETTINGS[id].section),
  }));
}

/** Opens Settings with one of them in sight and its control in focus. */
export async function showSetting(id: SettingId): Promise<void> {
  settingsView.text = "";
  router.go("settings");
  await tick();
  const row = document.querySelector<HTMLElement>(`[data-setting="${id}"]`);
  row?.scrollIntoView({ block: "center" });
  row?.querySelector<HTMLElement>("select, input, button")?.focus();
}

function settingIds(): SettingId[] {
  return Object.keys(SETTINGS) as SettingId[];
}

function sectionTitle(section: SectionId): string {
  return SECTIONS.find((one) => one.id === section)?.title() ?? "";
}

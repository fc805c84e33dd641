// @vitest-environment node
import { expect, test, vi } from "vitest";
import type { Settings } from "$ipc";

const puts: {
  settings: Settings;
  answer: (kept: Settings) => void;
  refuse: (why: Error) => void;
}[] = [];

vi.stubGlobal("document", { documentElement: { dataset: {}, lang: "" } });
vi.stubGlobal("navigator", { language: "en" });
vi.mock("$ipc", () => ({
  call: (_name: string, settings: Settings) =>
    new Promise((answer, refuse) => puts.push({ settings, answer, refuse })),
}));

const { appState } = await import("./state.svelte");

/** Lets what has been answered take effect. */
const settle = () => new Promise((done) => setTimeout(done));

test("an answer to an older change does not undo a newer one", async () => {
  const theme = appState.change({ theme: "dark" });
  await settle();
  const language = appState.change({ language: "zh-CN" });
  await settle();
  expect(puts).toHaveLength(1);

  puts[0]?.answer(puts[0].settings);
  await theme;
  expect(appState.settings.language).toBe("zh-CN");
  await settle();
  expect(puts[1]?.settings).toMatchObject({ theme: "dark", language: "zh-CN" });
  puts[1]?.answer(puts[1].settings);
  await language;
  expect(appState.settings).toMatchObject({ theme: "dark", language: "zh-CN" });
});

test("what cannot be kept is put back", async () => {
  const refused = appState.change({ theme: "light" });
  await settle();
  puts[2]?.refuse(new Error("the disk is full"));
  await expect(refused).rejects.toThrow("the disk is full");
  expect(appState.settings.theme).toBe("dark");
});

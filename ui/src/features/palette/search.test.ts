import { expect, test } from "vitest";
import { type Entry, type EntryKind, SHOWN, search } from "./search";

const entry = (kind: EntryKind, title: string, reason: string | null = null): Entry => ({
  id: title,
  kind,
  title,
  detail: "",
  hint: null,
  reason,
  icon: null,
  run: () => {},
});

const all = [
  entry("action", "Copy"),
  entry("action", "Copy URI", "Select objects first"),
  entry("account", "COS · Copies"),
  entry("job", "#12 copy of logs"),
  entry("place", "COS · Prod ▸ copies/2026/"),
];
const titles = (typed: string) => search(all, typed).map((found) => found.title);

test("a sign limits the search to one kind", () => {
  expect(titles(">cop")).toEqual(["Copy", "Copy URI"]);
  expect(titles("@cop")).toEqual(["COS · Copies"]);
  expect(titles("#12")).toEqual(["#12 copy of logs"]);
  expect(titles("/2026")).toEqual(["COS · Prod ▸ copies/2026/"]);
});

test("what cannot be done now stays, below what can", () => {
  expect(titles("copy")[0]).toBe("Copy");
  expect(titles("copy")).toContain("Copy URI");
  expect(titles("").at(-1)).toBe("Copy URI");
});

test("of many entries only as many come back as are looked at", () => {
  const many = Array.from({ length: 20_000 }, (_, at) => entry("place", `bucket-${at}/logs/`));
  expect(search(many, "logs")).toHaveLength(SHOWN);
  expect(search(many, "bucket-19999")).toHaveLength(1);
});

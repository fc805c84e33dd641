import { describe, expect, it } from "vitest";
import type { ApiError, Choice, JobView, Place, TransferView } from "$ipc";
import { answerWord, nextSentence } from "./wait-words";
import { type Answer, accountAskedFor, alike, answersMany, answersTo, type Waiting } from "./waits";

const error = (kind: string, changes: Partial<ApiError> = {}): ApiError => ({
  kind,
  message: "what happened",
  field: null,
  operation: null,
  bucket: null,
  key: null,
  status: null,
  code: null,
  request_id: null,
  attempts: 1,
  ...changes,
});

const transfer = (id: number, changes: Partial<TransferView>) =>
  ({ id, state: "waiting", restore: null, choices: [], ...changes }) as TransferView;

const waits = (what: string, kind: string, choices: Choice[] = []) =>
  transfer(1, { waits_for: what, error: error(kind), choices });

function only(one: TransferView): Waiting {
  const [group] = alike([one], 1);
  if (!group) throw new Error("it waits for nothing");
  return group;
}

const context = { account: "Prod", askedSeconds: null, locale: "en" };

describe("what a job waits for", () => {
  it("is told once for all that wait for the same reason", () => {
    const asked = { tier: "bulk" as const, days: 3, asked_ms: 0 };
    const groups = alike(
      [
        transfer(1, { waits_for: "decision", error: error("destination_conflict") }),
        transfer(2, { waits_for: "restore", error: error("needs_restore") }),
        transfer(3, { waits_for: "decision", error: error("source_changed") }),
        transfer(4, { waits_for: "decision", error: error("destination_conflict") }),
        transfer(5, { waits_for: "restore", error: error("needs_restore"), restore: asked }),
        transfer(6, { state: "copying", waits_for: null, error: null }),
      ],
      5,
    );
    const seen = groups.map((group) => [group.kind, group.transfers.map((one) => one.id)]);
    expect(seen).toEqual([
      ["destination_conflict", [1, 4]],
      ["needs_restore", [2]],
      ["source_changed", [3]],
      ["needs_restore", [5]],
    ]);
    expect(groups.map((group) => group.count)).toEqual([2, 1, 1, 1]);
    expect(groups.map((group) => group.restoring)).toEqual([false, false, false, true]);
  });

  it("is counted in full where it is the same for all", () => {
    const [group] = alike([waits("decision", "destination_conflict")], 41_000);
    expect(group?.count).toBe(41_000);
  });
});

describe("the answers", () => {
  const table: [string, string, Choice[], [Answer, string][]][] = [
    ["network", "network", [], [["go_on", "Try now"]]],
    ["network", "throttled", [], [["go_on", "Try now"]]],
    ["credential", "expired_credential", [], [["enter_keys", "Enter new keys…"]]],
    ["credential", "wrong_credential", [], [["enter_keys", "Enter new keys…"]]],
    ["credential", "account_suspended", [], [["go_on", "Go on"]]],
    ["restore", "needs_restore", [], [["restore", "Restore…"]]],
    [
      "decision",
      "destination_conflict",
      ["replace", "keep_both", "skip"],
      [
        ["keep_both", "Keep both"],
        ["skip", "Skip"],
        ["replace", "Replace"],
      ],
    ],
    [
      "decision",
      "source_changed",
      ["start_over", "skip"],
      [
        ["start_over", "Start over"],
        ["skip", "Skip"],
      ],
    ],
    [
      "decision",
      "unprovable",
      ["accept_as_is", "start_over"],
      [
        ["start_over", "Start over"],
        ["accept_as_is", "Accept as it is"],
      ],
    ],
    [
      "decision",
      "upload_uncertain",
      ["adopt_upload", "start_over", "skip"],
      [
        ["adopt_upload", "Adopt an upload…"],
        ["start_over", "Start anew"],
        ["skip", "Skip"],
      ],
    ],
  ];
  it.each(table)("to %s because of %s", (what, kind, choices, expected) => {
    const group = only(waits(what, kind, choices));
    const answers = answersTo(group);
    expect(answers.map((answer) => [answer, answerWord(answer, group)])).toEqual(expected);
  });

  it("stand for all alike, but an upload is adopted by one", () => {
    expect(answersMany("keep_both")).toBe(true);
    expect(answersMany("adopt_upload")).toBe(false);
  });
});

describe("the sentence", () => {
  const table: [string, string, string][] = [
    ["network", "network", "goes on by itself as soon as the server answers"],
    ["network", "throttled", "goes on by itself when the server has room"],
    ["credential", "expired_credential", "“Prod”"],
    ["credential", "account_suspended", "with the provider"],
    ["restore", "needs_restore", "from the archive"],
    ["decision", "destination_conflict", "Decide what becomes of this object"],
    ["decision", "source_changed", "as it is now"],
    ["decision", "unprovable", "never as verified"],
    ["decision", "upload_uncertain", "start anew"],
  ];
  it.each(table)("about %s because of %s", (what, kind, expected) => {
    expect(nextSentence(only(waits(what, kind)), context)).toContain(expected);
  });

  it("tells how long the server asked to be left alone", () => {
    const asked = nextSentence(only(waits("network", "throttled")), {
      ...context,
      askedSeconds: 12,
    });
    expect(asked).toContain("12 s");
  });

  it("tells what was asked of the archive", () => {
    const one = waits("restore", "needs_restore");
    const group = only({ ...one, restore: { tier: "expedited", days: 3, asked_ms: 0 } });
    const sentence = nextSentence(group, context);
    expect(sentence).toContain("expedited, readable for 3 days");
    expect(sentence).toContain("goes on by itself");
    expect(answerWord("restore", group)).toBe("Ask again…");
  });
});

describe("the account asked for a key", () => {
  const place = (account: string, bucket: string): Place => ({
    account,
    bucket,
    region: null,
    prefix: "",
  });
  const job = { source: place("from", "a"), destination: place("to", "b") } as JobView;
  const cases: [string, string, string][] = [
    ["UploadPartCopy", "b", "to"],
    ["HeadObject", "a", "from"],
    ["HeadObject", "b", "to"],
    ["", "", "to"],
  ];
  it.each(cases)("after %s on %s is that of %s", (operation, bucket, expected) => {
    const failed = error("expired_credential", { operation, bucket });
    expect(accountAskedFor(job, { error: failed })).toBe(expected);
  });
});

// A core made of canned answers, for looking at every state of the screens without copying
// anything: `node dev/fake-core.mjs [--first-run]`, then http://127.0.0.1:5199/?token=dev
// Serves dist/ and speaks the bridge's wire. What it says about copying is theatre.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const PORT = Number(process.env.PORT ?? 5199);
const GIB = 2 ** 30;
const TIB = 2 ** 40;
const START = Date.now();

let settings = {
  language: null,
  theme: "system",
  transfers_at_once: 3,
  parts_at_once: 16,
  jobs_at_once: 3,
};

const account = (id, name, dialect, more = {}) => ({
  id,
  name,
  dialect,
  endpoint: `http://127.0.0.1:900${dialect.length}`,
  region: "ap-demo",
  addressing: "path",
  masked_key_id: "AKID••••demo",
  named_buckets: [],
  fallback_domain: false,
  demo: true,
  has_secret: true,
  ...more,
});
const demoAccounts = [
  account("demo-cos", "Demo COS", "cos"),
  account("demo-obs", "Demo OBS", "obs"),
  account("demo-s3", "Demo S3", "s3"),
  account("a1", "生产环境", "cos", {
    demo: false,
    endpoint: "https://cos.ap-guangzhou.myqcloud.com",
    region: "ap-guangzhou",
    masked_key_id: "AKIDz8••••mLPx",
    has_secret: false,
  }),
];
let accounts = process.argv.includes("--first-run") ? [] : demoAccounts;

const failure = (kind, message, more = {}) => ({
  kind,
  message,
  field: null,
  operation: "UploadPartCopy",
  bucket: "archive",
  key: "2026/part-00000000.parquet",
  status: 403,
  code: "AccessDenied",
  request_id: "NjVmMGM3N2FfZDE4YWE0MDlfMWY3",
  attempts: 1,
  ...more,
});
const denied = failure("access_denied", "UploadPartCopy on archive was refused: Access Denied.");
const away = failure("network", "Nothing answered at 127.0.0.1:9003 (connection refused).", {
  status: null,
  code: null,
  request_id: null,
  attempts: 5,
});
const place = (id, bucket, prefix) => ({ account: id, bucket, region: null, prefix });

const job = (id, state, more = {}) => ({
  id,
  state,
  source_dialect: "cos",
  destination_dialect: "cos",
  source: place("demo-cos", "datasets", "2026/"),
  destination: place("demo-cos", "archive", "2026/"),
  title: "part-00000000.parquet",
  objects_total: 1,
  objects_done: 0,
  objects_failed: 0,
  objects_skipped: 0,
  objects_waiting: 0,
  listing: false,
  moves: false,
  bytes_total: 1.17 * TIB,
  bytes_done: 0,
  bytes_in_flight: 0,
  parts_total: 1200,
  parts_done: 0,
  in_flight: 0,
  bytes_per_second: 0,
  seconds_left: null,
  retries: 0,
  throttled: false,
  asked_seconds: null,
  verified: false,
  unverified: 0,
  created_ms: START - 34 * 60_000,
  finished_ms: null,
  error: null,
  driven_here: true,
  timing: { priority: "normal", start_at_ms: null, window: null },
  position: id,
  waits_until_ms: null,
  transfers_at_once: 3,
  parts_at_once: 16,
  ...more,
});
const about = (key, bucket = "archive") => ({
  operation: "HeadObject",
  bucket,
  key,
  status: null,
  code: null,
});
const exists = failure(
  "destination_conflict",
  'at "2026/readme.txt" in archive stands an object of 1,204 bytes, changed 2026-11-02; decide whether to replace it, to keep both or to skip this object',
  about("2026/readme.txt"),
);
const changed = failure(
  "source_changed",
  'the source "2026/table.csv" is not the one the copy began with.',
  about("2026/table.csv", "datasets"),
);
const unprovable = failure(
  "unprovable",
  "CompleteMultipartUpload was sent and its answer lost; the object there can be ours or another's.",
  { ...about("2026/backup.img"), operation: "CompleteMultipartUpload" },
);
const uncertain = failure(
  "upload_uncertain",
  '1 open uploads of "2026/video.mov" in archive hold parts of the sizes this copy makes, and none is provably ours: 1605b4c1d2e3',
  about("2026/video.mov"),
);
const archived = failure("needs_restore", "The object is in ARCHIVE and was not restored.", {
  ...about("2026/cold.tar", "datasets"),
  status: 403,
  code: "InvalidObjectState",
});
const expired = failure("expired_credential", "The security token has expired.", {
  operation: "UploadPartCopy",
  code: "ExpiredToken",
});
const waitsOf = {
  9: [["network", away, [], 1]],
  13: [
    ["decision", exists, ["replace", "keep_both", "skip"], 12],
    ["decision", changed, ["start_over", "skip"], 1],
  ],
  14: [["restore", archived, [], 3]],
  15: [["restore", archived, [], 1, { tier: "standard", days: 7, asked_ms: START - 3_600_000 }]],
  16: [["credential", expired, [], 1]],
  17: [
    ["decision", unprovable, ["accept_as_is", "start_over"], 1],
    ["decision", uncertain, ["adopt_upload", "start_over", "skip"], 1],
  ],
};
const ended = { finished_ms: START - 60_000, bytes_done: 1.17 * TIB, parts_done: 1200 };
const jobs = [
  job(12, "copying", {
    bytes_done: 0.61 * TIB,
    bytes_in_flight: 16 * GIB,
    parts_done: 610,
    in_flight: 16,
    bytes_per_second: 640 * 2 ** 20,
    seconds_left: 920,
    retries: 3,
  }),
  job(19, "queued", {
    title: "nightly/",
    listing: true,
    objects_total: 1,
    waits_until_ms: START + 6 * 3_600_000,
    timing: { priority: "low", start_at_ms: null, window: "22:00-06:00" },
  }),
  job(18, "copying", {
    title: "photos/",
    moves: true,
    listing: true,
    objects_total: 31_204,
    objects_done: 1_988,
    objects_skipped: 77,
    bytes_done: 0.02 * TIB,
    bytes_per_second: 31 * 2 ** 20,
  }),
  job(17, "waiting", {
    title: "backup.img",
    objects_waiting: 2,
    objects_total: 9,
    error: unprovable,
  }),
  job(16, "waiting", { objects_waiting: 1, error: expired, bytes_done: 0.3 * TIB }),
  job(15, "waiting", { title: "cold-b.tar", objects_waiting: 1, error: archived }),
  job(14, "waiting", { title: "cold.tar", objects_waiting: 3, objects_total: 3, error: archived }),
  job(13, "waiting", {
    title: "readme.txt",
    objects_waiting: 13,
    objects_total: 40,
    error: exists,
  }),
  job(11, "copying", {
    title: "归档-2025.tar",
    throttled: true,
    objects_total: 41212,
    objects_done: 7400,
    bytes_done: 0.3 * TIB,
    bytes_per_second: 31 * 2 ** 20,
    seconds_left: 7900,
  }),
  job(10, "completing", { bytes_done: 1.17 * TIB, parts_done: 1200 }),
  job(9, "waiting", {
    title: "logs\u202egpj.tar",
    objects_waiting: 1,
    error: away,
    bytes_done: 0.1 * TIB,
  }),
  job(8, "paused", { bytes_done: 0.4 * TIB, in_flight: 16, bytes_in_flight: 16 * GIB }),
  job(7, "queued", { source_dialect: "obs", destination_dialect: "obs" }),
  job(6, "interrupted", { bytes_done: 0.714 * TIB, parts_done: 732, error: null }),
  job(5, "interrupted", { bytes_done: 0.21 * TIB, parts_done: 215 }),
  job(4, "done", { ...ended, verified: true, objects_done: 1 }),
  job(3, "done_with_failures", { ...ended, objects_total: 7, objects_failed: 2, objects_done: 5 }),
  job(2, "failed", { ...ended, error: denied, bytes_done: 0, objects_failed: 1 }),
  job(1, "cancelled", { ...ended, bytes_done: 0.2 * TIB }),
];

const transfer = (of, id, more = {}) => ({
  id,
  job: of.id,
  state:
    of.state === "done_with_failures" ? "done" : of.state === "interrupted" ? "paused" : of.state,
  waits_for: of.state === "waiting" ? "network" : null,
  source_key: `2026/${of.title}`,
  destination_key: `2026/${of.title}`,
  size: of.bytes_total,
  bytes_done: of.bytes_done,
  multipart: true,
  part_size: GIB,
  parts_total: 1200,
  parts_done: of.parts_done,
  upload_id: "1605b4c1d2e3f4a5b6c7d8e9f0",
  error: of.error,
  left_out: null,
  choices: [],
  restore: null,
  verdict: of.verified
    ? {
        verified: true,
        evidence: "size and CRC-64 5927264829441738321 of HEAD",
        etag: '"9f0c2a7be1d14b5f8a7731aa0e6fd0b1-1200"',
        version: null,
        request_id: "NjVmMGM3N2FfZDE4YWE0MDlfMWY3",
        at_ms: START - 60_000,
      }
    : null,
  not_carried: of.verified ? ["ACL (the key may not read it)"] : [],
  ...more,
});

function waitingOf(of) {
  return (waitsOf[of.id] ?? []).flatMap(([what, error, choices, count, restore = null], group) =>
    Array.from({ length: count }, (_, at) =>
      transfer(of, of.id * 1000 + group * 100 + at, {
        state: "waiting",
        waits_for: what,
        source_key: error.key,
        destination_key: at === 0 ? error.key : `2026/file-${at}.txt`,
        error,
        choices,
        restore,
      }),
    ),
  );
}

function transfersOf(of) {
  const count = Math.min(of.objects_total, 300);
  return Array.from({ length: count }, (_, at) =>
    transfer(
      of,
      of.id * 1000 + at,
      at === 0 ? {} : { destination_key: `2026/日志-${at}.gz`, multipart: false },
    ),
  );
}

function partMap(id) {
  const of = jobs.find((one) => one.id === Math.floor(id / 1000));
  const letters = Array.from({ length: 1200 }, (_, at) => (at < of.parts_done ? "#" : "."));
  if (of.state === "copying") letters.fill("o", of.parts_done, of.parts_done + 16);
  if (of.id === 12) {
    letters[of.parts_done + 4] = "r";
    letters[of.parts_done + 9] = "x";
  }
  const slow = failure("throttled", "SlowDown: please reduce your request rate.", {
    code: "SlowDown",
  });
  return {
    transfer: id,
    part_size: GIB,
    size: of.bytes_total,
    states: letters.join(""),
    details: [
      { number: of.parts_done + 5, attempts: 3, error: slow },
      { number: of.parts_done + 10, attempts: 5, error: denied },
    ],
  };
}

const WHATS = [
  "job_started",
  "source_pinned",
  "upload_created",
  "part_retried",
  "throttled",
  "failed",
];
const eventsOf = (id, before) =>
  Array.from({ length: 120 }, (_, at) => ({
    id: 120 - at,
    at_ms: START - at * 9_000,
    transfer: id * 1000,
    part: at % 6 === 3 ? 754 - at : null,
    level: at % 6 === 5 ? "error" : at % 6 > 2 ? "warning" : "normal",
    what: WHATS[at % 6],
    detail: at % 6 === 3 ? "503 SlowDown: Please reduce your request rate." : "",
    request_id: at % 3 === 0 ? "NjVmMGM3N2FfZDE4YWE0MDlfMWY3" : null,
  })).filter((event) => before === null || event.id < before);

const listing = (id) => ({ listing: id, rows: 5000, complete: false, loading: true, error: null });
const row = (at) => ({
  key: `2026/part-${String(at).padStart(8, "0")}.parquet`,
  name: at < 4 ? `0${at}/` : `part-${String(at).padStart(8, "0")}.parquet`,
  is_prefix: at < 4,
  size: at < 4 ? null : (at * 7919 * 104729) % TIB,
  modified: "2026-11-05T10:06:00Z",
  storage_class: at % 3 ? "STANDARD" : "STANDARD_IA",
  etag: null,
});

const check = (name, outcome, detail, more = {}) => ({
  name,
  outcome,
  bucket: null,
  detail,
  error: null,
  permission: null,
  ...more,
});
const capability = (name, support, detail, instead = "") => ({
  name,
  support,
  detail,
  at_ms: support === "unknown" ? null : START,
  instead,
});
const LEARNED = [
  capability("list_buckets", "present", "ListBuckets answered"),
  capability("list_versions", "present", "ListObjectVersions answered"),
  capability("head_checksum", "present", "HeadObject answered with a CRC-64"),
  capability("tagging", "absent", "GetObjectTagging answered HTTP 501 NotImplemented"),
  capability("part_copy_conditions", "absent", "UploadPartCopy ignored a copy-source-if-match"),
  capability("part_copy", "unknown", "Not tried: only a probe object shows it."),
  capability("restore", "unknown", "Not tried: it shows when an archived object is restored."),
];
function inBucket(bucket, probed) {
  const here = (name, outcome, detail, more = {}) =>
    check(name, outcome, detail, { bucket, ...more });
  const read = ["head_bucket", "list_objects", "list_uploads", "head_object", "read_object"];
  const written = ["put_object", "copy_object", "create_upload", "copy_part", "delete_object"];
  return [
    ...read.map((name) => here(name, "passed", "It may.")),
    here("read_tags", "unknown", "The server does not have it."),
    here("list_versions", "failed", "", {
      error: failure("access_denied", "The key may not do ListObjectVersions.", {
        operation: "ListObjectVersions",
        key: null,
      }),
      permission: "name/cos:GetBucketObjectVersions",
    }),
    ...(probed ? written.map((name) => here(name, "passed", "It may.")) : []),
  ];
}
function testOf(draft) {
  const wrong = failure(
    "wrong_credential",
    "The secret key was not accepted: SignatureDoesNotMatch.",
    {
      operation: "ListBuckets",
      field: "secret_key",
      code: "SignatureDoesNotMatch",
    },
  );
  const bad = (draft.credential ?? null) !== null && draft.credential.secret_key !== "good";
  const bucket = draft.bucket ?? "datasets";
  const checks = [
    check("input", "passed", "Everything needed is there."),
    check("reach", "passed", "Reached cos.ap-guangzhou.myqcloud.com in 42 ms."),
    check("clock", "passed", "The clock differs by 0.4 s."),
    bad
      ? check("key", "failed", "", { error: wrong })
      : check("key", "passed", "The key was accepted."),
  ];
  if (bad)
    return { ok: false, checks, buckets: [], bucket: null, capabilities: [], left_behind: [] };
  const probed = (draft.probe ?? null) !== null;
  return {
    ok: true,
    checks: [...checks, ...inBucket(bucket, probed)],
    buckets: answers.buckets(),
    bucket,
    capabilities: LEARNED,
    left_behind: probed && draft.probe === "stays/" ? [`${bucket}/stays/.partway-probe-1f2e`] : [],
  };
}

const settled = new Set(["done", "done_with_failures", "failed", "cancelled"]);
const set = (id, change) =>
  Object.assign(
    jobs.find((one) => one.id === id),
    change,
  );
const answers = {
  app_state: () => ({
    version: "0.1.0",
    data_folder: "/home/you/.local/share/partway",
    keyring_problem: null,
    journal_set_aside: null,
    settings,
    accounts,
    interrupted: jobs.filter((one) => one.state === "interrupted"),
  }),
  put_settings: (args) => (settings = args),
  accounts: () => accounts,
  start_demo: () => (accounts = demoAccounts),
  test_account: testOf,
  check_account: testOf,
  save_account: (draft) => {
    accounts = [...accounts, account("new", draft.name, draft.dialect, { demo: false })];
    return { account: accounts.at(-1), this_run_only: null };
  },
  remove_account: (args) => {
    accounts = accounts.filter((one) => one.id !== args.account);
    return {};
  },
  buckets: () =>
    ["archive", "datasets", "million"].map((name) => ({ name, region: null, created: null })),
  open_listing: () => listing(1),
  load_rest: () => listing(1),
  stop_listing: () => listing(1),
  sort_listing: () => listing(1),
  close_listing: () => ({}),
  rows: (args) => ({
    status: listing(args.listing),
    start: args.start,
    rows: Array.from({ length: Math.min(args.count, 5000 - args.start) }, (_, at) =>
      row(args.start + at),
    ),
  }),
  keys_of_rows: () => ({ keys: [row(9).key], prefixes: ["2026/00/"], bytes: 10 * GIB }),
  plan_copy: () => ({
    objects: 10_000,
    bytes: 3 * TIB,
    parts: 12_400,
    multipart_objects: 0,
    write_requests: 12_400,
    read_requests: 10_011,
    existing: 12,
    more: true,
    items: [],
    problems: [],
    part_sizes: [],
    fallbacks: [],
  }),
  waiting_transfers: (args) => waitingOf(jobs.find((one) => one.id === args.job)),
  decide: (args) => {
    const [, ...rest] = waitsOf[args.job];
    waitsOf[args.job] = rest;
    return set(args.job, {
      objects_waiting: rest.length,
      ...(rest.length ? {} : { state: "copying" }),
    });
  },
  restore_job: (args) => {
    waitsOf[args.job][0][4] = { tier: args.tier, days: args.days, asked_ms: Date.now() };
    return jobs.find((one) => one.id === args.job);
  },
  time_job: (args) => set(args.job, { timing: args.timing }),
  search_uploads: () => ({ search: 1 }),
  close_upload_search: () => ({}),
  upload_size: () => ({ parts: 412, bytes: 412 * GIB }),
  uploads: (args) => ({
    status: { search: 1, found: 2, buckets_done: 1, buckets: 1, complete: true, problems: [] },
    start: args.start,
    uploads: ["1605b4c1d2e3", "1605ffff0000"].slice(args.start).map((upload_id) => ({
      upload: { ...place("demo-cos", "archive", ""), key: "2026/video.mov", upload_id },
      initiated: "2026-11-12T09:12:00Z",
      initiated_ms: START - 86_400_000,
      initiator: "100000000001",
      ownership: "foreign",
      job: null,
      transfer: null,
      driven: false,
      aborting: false,
      must_stay: null,
    })),
  }),
  jobs: (args) => (args.before === null ? jobs.filter((one) => settled.has(one.state)) : []),
  job: (args) => jobs.find((one) => one.id === args.job),
  transfers: (args) => {
    const all = transfersOf(jobs.find((one) => one.id === args.job));
    return all.filter((one) => one.id > (args.after ?? 0)).slice(0, args.limit);
  },
  part_map: (args) => partMap(args.transfer),
  events: (args) => eventsOf(args.job, args.before),
  pause_job: (args) => set(args.job, { state: "paused" }),
  resume_job: (args) => set(args.job, { state: "copying" }),
  retry_job: (args) => set(args.job, { state: "queued", error: null }),
  cancel_job: (args) => set(args.job, { state: "cancelled", finished_ms: Date.now() }),
};

function stream(response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const send = (message) => response.write(`data: ${JSON.stringify(message)}\n\n`);
  let seq = 0;
  send({ kind: "snapshot", seq, jobs });
  const timer = setInterval(() => {
    const first = jobs[0];
    if (first.state === "copying" && first.parts_done < 1180) {
      set(12, { parts_done: first.parts_done + 1, bytes_done: first.bytes_done + GIB });
    }
    seq += 1;
    send({ kind: "update", seq, jobs: [...jobs], removed: [], listings: [], events: [] });
  }, 500);
  response.on("close", () => clearInterval(timer));
}

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

// The window's policy, so that a violation shows here and not only in the built application.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function file(path, response) {
  const wanted = join(DIST, normalize(path));
  const name = wanted.startsWith(DIST) && extname(wanted) ? wanted : join(DIST, "index.html");
  response.writeHead(200, {
    "content-type": TYPES[extname(name)] ?? "application/octet-stream",
    "content-security-policy": POLICY,
  });
  response.end(await readFile(name));
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === "/ipc/stream") return stream(response);
  if (!pathname.startsWith("/ipc/")) return file(pathname, response).catch(() => response.end());
  let body = "";
  for await (const piece of request) body += piece;
  const answer = answers[pathname.slice("/ipc/".length)];
  response.writeHead(answer ? 200 : 400, { "content-type": "application/json" });
  const unknown = failure("not_supported", `The fake core has no ${pathname}.`);
  response.end(JSON.stringify(answer ? answer(JSON.parse(body || "{}")) : unknown));
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}/?token=dev`));

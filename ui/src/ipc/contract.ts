// Generated from src-tauri/crates/api by `PARTWAY_UPDATE=1 cargo test -p partway-api`.
// Do not edit: a test fails when this file differs from the Rust it comes from.

export type AccountCheck = {
  /** `input`, `reach`, `clock`, `key`, `list_buckets`, `region` (only when it is wrong),
   * `named_bucket` */
  name: string;
  ok: boolean;
  /** Plain English: `Reached 127.0.0.1:9001 in 3 ms`. */
  detail: string;
  error: ApiError | null;
};

/** A form being filled in. `credential: null` keeps the stored one (editing). */
export type AccountDraft = {
  /** `null` for a new account. */
  id: string | null;
  name: string;
  dialect: Dialect;
  /** Scheme, host and port; a bare host gets `https://`. */
  endpoint: string;
  region: string;
  addressing: Addressing;
  named_buckets: Array<string>;
  credential: CredentialDraft | null;
};

export type AccountRef = {
  account: string;
};

/** What testing an account found: small checks in order, stopping at the first fatal one. */
export type AccountTest = {
  ok: boolean;
  checks: Array<AccountCheck>;
  /** Buckets the key may list. */
  buckets: Array<BucketView>;
};

export type AccountView = {
  id: string;
  name: string;
  dialect: Dialect;
  endpoint: string;
  region: string;
  addressing: Addressing;
  /** Access key id with its middle masked. */
  masked_key_id: string;
  /** Buckets named by the user because the key may not list them. */
  named_buckets: Array<string>;
  demo: boolean;
  /** A secret is at hand (in the keyring or for this run). */
  has_secret: boolean;
};

/** Where the bucket name stands in a URL. */
export type Addressing = "virtual_host" | "path";

/** What went wrong, in the anatomy every screen shows. */
export type ApiError = {
  /** Meaning as a stable word (`access_denied`, `no_such_bucket`, …); the UI translates it. */
  kind: string;
  /** Plain English: what, where and what to do. */
  message: string;
  /** The form field it is about, for input errors. */
  field: string | null;
  /** API operation, when one was sent. */
  operation: string | null;
  /** Bucket it was about. */
  bucket: string | null;
  /** Key it was about. */
  key: string | null;
  /** HTTP status. */
  status: number | null;
  /** Provider's code. */
  code: string | null;
  /** Provider's request id. */
  request_id: string | null;
  /** How often the request was sent. */
  attempts: number;
};

/** What the window needs first. */
export type AppState = {
  version: string;
  /** Where the journal lies. */
  data_folder: string;
  /** `null`: secrets go to the system keyring; otherwise why they are kept for this run only. */
  keyring_problem: string | null;
  /** A corrupt journal was moved here. */
  journal_set_aside: string | null;
  settings: Settings;
  accounts: Array<AccountView>;
  /** Jobs an earlier run left unfinished, none of them running now. */
  interrupted: Array<JobView>;
};

export type BucketView = {
  name: string;
  region: string | null;
  /** ISO 8601 as sent. */
  created: string | null;
};

export type CancelJob = {
  job: number;
  keep_parts: boolean;
};

export type CopyOptions = {
  /** Bytes; `null` chooses. */
  part_size: number | null;
  transfers_at_once: number;
  parts_at_once: number;
  /** `null` keeps the source's. */
  storage_class: string | null;
};

export type CopyPlan = {
  objects: number;
  bytes: number;
  parts: number;
  multipart_objects: number;
  write_requests: number;
  read_requests: number;
  /** Objects that exist at the destination. */
  existing: number;
  /** The first 200 objects. */
  items: Array<PlannedObject>;
  /** What cannot be copied, and why; the copy cannot start while there are any. */
  problems: Array<PlanProblem>;
  /** Part sizes that are legal here for the largest object, in bytes, for the slider. */
  part_sizes: Array<number>;
};

export type CopyRequest = {
  /** Where the objects are; `prefix` is the one they were shown under. */
  source: Place;
  keys: Array<string>;
  destination: Place;
  /** New name under the destination prefix; only with exactly one key. */
  rename: string | null;
  options: CopyOptions;
  overwrite: boolean;
};

/** Goes in, never out. */
export type CredentialDraft = {
  access_key: string;
  secret_key: string;
  token: string | null;
};

/** Wire variants by name: `cos`, `obs`, `obs-v2`, `s3`. */
export type Dialect = "cos" | "obs" | "obs-v2" | "s3";

/** How loud an event is. */
export type EventLevel = "normal" | "warning" | "error";

export type EventView = {
  id: number;
  at_ms: number;
  transfer: number | null;
  part: number | null;
  level: EventLevel;
  /** Stable word; the UI translates it. */
  what: string;
  detail: string;
  request_id: string | null;
};

export type EventsRequest = {
  job: number;
  before: number | null;
  limit: number;
};

export type HistoryRequest = {
  /** Page: jobs older than this one. */
  before: number | null;
  limit: number;
};

export type JobRef = {
  job: number;
};

export type JobStarted = {
  job: number;
};

/** The state of a job as shown. */
export type JobState = "queued" | "copying" | "completing" | "verifying" | "paused" | "waiting" | "interrupted" | "cancelling" | "cancelled" | "done" | "done_with_failures" | "failed";

/** A job as listed in Transfers and History. */
export type JobView = {
  id: number;
  state: JobState;
  /** `cos`, `obs`, … of both sides, for the badge. */
  source_dialect: Dialect;
  destination_dialect: Dialect;
  source: Place;
  destination: Place;
  /** Base name of the only object, else of the first. */
  title: string;
  objects_total: number;
  objects_done: number;
  objects_failed: number;
  bytes_total: number;
  /** Confirmed by the server. */
  bytes_done: number;
  bytes_in_flight: number;
  parts_total: number;
  parts_done: number;
  in_flight: number;
  bytes_per_second: number;
  seconds_left: number | null;
  retries: number;
  throttled: boolean;
  /** Every done transfer is verified by more than its size. */
  verified: boolean;
  /** Done transfers that are not verified by more than their size. */
  unverified: number;
  created_ms: number;
  finished_ms: number | null;
  /** The first failure or obstacle. */
  error: ApiError | null;
  /** This process drives it. */
  driven_here: boolean;
};

/** Keys of rows by index intervals, for selections (end exclusive). */
export type KeysOfRows = {
  listing: number;
  intervals: Array<[number, number]>;
};

export type ListingRef = {
  listing: number;
};

/** How far a listing is. */
export type ListingStatus = {
  listing: number;
  /** Rows loaded so far. */
  rows: number;
  /** Everything is loaded. */
  complete: boolean;
  /** Pages are being fetched at the moment. */
  loading: boolean;
  error: ApiError | null;
};

/** What a command without arguments takes. */
export type Nothing = Record<symbol, never>;

/** Opens a listing of one level of a place; rows stream into Rust and are asked for by window. */
export type OpenListing = {
  place: Place;
  /** Load on without being asked; otherwise stops after the first 10,000 entries. */
  load_all: boolean;
};

export type PartDetail = {
  number: number;
  attempts: number;
  error: ApiError | null;
};

/** One letter per part: `.` planned, `o` copying, `r` retrying, `x` failed, `#` done. */
export type PartMap = {
  transfer: number;
  part_size: number;
  size: number;
  states: string;
  /** Parts in flight or failed. */
  details: Array<PartDetail>;
};

/** A bucket and prefix seen through an account. */
export type Place = {
  account: string;
  bucket: string;
  region: string | null;
  prefix: string;
};

export type PlanProblem = {
  key: string;
  error: ApiError;
};

export type PlannedObject = {
  source_key: string;
  destination_key: string;
  size: number;
  parts: number;
  part_size: number;
  multipart: boolean;
  exists: boolean;
  not_carried: Array<string>;
};

/** One line of the browser: a common prefix or an object. */
export type Row = {
  /** Full prefix or key. */
  key: string;
  /** What follows the listed prefix. */
  name: string;
  is_prefix: boolean;
  size: number | null;
  /** ISO 8601 as sent. */
  modified: string | null;
  storage_class: string | null;
  etag: string | null;
};

export type RowWindow = {
  status: ListingStatus;
  start: number;
  rows: Array<Row>;
};

export type RowsRequest = {
  listing: number;
  start: number;
  count: number;
};

export type SavedAccount = {
  account: AccountView;
  /** `null`: in the system keyring. Otherwise why only for this run. */
  this_run_only: string | null;
};

/** What is selected: objects in full, prefixes only counted (copying them comes later). */
export type SelectedKeys = {
  keys: Array<string>;
  prefixes: number;
  bytes: number;
};

/** Kept in the journal; applied at once. */
export type Settings = {
  /** `en`, `zh-CN` or `null` for the system's. */
  language: string | null;
  theme: Theme;
  /** Defaults of the copy dialog. */
  transfers_at_once: number;
  parts_at_once: number;
  /** Jobs running at once. */
  jobs_at_once: number;
};

/** First message of a subscription. */
export type Snapshot = {
  seq: number;
  /** Unsettled jobs and those settled in this run, newest first. */
  jobs: Array<JobView>;
};

export type SortListing = {
  listing: number;
  /** `name`, `size`, `modified` or `class` */
  by: string;
  descending: boolean;
};

/** What a subscriber receives: a snapshot first, then updates; `seq` rises by one. On a gap,
 * subscribe again. */
export type StreamMessage = { "kind": "snapshot" } & Snapshot | { "kind": "update" } & Update;

/** Language, theme and the like. `language: null` and `theme: "system"` follow the system. */
export type Theme = "system" | "light" | "dark";

export type TransferRef = {
  transfer: number;
};

/** The state of a transfer. */
export type TransferState = "queued" | "starting" | "copying" | "paused" | "waiting" | "completing" | "verifying" | "done" | "aborting" | "cancelled" | "failed";

export type TransferView = {
  id: number;
  job: number;
  state: TransferState;
  /** `network`, `credential`, `restore`, `decision` while waiting. */
  waits_for: string | null;
  source_key: string;
  destination_key: string;
  size: number;
  bytes_done: number;
  multipart: boolean;
  part_size: number;
  parts_total: number;
  parts_done: number;
  upload_id: string | null;
  error: ApiError | null;
  verdict: Verdict | null;
  not_carried: Array<string>;
};

export type TransfersRequest = {
  job: number;
  after: number | null;
  limit: number;
};

/** What changed since the message before; at most ten a second. */
export type Update = {
  seq: number;
  /** Changed or new jobs. */
  jobs: Array<JobView>;
  removed: Array<number>;
  /** Listings that grew or ended. */
  listings: Array<ListingStatus>;
  /** Jobs that got new events. */
  events: Array<number>;
};

export type Verdict = {
  verified: boolean;
  evidence: string;
  etag: string;
  version: string | null;
  request_id: string | null;
  at_ms: number;
};

/** Every command by name: what it takes and what it answers. */
export interface Commands {
  app_state: { args: Nothing; answer: AppState };
  put_settings: { args: Settings; answer: Settings };
  accounts: { args: Nothing; answer: Array<AccountView> };
  test_account: { args: AccountDraft; answer: AccountTest };
  save_account: { args: AccountDraft; answer: SavedAccount };
  remove_account: { args: AccountRef; answer: Nothing };
  start_demo: { args: Nothing; answer: Array<AccountView> };
  buckets: { args: AccountRef; answer: Array<BucketView> };
  open_listing: { args: OpenListing; answer: ListingStatus };
  load_rest: { args: ListingRef; answer: ListingStatus };
  stop_listing: { args: ListingRef; answer: ListingStatus };
  sort_listing: { args: SortListing; answer: ListingStatus };
  rows: { args: RowsRequest; answer: RowWindow };
  keys_of_rows: { args: KeysOfRows; answer: SelectedKeys };
  close_listing: { args: ListingRef; answer: Nothing };
  plan_copy: { args: CopyRequest; answer: CopyPlan };
  start_copy: { args: CopyRequest; answer: JobStarted };
  jobs: { args: HistoryRequest; answer: Array<JobView> };
  job: { args: JobRef; answer: JobView };
  transfers: { args: TransfersRequest; answer: Array<TransferView> };
  part_map: { args: TransferRef; answer: PartMap };
  events: { args: EventsRequest; answer: Array<EventView> };
  pause_job: { args: JobRef; answer: JobView };
  resume_job: { args: JobRef; answer: JobView };
  retry_job: { args: JobRef; answer: JobView };
  cancel_job: { args: CancelJob; answer: JobView };
  forget_job: { args: JobRef; answer: Nothing };
}

// Generated from src-tauri/crates/api by `PARTWAY_UPDATE=1 cargo test -p partway-api`.
// Do not edit: a test fails when this file differs from the Rust it comes from.

export type AbortUploads = {
  uploads: Array<UploadRef>;
};

export type AccountCheck = {
  /** `input`, `reach`, `clock`, `key`, `list_buckets`, `region` (only when it is wrong),
   * `named_bucket`; in a bucket: `head_bucket`, `list_objects`, `list_versions`,
   * `read_versioning`, `list_uploads`, `head_object`, `read_object`, `read_tags`, `read_acl`;
   * with a probe: `put_object`, `write_tags`, `copy_object`, `create_upload`, `copy_part`,
   * `list_parts`, `abort_upload`, `delete_object` */
  name: string;
  outcome: CheckOutcome;
  /** The bucket it is about. */
  bucket: string | null;
  /** Plain English: `Reached 127.0.0.1:9001 in 3 ms`. */
  detail: string;
  error: ApiError | null;
  /** The permission that is missing, in the provider's words: `s3:ListBucket`. */
  permission: string | null;
};

/** What of a saved account is to be tested. */
export type AccountCheckup = {
  account: string;
  /** The bucket to look at; `null` takes the first that can be read. */
  bucket: string | null;
  /** The user agrees that one small object is written into the bucket, below this prefix,
   * and removed again. `null`: nothing is written. */
  probe: string | null;
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
  /** COS only: go to `tencentcos.cn` while `myqcloud.com` does not answer. */
  fallback_domain: boolean;
  credential: CredentialDraft | null;
  /** When a temporary credential expires, if it said so. */
  expires_ms?: number;
  /** A new account without a credential of its own gets a copy of this account's. */
  secret_of?: string;
};

export type AccountRef = {
  account: string;
};

/** What testing an account found: small checks in order, stopping at the first fatal one. */
export type AccountTest = {
  /** It can be used for something. */
  ok: boolean;
  checks: Array<AccountCheck>;
  /** Buckets the key may list. */
  buckets: Array<BucketView>;
  /** The bucket that was looked at; `null` when none could be. */
  bucket: string | null;
  /** All there are for this dialect, also those learned earlier. */
  capabilities: Array<CapabilityView>;
  /** What a probe made and could not remove, as `bucket/key`. */
  left_behind: Array<string>;
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
  /** COS: requests may go to `tencentcos.cn` while `myqcloud.com` does not answer. */
  fallback_domain: boolean;
  demo: boolean;
  /** A secret is at hand (in the keyring or for this run). */
  has_secret: boolean;
  secret_place: SecretPlace;
  /** When it was last asked anything; `null` never, as far as this computer knows. */
  used_ms: number | null;
  /** When its temporary key expires; `null` when it does not, or nobody said. */
  expires_ms: number | null;
};

/** Where the bucket name stands in a URL; `custom_domain`: nowhere, the host means one bucket. */
export type Addressing = "virtual_host" | "path" | "custom_domain";

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

/** A copy of more than this is not started by pasting alone. Zero of either always asks. */
export type AskAbove = {
  objects: number;
  /** Gibibytes. */
  gib: number;
};

/** Does one thing to many objects, request by request. Nothing of it is journaled: what is done
 * is done, and what is left is left when it is stopped. */
export type BeginErrand = {
  objects: ObjectSet;
  errand: Errand;
};

/** `never`, `enabled` or `suspended`. */
export type BucketVersions = {
  versioning: string;
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

export type CapabilityView = {
  /** `part_copy`, `tagging`, …; the UI translates it. */
  name: string;
  support: Support;
  /** Plain English: what was sent and what came back; why it is unknown. */
  detail: string;
  /** When it was learned; `null` while unknown. */
  at_ms: number | null;
  /** Plain English: what is done instead while it is absent. */
  instead: string;
};

/** Copies objects onto themselves with something changed; a job, so that it can be followed. */
export type ChangeObjects = {
  objects: ObjectSet;
  /** `null` keeps it. */
  storage_class: string | null;
  /** `null` keeps headers and metadata; only for a single object. */
  properties: ObjectProperties | null;
};

/** How a check ended. */
export type CheckOutcome = "passed" | "warning" | "failed" | "unknown";

/** An answer to a transfer that waits for a decision. */
export type Choice = "replace" | "keep_both" | "skip" | "start_over" | "accept_as_is" | "adopt_upload";

/** A job as a command for a POSIX shell. */
export type CommandLine = {
  text: string;
  /** What it does not say, because it is secret, was renamed, or is too much: stable words
   * `key_file`, `source_key_file`, `names`, `more`. */
  lacks: Array<string>;
};

/** One comparison of a verdict. */
export type ComparisonView = {
  /** `size`, `crc64_xz`, `crc64_nvme`, `plain_etag`, `composite_etag`, `upload_id`,
   * `part_table`, `version`, `encryption`, `properties`, `tags`, `person`. */
  compared: string;
  expected: string;
  expected_from: string;
  /** `null`: the server did not tell. */
  found: string | null;
  found_from: string;
  agrees: boolean;
  request_id: string | null;
};

/** What happens where a destination key exists: the user is asked, it stays, it is replaced
 * (always, only by what is newer, or only by what differs), or the copy gets another name. */
export type ConflictPolicy = "ask" | "skip" | "overwrite" | "if_newer" | "if_different" | "keep_both";

/** The request that asks for the same as an earlier job. */
export type CopiedAgain = {
  request: CopyRequest;
  /** Of the objects named one by one, as they were then. */
  bytes: number;
  /** The job had more objects than one request names; the rest is left out. */
  more: boolean;
};

/** A job to be asked for once more, whole or only what failed. */
export type CopyAgain = {
  job: number;
  only_failed: boolean;
};

export type CopyOptions = {
  /** Bytes; `null` chooses. */
  part_size: number | null;
  transfers_at_once: number;
  /** 0: as many as make the copy faster, found out by measuring. */
  parts_at_once: number;
  /** `null` keeps the source's. */
  storage_class: string | null;
  /** Encryption and access of the copies; without them bucket and provider decide. */
  terms?: CopyTerms;
  /** How soon and when the job runs; as soon as its turn comes if not given. */
  timing?: JobTiming;
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
  /** The prefixes hold more than was counted. */
  more: boolean;
  /** The first 200 objects. */
  items: Array<PlannedObject>;
  /** What cannot be copied, and why; the copy cannot start while there are any. */
  problems: Array<PlanProblem>;
  /** Part sizes that are legal here for the largest object, in bytes, for the slider; empty
   * where the server cannot copy parts. */
  part_sizes: Array<number>;
  /** Why the largest object's parts have their size: `wish`, `least` (the smallest that is chosen
   * by itself), `few_parts` (doubled until there are at most 2,000), `part_limit` (the provider
   * takes no more parts). */
  part_size_by: string;
  /** How many parts of an object are copied at once where that is found out. */
  parts_at_once: PartsAtOnce;
  /** What is done in another way because a server lacks something. */
  fallbacks: Array<Fallback>;
  /** Plain English: what the copies have instead of what their sources have. */
  given: Array<string>;
  /** Storage classes that cost something beyond requests. */
  classes: Array<PlanClass>;
  /** Source and destination are in different regions. */
  crosses_regions: boolean;
};

export type CopyRequest = {
  /** Where the objects are; `prefix` is the one they were shown under. */
  source: Place;
  keys: Array<string>;
  /** Whole prefixes, each as it is: everything that begins with it. They keep what follows
   * the prefix they were shown under. */
  prefixes?: Array<string>;
  /** More of both, each with its own name. */
  named?: Array<NamedSource>;
  destination: Place;
  /** New name under the destination prefix; only with exactly one key or prefix. */
  rename: string | null;
  options: CopyOptions;
  /** Without `on_conflict`: replace what exists, or refuse to start where a key exists. */
  overwrite: boolean;
  on_conflict?: ConflictPolicy;
  /** A copy if not given. */
  kind?: JobKind;
};

/** What copies are given: what no copy brings along, and what takes the place of the source's. */
export type CopyTerms = {
  /** A canned ACL in the provider's word; not together with grants. */
  acl: string | null;
  /** `read=ACCOUNT-ID`; permissions are read, read-acp, write-acp and full-control. */
  grants: Array<string>;
  encryption: EncryptionKind | null;
  /** With `kms`: the key's id; `null` is the service's default key. */
  kms_key: string | null;
  /** With `kms`, on COS and S3: names and values bound to the ciphertext. */
  kms_context: Array<[string, string]>;
  /** With `customer`: which offered key. */
  key_md5: string | null;
  /** The sources are encrypted with this offered key. */
  source_key_md5: string | null;
  /** Headers and user metadata instead of the source's, all of them; as the source if not given. */
  properties?: ObjectProperties;
  /** Tags instead of the source's, all of them; as the source if not given. */
  tags?: Array<[string, string]>;
};

/** Goes in, never out. */
export type CredentialDraft = {
  access_key: string;
  secret_key: string;
  token: string | null;
};

export type Decide = {
  job: number;
  transfer: number;
  /** Also every transfer of the job that waits for the same reason now. */
  all_like_it: boolean;
  choice: Choice;
  /** For `adopt_upload`. */
  upload_id: string | null;
};

/** How high the rows of lists are: 24, 28 or 32 pixels. */
export type Density = "compact" | "normal" | "roomy";

/** Something that happened outside of the page and is for the page to do. Comes over the stream,
 * once, to whoever listens first; what nobody listens to yet waits. */
export type DesktopCall = { "call": "open_address", address: string, } | { "call": "open_job", job: number | null, } | { "call": "ask_to_leave", running: number, };

/** What the program finds out about itself. */
export type Diagnostics = {
  version: string;
  /** `linux x86_64` */
  system: string;
  data_folder: string;
  /** The newest form of the journal this program knows. */
  journal_version: number;
  checks: Array<SelfCheck>;
};

/** Wire variants by name: `cos`, `obs`, `obs-v2`, `s3`. */
export type Dialect = "cos" | "obs" | "obs-v2" | "s3";

export type DryRunLine = {
  source_key: string;
  destination_key: string;
  size: number;
  parts: number;
  /** `copy`, `replace`, `keep_both`, `skip`, `ask` or `refuse` */
  fate: string;
  /** Plain English: why, where it is not simply copied. */
  why: string;
  is_archived: boolean;
};

export type DryRunLines = {
  status: DryRunStatus;
  start: number;
  lines: Array<DryRunLine>;
};

export type DryRunRef = {
  dry_run: number;
};

/** Asks for some lines: of all objects, or only of those that would not simply be copied. */
export type DryRunRequest = {
  dry_run: number;
  notable: boolean;
  start: number;
  count: number;
};

/** How far a dry run is, and what it comes to. Nothing is written anywhere. */
export type DryRunStatus = {
  dry_run: number;
  objects: number;
  copies: number;
  bytes: number;
  /** Lines about objects that would not simply be copied to a free key. */
  notable: number;
  /** Lines that are kept; of more than 200,000 objects only those are. */
  lines: number;
  ended: boolean;
  error: ApiError | null;
};

/** How copies are encrypted at rest: by the provider, by its key service (on S3 also in two
 * layers), or with a key of the user's own. */
export type EncryptionKind = "aes256" | "kms" | "kms-dual-layer" | "customer";

export type EncryptionView = {
  /** The provider's word: `AES256`, `cos/kms`, `aws:kms` … */
  algorithm: string;
  kms_key: string | null;
  /** With a key of the user's own: the MD5 of that key. */
  key_md5: string | null;
};

/** What is done to each of many objects. */
export type Errand = { "kind": "count" } | { "kind": "delete", versions: boolean, } | { "kind": "restore", tier: RestoreTier, days: number, } | { "kind": "tag", tags: Array<[string, string]>, } | { "kind": "access", canned: string, };

export type ErrandFailure = {
  key: string;
  error: ApiError;
};

export type ErrandRef = {
  errand: number;
};

/** How far an errand is. */
export type ErrandStatus = {
  errand: number;
  /** Objects found so far, with their bytes (versions and delete markers count, too, where
   * those are deleted). */
  found: number;
  bytes: number;
  /** Objects that are dealt with, failures included. */
  done: number;
  failed: number;
  ended: boolean;
  /** The user stopped it. */
  stopped: boolean;
  /** The first hundred refusals. */
  failures: Array<ErrandFailure>;
  /** Why it ended before its end. */
  error: ApiError | null;
};

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
  /** Only events at least as loud; all if not given. */
  at_least?: EventLevel;
};

/** Writes the lines that are kept into a new file. */
export type ExportDryRun = {
  dry_run: number;
  format: ManifestFormat;
};

export type ExportHistory = {
  filter: HistoryFilter;
  format: ManifestFormat;
  /** Keys are replaced by their SHA-256, so that the same key stays recognisable. */
  hash_keys: boolean;
};

/** A file that was written. */
export type Exported = {
  path: string;
  /** Lines without the head. */
  rows: number;
};

/** Something a copy does in another way because a server lacks a capability. */
export type Fallback = {
  capability: string;
  bucket: string;
  /** Plain English: what is done instead. */
  message: string;
  /** How the absence is known. */
  evidence: string;
};

/** Shows only the rows that pass, those that come later included. Without any wish all rows are
 * shown again. */
export type FilterListing = {
  listing: number;
  /** Somewhere in what follows the listed prefix, without regard to case. */
  text: string;
  /** One of these storage classes; any if empty. Prefixes have none and do not pass. */
  classes: Array<string>;
  /** Bytes, inclusive. */
  min_size: number | null;
  /** Bytes, exclusive. */
  max_size: number | null;
  /** Changed at this time or later, in milliseconds since 1970. */
  since_ms: number | null;
};

/** Looks for the first shown row whose name starts with a text: as written if there is one,
 * else in any case. */
export type FindRow = {
  listing: number;
  text: string;
};

export type FoundRow = {
  row: number | null;
};

export type GrantView = {
  /** `read`, `read-acp`, `write-acp`, `full-control` */
  permission: string;
  /** `everyone`, `signed-in`, an account's id or a group's address. */
  grantee: string;
};

/** Which ended jobs; all conditions hold together. */
export type HistoryFilter = {
  /** Part of a key, a bucket, a prefix or a request id; upper and lower case are the same.
   * Empty for no such condition. */
  text: string;
  /** Ended at or after. */
  since_ms: number | null;
  /** Ended before. */
  until_ms: number | null;
  /** Source or destination is seen through this account. */
  account: string | null;
  result: HistoryResult | null;
  /** At least as many bytes in all. */
  min_bytes: number | null;
};

export type HistoryFound = {
  job: JobView;
  /** What was found in it; `null` when no text was looked for. */
  matched: HistoryMatch | null;
};

export type HistoryMatch = {
  what: MatchedIn;
  text: string;
};

export type HistoryPage = {
  /** Newest first. */
  found: Array<HistoryFound>;
  /** What the next page comes after; `null` when there is nothing more. */
  next: number | null;
};

export type HistoryRequest = {
  /** Page: jobs older than this one. */
  before: number | null;
  limit: number;
};

/** How a job ended. */
export type HistoryResult = "done" | "failures" | "cancelled";

/** How long ended jobs are kept. Unfinished ones always are. */
export type HistoryRetention = {
  /** Days after their end; 0 keeps them for ever. */
  days: number;
  /** Objects of all jobs together, the newest kept; 0 for no bound. */
  objects: number;
};

export type ImportAccount = {
  /** Its name in the file; it can be chosen by it. */
  name: string;
  dialect: Dialect;
  endpoint: string;
  region: string;
  addressing: Addressing;
  masked_key_id: string;
  named_buckets: Array<string>;
  /** It has a session token, and may have expired. */
  temporary: boolean;
  obstacle: ImportObstacle | null;
};

/** A file of another program that is there. Nothing has opened it yet. */
export type ImportFile = {
  kind: ImportKind;
  /** As one writes it: `~/.cos.yaml`. */
  path: string;
};

export type ImportFound = {
  kind: ImportKind;
  accounts: Array<ImportAccount>;
  /** The whole file is encrypted: nothing in it can be read. */
  encrypted: boolean;
};

/** Programs whose accounts can be read. */
export type ImportKind = "aws" | "coscli" | "coscmd" | "obsutil" | "rclone";

/** Why an account that was found cannot be taken over. */
export type ImportObstacle = "encrypted" | "no_key" | "no_endpoint" | "known";

export type ImportRef = {
  kind: ImportKind;
};

export type ImportRequest = {
  kind: ImportKind;
  /** Accounts by their names in the file. */
  names: Array<string>;
};

export type Imported = {
  accounts: Array<AccountView>;
  /** `null`: secrets are in the system keyring. Otherwise why only for this run. */
  this_run_only: string | null;
};

/** What becomes of the sources: they stay, or each is deleted once its copy is verified. */
export type JobKind = "copy" | "move";

export type JobRef = {
  job: number;
};

export type JobRefused = {
  job: number;
  error: ApiError;
};

/** What a job was asked for, and at what pace it runs now. */
export type JobSettings = {
  options: CopyOptions;
  on_conflict: ConflictPolicy;
};

export type JobStarted = {
  job: number;
};

/** The state of a job as shown. */
export type JobState = "queued" | "copying" | "completing" | "verifying" | "paused" | "waiting" | "interrupted" | "cancelling" | "cancelled" | "done" | "done_with_failures" | "failed";

/** How soon and when a job runs. */
export type JobTiming = {
  priority: Priority;
  /** Not before. */
  start_at_ms: number | null;
  /** `22:00-06:00`, every day in local time: outside of it the job holds itself. */
  window: string | null;
};

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
  /** Left out, by the conflict policy or by the user. */
  objects_skipped: number;
  /** Wait for the network, a key, a restore or a decision, whatever the others do. */
  objects_waiting: number;
  /** Prefixes are still being listed: more objects may follow. */
  listing: boolean;
  /** Sources are deleted once their copies are verified. */
  moves: boolean;
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
  /** Seconds left of the time the server asked for; nothing is sent until then. */
  asked_seconds: number | null;
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
  /** How soon and when it runs. */
  timing: JobTiming;
  /** Its place among the jobs of its priority: a lower one goes first. */
  position: number;
  /** It waits for its hours, which come then. */
  waits_until_ms: number | null;
  transfers_at_once: number;
  /** 0: as many as make it faster, found out by measuring. */
  parts_at_once: number;
};

/** What became of many jobs asked at once. */
export type JobsAnswer = {
  jobs: Array<JobView>;
  /** Those that could not do as asked, each with the reason. */
  refused: Array<JobRefused>;
};

/** Goes in, never out: an encryption key of the user's own. */
export type KeyDraft = {
  /** 32 bytes in base64 or hexadecimal. */
  key: string;
  /** MD5 of the bytes, to be compared. */
  md5: string | null;
};

/** A key that was offered, by the MD5 of its bytes in base64. */
export type KeyOffered = {
  md5: string;
};

/** Keys of rows by index intervals, for selections (end exclusive). */
export type KeysOfRows = {
  listing: number;
  intervals: Array<[number, number]>;
};

/** What becomes of running jobs when the window goes. */
export type Leave = "keep_running" | "quit";

/** The answer to [`DesktopCall::AskToLeave`], or the user's own wish. */
export type LeaveRequest = {
  leave: Leave;
  /** Do the same from now on, without asking. */
  remember: boolean;
};

/** A part of the program that others wrote. */
export type Licence = {
  name: string;
  version: string;
  licence: string;
};

export type ListingRef = {
  listing: number;
};

/** How far a listing is. */
export type ListingStatus = {
  listing: number;
  /** Rows loaded so far. */
  rows: number;
  /** Rows that pass the filter; all of them without one. Windows and intervals count these. */
  shown: number;
  /** Storage classes that occur, in the provider's words. */
  classes: Array<string>;
  /** Everything is loaded. */
  complete: boolean;
  /** Pages are being fetched at the moment. */
  loading: boolean;
  error: ApiError | null;
};

/** A zero-byte object whose key ends with `/`. */
export type MakeFolder = {
  place: Place;
  name: string;
};

/** How a manifest is written. */
export type ManifestFormat = "csv" | "jsonl";

/** Some rows of a manifest as text: to be appended to a file as it is. */
export type ManifestPage = {
  text: string;
  /** `null` after the last page. */
  next: number | null;
};

export type ManifestRequest = {
  job: number;
  format: ManifestFormat;
  /** Where the page before ended; `null` for the first, which in CSV begins with the head. */
  after: number | null;
};

/** Where the text that was looked for stands. */
export type MatchedIn = "place" | "key" | "request_id";

export type MoveJob = {
  job: number;
  place: QueuePlace;
  /** The other job, with `before` and `after`. */
  other: number | null;
};

/** A source, and what it is called under the destination prefix. */
export type NamedSource = {
  key: string;
  /** It is a prefix; with an empty name only what is under it goes to the destination. */
  whole_prefix: boolean;
  name: string;
  /** Of an object; its current version if not given. */
  version?: string;
};

/** Ways to reach a provider. */
export type Network = "public" | "internal" | "accelerate" | "dualstack" | "fips";

/** A way to reach a provider. */
export type NetworkChoice = {
  kind: Network;
  /** With `{region}` where the region goes. */
  host: string;
};

/** What a command without arguments takes. */
export type Nothing = Record<symbol, never>;

/** Which notifications there are. */
export type Notify = {
  done: boolean;
  failed: boolean;
  needs_you: boolean;
};

/** Who may do what with an object. */
export type ObjectAcl = {
  owner: string | null;
  grants: Array<GrantView>;
  /** Canned ACLs the provider has for objects. */
  canned: Array<string>;
};

/** What a HEAD tells. */
export type ObjectDetails = {
  key: string;
  size: number;
  etag: string;
  /** As sent: RFC 1123. */
  last_modified: string;
  modified_ms: number | null;
  version: string | null;
  /** In the provider's word; STANDARD where the server names none. */
  storage_class: string;
  /** It must be restored before it can be read. */
  is_archived: boolean;
  restore: RestoreProgress | null;
  /** CRC-64/XZ as decimal text (COS), or CRC-64/NVME in base64 (S3). */
  crc64: string | null;
  encryption: EncryptionView | null;
  /** Standard headers in lower case. */
  headers: Array<[string, string]>;
  /** User metadata: names without the vendor's prefix. */
  metadata: Array<[string, string]>;
  /** Where the server says so. */
  tag_count: number | null;
  website_redirect: string | null;
  /** The address without a signature: opens only what everybody may read. */
  url: string;
  /** It is so large that changing it takes a multipart copy. */
  needs_multipart: boolean;
  request_id: string | null;
};

/** The beginning of an object, at most 1 MiB. */
export type ObjectPreview = {
  /** `text`, `image` or `binary` */
  shows: string;
  content_type: string;
  /** For `text`. */
  text: string | null;
  /** For `image`: the bytes in base64. */
  base64: string | null;
  /** Bytes that were read, of all there are. */
  read: number;
  size: number;
};

export type ObjectProperties = {
  headers: Array<[string, string]>;
  metadata: Array<[string, string]>;
};

/** One object, or one version of it. The prefix of the place plays no part. */
export type ObjectRef = {
  place: Place;
  key: string;
  /** `null` is the current one. */
  version: string | null;
  /** The object is encrypted with this offered key. */
  key_md5: string | null;
};

/** Objects and whole prefixes of one bucket. */
export type ObjectSet = {
  place: Place;
  keys: Array<string>;
  prefixes: Array<string>;
};

export type ObjectTags = {
  tags: Array<[string, string]>;
};

/** What closing the window does while jobs run; without any it ends the program. */
export type OnClose = "keep_running" | "ask" | "quit";

/** Opens a listing of one level of a place; rows stream into Rust and are asked for by window. */
export type OpenListing = {
  place: Place;
  /** Load on without being asked; otherwise stops after the first 10,000 entries. */
  load_all: boolean;
};

/** An abort that is owed until the server says the upload is gone. */
export type OwedAbort = {
  upload: UploadRef;
  requested_ms: number;
  attempts: number;
  /** Why the last attempt did not do. */
  error: ApiError | null;
};

/** Takes effect at once, also while the job runs. */
export type PaceJob = {
  job: number;
  transfers_at_once: number;
  parts_at_once: number;
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

/** The search for the number of parts at once: it doubles while that makes the copy faster. */
export type PartsAtOnce = {
  /** It begins with so many. */
  begins: number;
  most: number;
  /** Another copy to this bucket has found that number; it is looked at again after a minute. */
  found: boolean;
};

/** A bucket and prefix seen through an account. */
export type Place = {
  account: string;
  bucket: string;
  region: string | null;
  prefix: string;
};

/** Objects of a plan that share a storage class, and whose copies do. */
export type PlanClass = {
  /** In the provider's words. */
  source: string;
  copies: string;
  objects: number;
  bytes: number;
  /** For so many days each copy is billed at least, also when it is deleted before; 0 for none. */
  minimum_days: number;
  /** Each byte that is read of the sources is billed. */
  billed_reads: boolean;
};

export type PlanProblem = {
  key: string;
  error: ApiError;
};

export type PlannedObject = {
  source_key: string;
  /** Where both are kept, the free name the copy would get. */
  destination_key: string;
  size: number;
  parts: number;
  part_size: number;
  multipart: boolean;
  exists: boolean;
  /** What becomes of it: `copy`, `replace`, `keep_both`, `skip`, `ask`. */
  fate: string;
  /** Why, where it is not simply copied. */
  why: string;
  not_carried: Array<string>;
  /** It is archived: its copy waits until the user has it restored. */
  is_archived: boolean;
};

/** Which tradition the shortcuts follow: F5 reloads, or it copies to the other pane. */
export type Preset = "explorer" | "commander";

export type PresignObject = {
  object: ObjectRef;
  /** For how many seconds the link works. */
  seconds: number;
  /** Browsers save it instead of showing it. */
  as_download: boolean;
};

/** A link whoever has it can use. Shown because the user asked; never kept anywhere. */
export type PresignedLink = {
  url: string;
  until_ms: number;
};

/** What the provider of an account charges, as the user entered it. */
export type PriceTable = {
  account: string;
  /** As shown before amounts: `¥`, `EUR`. */
  currency: string;
  /** The day the prices were looked up: `2026-11-01`. */
  dated: string;
  /** Per 10,000 requests that write or list. */
  writes: number;
  /** Per 10,000 requests that read. */
  reads: number;
  /** Per GiB stored for a month. */
  storage: number;
  /** Per GiB copied into another region. */
  transfer: number;
};

/** Which jobs get their turn first. */
export type Priority = "high" | "normal" | "low";

/** A cloud that is offered by name. Regions and networks are suggestions: any endpoint can be
 * typed. */
export type ProviderChoice = {
  /** `tencent`, `aws-cn`, … */
  id: string;
  /** Clouds offered as one choice share it. */
  family: string;
  en: string;
  zh: string;
  dialect: Dialect;
  addressing: Addressing;
  /** The usual one first; none: only the user knows the endpoint. */
  networks: Array<NetworkChoice>;
  regions: Array<RegionChoice>;
};

/** Replaces all grants by a canned ACL. */
export type PutObjectAcl = {
  object: ObjectRef;
  canned: string;
};

/** Replaces all tags; none removes them. */
export type PutObjectTags = {
  object: ObjectRef;
  tags: Array<[string, string]>;
};

/** Where a job is moved: to either end of its priority, or beside another job, with that one's
 * priority. */
export type QueuePlace = "first" | "last" | "before" | "after";

export type RegionChoice = {
  code: string;
  en: string;
  zh: string;
  /** For buckets that exist only. */
  closed: boolean;
  /** Its public host where it does not follow the pattern. */
  host: string | null;
};

/** A request as it would be sent, without its signature. */
export type RequestPreview = {
  text: string;
};

/** For every transfer of the job whose source is archived. */
export type RestoreJob = {
  job: number;
  tier: RestoreTier;
  /** How long the restored bytes stay readable. */
  days: number;
};

/** A restore that runs or has run. */
export type RestoreProgress = {
  ongoing: boolean;
  /** Until when the restored bytes can be read. */
  until_ms: number | null;
};

/** How quickly an archived source is brought back. */
export type RestoreTier = "expedited" | "standard" | "bulk";

/** What was asked for an archived source. */
export type RestoreView = {
  tier: RestoreTier;
  days: number;
  asked_ms: number;
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

/** How much a selection is, without its keys. */
export type RowSums = {
  objects: number;
  prefixes: number;
  /** Of the objects; nobody knows it of the prefixes yet. */
  bytes: number;
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

export type SearchHistory = {
  filter: HistoryFilter;
  /** Page: jobs older than this one. */
  before: number | null;
  limit: number;
};

/** Opens a listing of what starts with a text at one level of a place: the server chooses, so
 * nothing else has to be loaded. */
export type SearchPlace = {
  place: Place;
  /** What names begin with, after the place's prefix. */
  starts_with: string;
};

/** Where to look; `null` means everywhere. */
export type SearchUploads = {
  account: string | null;
  /** Only with an account. */
  bucket: string | null;
  /** Only with a bucket. */
  region: string | null;
};

/** Where the secret of an account is. */
export type SecretPlace = "missing" | "keyring" | "this_run" | "demo";

/** What is selected: keys of objects, and whole prefixes. */
export type SelectedKeys = {
  keys: Array<string>;
  prefixes: Array<string>;
  /** Of the objects; nobody knows it of the prefixes yet. */
  bytes: number;
};

export type SelfCheck = {
  /** `journal`, `folder`, `keyring` */
  name: string;
  ok: boolean;
  /** Plain English: what was found, or what is wrong. */
  detail: string;
};

/** A part of the window's session as JSON text; `null` if nothing was kept. */
export type Session = {
  part: SessionPart;
  json: string | null;
};

/** What the window keeps for its next start, in parts so that one that cannot be read does not
 * take the others along. */
export type SessionPart = "panes" | "places" | "columns";

export type SessionRef = {
  part: SessionPart;
};

/** Kept in the journal; applied at once. What an older version stored lacks the later ones. */
export type Settings = {
  /** `en`, `zh-CN`, `de` or `null` for the system's. */
  language: string | null;
  theme: Theme;
  /** Defaults of the copy dialog. */
  transfers_at_once: number;
  /** 0: as many as make a copy faster, found out by measuring. */
  parts_at_once: number;
  /** Jobs running at once. */
  jobs_at_once: number;
  /** What closing the window does while jobs run. */
  on_close: OnClose;
  density: Density;
  units: Units;
  start_screen: StartScreen;
  preset: Preset;
  /** Shortcuts chosen instead of the preset's, by action. */
  shortcuts: { [key in string]: Array<string> };
  /** What the copy dialog starts with. */
  on_conflict: ConflictPolicy;
  /** From where on pasting shows the copy dialog first. */
  ask_above: AskAbove;
  /** Bytes of a part the copy dialog starts with; `null` chooses by the object. */
  part_size: number | null;
  /** How often a request is repeated while its server is in trouble. */
  retries: number;
  /** `null`: as the system has it, `direct`: none, else its address, without a password. */
  proxy: string | null;
  /** File with certificates (PEM) of authorities that are trusted beside the system's. */
  ca_file: string | null;
  /** Which ends of jobs the desktop is told of. */
  notify: Notify;
  /** What providers charge, by account; none where the user entered none. */
  prices: Array<PriceTable>;
};

/** Settings as a file holds them. */
export type SettingsText = {
  text: string;
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

/** What the window shows first. */
export type StartScreen = "browse" | "transfers";

/** What a subscriber receives: a snapshot first, then updates; `seq` rises by one. On a gap,
 * subscribe again. */
export type StreamMessage = { "kind": "snapshot" } & Snapshot | { "kind": "update" } & Update | { "kind": "desktop" } & DesktopCall;

/** Whether a server has a capability. */
export type Support = "present" | "absent" | "unknown";

/** Language, theme and the like. `language: null` and `theme: "system"` follow the system. */
export type Theme = "system" | "light" | "dark";

/** How fast a job was in the last quarter of an hour, as sampled while it was driven here. The
 * lists are equally long; gaps in the times are pauses. */
export type Throughput = {
  /** Milliseconds between two samples of a running job. */
  step_ms: number;
  at_ms: Array<number>;
  bytes_per_second: Array<number>;
  /** Requests in flight. */
  in_flight: Array<number>;
};

export type TimeJob = {
  job: number;
  timing: JobTiming;
};

export type TransferRef = {
  transfer: number;
};

/** The state of a transfer. */
export type TransferState = "queued" | "starting" | "copying" | "paused" | "waiting" | "completing" | "verifying" | "removing" | "done" | "aborting" | "cancelled" | "skipped" | "failed";

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
  /** Why it is left out. */
  left_out: string | null;
  verdict: Verdict | null;
  /** What may be answered while it waits for a decision. */
  choices: Array<Choice>;
  /** The source was asked back from the archive and is waited for. */
  restore: RestoreView | null;
  not_carried: Array<string>;
};

export type TransfersRequest = {
  job: number;
  after: number | null;
  limit: number;
};

/** Powers of 1024 (MiB) or of 1000 (MB). */
export type Units = "iec" | "decimal";

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

/** Whose an open upload is. */
export type UploadOwnership = "ours" | "perhaps" | "foreign";

export type UploadProblem = {
  account: string;
  /** `null`: the account's buckets could not be listed. */
  bucket: string | null;
  error: ApiError;
};

/** An upload by what names it on its server. */
export type UploadRef = {
  account: string;
  bucket: string;
  region: string | null;
  key: string;
  upload_id: string;
};

export type UploadSearchRef = {
  search: number;
};

/** How far a search is. */
export type UploadSearchStatus = {
  search: number;
  /** Uploads found so far. */
  found: number;
  /** Buckets looked through so far, and those known of. */
  buckets_done: number;
  buckets: number;
  complete: boolean;
  /** What could not be looked at, and why. */
  problems: Array<UploadProblem>;
};

/** What an upload holds. */
export type UploadSize = {
  parts: number;
  bytes: number;
};

export type UploadView = {
  upload: UploadRef;
  /** ISO 8601 as sent. */
  initiated: string;
  initiated_ms: number | null;
  /** Who opened it, in the provider's words. */
  initiator: string | null;
  ownership: UploadOwnership;
  /** The job it belongs to, or may belong to. */
  job: number | null;
  transfer: number | null;
  /** Its job is being driven, here or elsewhere. */
  driven: boolean;
  /** It is being given back already. */
  aborting: boolean;
  /** Why it may not be aborted; `null` if it may. */
  must_stay: string | null;
};

export type UploadsRequest = {
  search: number;
  start: number;
  count: number;
  /** Only uploads opened before this time; those of unknown age are always told. */
  opened_before_ms?: number;
};

export type UploadsWindow = {
  status: UploadSearchStatus;
  /** Uploads found so far that are as old as asked for. */
  matching: number;
  start: number;
  /** In the order in which they were found. */
  uploads: Array<UploadView>;
};

export type Verdict = {
  verified: boolean;
  evidence: string;
  etag: string;
  version: string | null;
  request_id: string | null;
  at_ms: number;
};

export type VersionView = {
  /** `null` in a bucket that never had versions. */
  version: string | null;
  is_latest: boolean;
  /** It only says that the object was deleted. */
  is_delete_marker: boolean;
  size: number;
  /** ISO 8601 as sent. */
  modified: string;
  etag: string | null;
  storage_class: string | null;
};

/** Versions of one key, the newest first. */
export type VersionsPage = {
  versions: Array<VersionView>;
  next: [string, string] | null;
};

export type VersionsRequest = {
  object: ObjectRef;
  /** Where the page before ended. */
  after: [string, string] | null;
};

/** Every command by name: what it takes and what it answers. */
export interface Commands {
  app_state: { args: Nothing; answer: AppState };
  put_settings: { args: Settings; answer: Settings };
  export_settings: { args: Nothing; answer: Exported };
  import_settings: { args: SettingsText; answer: Settings };
  licences: { args: Nothing; answer: Array<Licence> };
  diagnostics: { args: Nothing; answer: Diagnostics };
  leave: { args: LeaveRequest; answer: Nothing };
  accounts: { args: Nothing; answer: Array<AccountView> };
  test_account: { args: AccountDraft; answer: AccountTest };
  check_account: { args: AccountCheckup; answer: AccountTest };
  checks_so_far: { args: Nothing; answer: Array<AccountCheck> };
  save_account: { args: AccountDraft; answer: SavedAccount };
  remove_account: { args: AccountRef; answer: Nothing };
  import_files: { args: Nothing; answer: Array<ImportFile> };
  read_import: { args: ImportRef; answer: ImportFound };
  import_accounts: { args: ImportRequest; answer: Imported };
  start_demo: { args: Nothing; answer: Array<AccountView> };
  buckets: { args: AccountRef; answer: Array<BucketView> };
  open_listing: { args: OpenListing; answer: ListingStatus };
  search_place: { args: SearchPlace; answer: ListingStatus };
  load_rest: { args: ListingRef; answer: ListingStatus };
  stop_listing: { args: ListingRef; answer: ListingStatus };
  sort_listing: { args: SortListing; answer: ListingStatus };
  filter_listing: { args: FilterListing; answer: ListingStatus };
  rows: { args: RowsRequest; answer: RowWindow };
  find_row: { args: FindRow; answer: FoundRow };
  keys_of_rows: { args: KeysOfRows; answer: SelectedKeys };
  sum_rows: { args: KeysOfRows; answer: RowSums };
  close_listing: { args: ListingRef; answer: Nothing };
  session: { args: SessionRef; answer: Session };
  put_session: { args: Session; answer: Nothing };
  offer_key: { args: KeyDraft; answer: KeyOffered };
  plan_copy: { args: CopyRequest; answer: CopyPlan };
  start_copy: { args: CopyRequest; answer: JobStarted };
  begin_dry_run: { args: CopyRequest; answer: DryRunStatus };
  dry_run: { args: DryRunRequest; answer: DryRunLines };
  export_dry_run: { args: ExportDryRun; answer: Exported };
  close_dry_run: { args: DryRunRef; answer: Nothing };
  object_details: { args: ObjectRef; answer: ObjectDetails };
  object_tags: { args: ObjectRef; answer: ObjectTags };
  put_object_tags: { args: PutObjectTags; answer: ObjectTags };
  object_acl: { args: ObjectRef; answer: ObjectAcl };
  preview_acl: { args: PutObjectAcl; answer: RequestPreview };
  put_object_acl: { args: PutObjectAcl; answer: ObjectAcl };
  object_versions: { args: VersionsRequest; answer: VersionsPage };
  delete_version: { args: ObjectRef; answer: Nothing };
  bring_back: { args: ObjectRef; answer: JobStarted };
  bucket_versions: { args: Place; answer: BucketVersions };
  make_folder: { args: MakeFolder; answer: Nothing };
  change_objects: { args: ChangeObjects; answer: JobStarted };
  presign_object: { args: PresignObject; answer: PresignedLink };
  preview_object: { args: ObjectRef; answer: ObjectPreview };
  begin_errand: { args: BeginErrand; answer: ErrandStatus };
  errand: { args: ErrandRef; answer: ErrandStatus };
  stop_errand: { args: ErrandRef; answer: ErrandStatus };
  close_errand: { args: ErrandRef; answer: Nothing };
  jobs: { args: HistoryRequest; answer: Array<JobView> };
  job: { args: JobRef; answer: JobView };
  transfers: { args: TransfersRequest; answer: Array<TransferView> };
  waiting_transfers: { args: JobRef; answer: Array<TransferView> };
  part_map: { args: TransferRef; answer: PartMap };
  events: { args: EventsRequest; answer: Array<EventView> };
  throughput: { args: JobRef; answer: Throughput };
  job_settings: { args: JobRef; answer: JobSettings };
  save_job_log: { args: JobRef; answer: Exported };
  pause_job: { args: JobRef; answer: JobView };
  resume_job: { args: JobRef; answer: JobView };
  retry_job: { args: JobRef; answer: JobView };
  cancel_job: { args: CancelJob; answer: JobView };
  forget_job: { args: JobRef; answer: Nothing };
  search_history: { args: SearchHistory; answer: HistoryPage };
  copy_again: { args: CopyAgain; answer: CopiedAgain };
  job_command: { args: JobRef; answer: CommandLine };
  export_history: { args: ExportHistory; answer: Exported };
  history_retention: { args: Nothing; answer: HistoryRetention };
  put_history_retention: { args: HistoryRetention; answer: HistoryRetention };
  decide: { args: Decide; answer: JobView };
  restore_job: { args: RestoreJob; answer: JobView };
  evidence: { args: TransferRef; answer: Array<ComparisonView> };
  manifest: { args: ManifestRequest; answer: ManifestPage };
  move_job: { args: MoveJob; answer: JobView };
  time_job: { args: TimeJob; answer: JobView };
  pace_job: { args: PaceJob; answer: JobView };
  pause_all: { args: Nothing; answer: JobsAnswer };
  resume_all: { args: Nothing; answer: JobsAnswer };
  search_uploads: { args: SearchUploads; answer: UploadSearchStatus };
  uploads: { args: UploadsRequest; answer: UploadsWindow };
  close_upload_search: { args: UploadSearchRef; answer: Nothing };
  upload_size: { args: UploadRef; answer: UploadSize };
  abort_uploads: { args: AbortUploads; answer: Array<OwedAbort> };
  owed_aborts: { args: Nothing; answer: Array<OwedAbort> };
}

/** Clouds offered by name, in the order they are offered. */
export const PROVIDERS: readonly ProviderChoice[] = [
  {"id":"tencent","family":"tencent","en":"Tencent COS","zh":"腾讯云 COS","dialect":"cos","addressing":"virtual_host","networks":[{"kind":"public","host":"cos.{region}.myqcloud.com"},{"kind":"internal","host":"cos-internal.{region}.tencentcos.cn"},{"kind":"accelerate","host":"cos.accelerate.myqcloud.com"}],"regions":[
    {"code":"ap-guangzhou","en":"Guangzhou","zh":"广州","closed":false,"host":null},
    {"code":"ap-shanghai","en":"Shanghai","zh":"上海","closed":false,"host":null},
    {"code":"ap-beijing","en":"Beijing","zh":"北京","closed":false,"host":null},
    {"code":"ap-nanjing","en":"Nanjing","zh":"南京","closed":false,"host":null},
    {"code":"ap-chengdu","en":"Chengdu","zh":"成都","closed":false,"host":null},
    {"code":"ap-chongqing","en":"Chongqing","zh":"重庆","closed":false,"host":null},
    {"code":"ap-hongkong","en":"Hong Kong","zh":"中国香港","closed":false,"host":null},
    {"code":"ap-singapore","en":"Singapore","zh":"新加坡","closed":false,"host":null},
    {"code":"ap-jakarta","en":"Jakarta","zh":"雅加达","closed":false,"host":null},
    {"code":"ap-seoul","en":"Seoul","zh":"首尔","closed":false,"host":null},
    {"code":"ap-bangkok","en":"Bangkok","zh":"曼谷","closed":false,"host":null},
    {"code":"ap-tokyo","en":"Tokyo","zh":"东京","closed":false,"host":null},
    {"code":"ap-osaka","en":"Osaka","zh":"大阪","closed":false,"host":null},
    {"code":"me-saudi-arabia","en":"Saudi Arabia","zh":"沙特阿拉伯","closed":false,"host":null},
    {"code":"na-siliconvalley","en":"Silicon Valley","zh":"硅谷","closed":false,"host":null},
    {"code":"na-ashburn","en":"Virginia","zh":"弗吉尼亚","closed":false,"host":null},
    {"code":"sa-saopaulo","en":"São Paulo","zh":"圣保罗","closed":false,"host":null},
    {"code":"eu-frankfurt","en":"Frankfurt","zh":"法兰克福","closed":false,"host":null},
    {"code":"ap-beijing-1","en":"Beijing, zone 1","zh":"北京一区","closed":true,"host":null},
    {"code":"ap-mumbai","en":"Mumbai","zh":"孟买","closed":true,"host":null},
    {"code":"na-toronto","en":"Toronto","zh":"多伦多","closed":true,"host":null},
    {"code":"eu-moscow","en":"Moscow","zh":"莫斯科","closed":true,"host":null}]},
  {"id":"tencent-finance","family":"tencent","en":"Tencent COS, finance cloud","zh":"腾讯云 COS 金融云","dialect":"cos","addressing":"virtual_host","networks":[{"kind":"public","host":"cos.{region}.myqcloud.com"},{"kind":"internal","host":"cos-internal.{region}.tencentcos.cn"}],"regions":[
    {"code":"ap-shanghai-fsi","en":"Shanghai, finance","zh":"上海金融","closed":false,"host":null},
    {"code":"ap-shenzhen-fsi","en":"Shenzhen, finance","zh":"深圳金融","closed":false,"host":null},
    {"code":"ap-beijing-fsi","en":"Beijing, finance","zh":"北京金融","closed":false,"host":null}]},
  {"id":"huawei","family":"huawei","en":"Huawei Cloud OBS","zh":"华为云 OBS","dialect":"obs","addressing":"virtual_host","networks":[{"kind":"public","host":"obs.{region}.myhuaweicloud.com"}],"regions":[
    {"code":"cn-north-4","en":"Beijing 4","zh":"华北-北京四","closed":false,"host":null},
    {"code":"cn-north-1","en":"Beijing 1","zh":"华北-北京一","closed":false,"host":null},
    {"code":"cn-north-2","en":"Beijing 2","zh":"华北-北京二","closed":false,"host":null},
    {"code":"cn-north-9","en":"Ulanqab 1","zh":"华北-乌兰察布一","closed":false,"host":null},
    {"code":"cn-east-2","en":"Shanghai 2","zh":"华东-上海二","closed":false,"host":null},
    {"code":"cn-east-3","en":"Shanghai 1","zh":"华东-上海一","closed":false,"host":null},
    {"code":"cn-east-4","en":"East China 2","zh":"华东二","closed":false,"host":null},
    {"code":"cn-east-5","en":"Qingdao","zh":"华东-青岛","closed":false,"host":null},
    {"code":"cn-south-1","en":"Guangzhou","zh":"华南-广州","closed":false,"host":null},
    {"code":"cn-south-2","en":"Shenzhen","zh":"华南-深圳","closed":false,"host":null},
    {"code":"cn-south-4","en":"Guangzhou, invited users","zh":"华南-广州-友好用户环境","closed":false,"host":null},
    {"code":"cn-southwest-2","en":"Guiyang 1","zh":"西南-贵阳一","closed":false,"host":null},
    {"code":"cn-southwest-3","en":"Guiyang 2","zh":"西南-贵阳二","closed":false,"host":null},
    {"code":"ap-southeast-1","en":"Hong Kong","zh":"中国-香港","closed":false,"host":null},
    {"code":"ap-southeast-2","en":"Bangkok","zh":"亚太-曼谷","closed":false,"host":null},
    {"code":"ap-southeast-3","en":"Singapore","zh":"亚太-新加坡","closed":false,"host":null},
    {"code":"ap-southeast-4","en":"Jakarta","zh":"亚太-雅加达","closed":false,"host":null},
    {"code":"af-south-1","en":"Johannesburg","zh":"非洲-约翰内斯堡","closed":false,"host":null},
    {"code":"af-north-1","en":"Cairo","zh":"非洲-开罗","closed":false,"host":null},
    {"code":"la-north-2","en":"Mexico City 2","zh":"拉美-墨西哥城二","closed":false,"host":null},
    {"code":"la-south-2","en":"Santiago","zh":"拉美-圣地亚哥","closed":false,"host":null},
    {"code":"na-mexico-1","en":"Mexico City 1","zh":"拉美-墨西哥城一","closed":false,"host":null},
    {"code":"sa-brazil-1","en":"São Paulo","zh":"拉美-圣保罗一","closed":false,"host":null},
    {"code":"sa-chile-1","en":"Chile","zh":"拉美-智利","closed":false,"host":null},
    {"code":"sa-argentina-1","en":"Buenos Aires","zh":"拉美-布宜诺斯艾利斯一","closed":false,"host":null},
    {"code":"sa-peru-1","en":"Lima","zh":"拉美-利马一","closed":false,"host":null},
    {"code":"me-east-1","en":"Riyadh","zh":"中东-利雅得","closed":false,"host":null},
    {"code":"tr-west-1","en":"Istanbul","zh":"土耳其-伊斯坦布尔","closed":false,"host":null},
    {"code":"ru-northwest-2","en":"Saint Petersburg 2","zh":"俄罗斯-圣彼得堡二","closed":true,"host":null}]},
  {"id":"huawei-eu","family":"huawei","en":"Huawei Cloud Europe OBS","zh":"华为云欧洲站 OBS","dialect":"obs","addressing":"virtual_host","networks":[{"kind":"public","host":"obs.{region}.myhuaweicloud.eu"}],"regions":[
    {"code":"eu-west-101","en":"Dublin","zh":"欧洲-都柏林","closed":false,"host":null}]},
  {"id":"otc","family":"otc","en":"Open Telekom Cloud OBS","zh":"Open Telekom Cloud OBS","dialect":"obs","addressing":"virtual_host","networks":[{"kind":"public","host":"obs.{region}.otc.t-systems.com"}],"regions":[
    {"code":"eu-de","en":"Germany","zh":"德国","closed":false,"host":null},
    {"code":"eu-nl","en":"Netherlands","zh":"荷兰","closed":false,"host":null},
    {"code":"eu-ch2","en":"Switzerland","zh":"瑞士","closed":false,"host":"obs.eu-ch2.sc.otc.t-systems.com"}]},
  {"id":"aws","family":"aws","en":"Amazon S3","zh":"Amazon S3","dialect":"s3","addressing":"virtual_host","networks":[{"kind":"public","host":"s3.{region}.amazonaws.com"},{"kind":"dualstack","host":"s3.dualstack.{region}.amazonaws.com"},{"kind":"fips","host":"s3-fips.{region}.amazonaws.com"}],"regions":[
    {"code":"us-east-1","en":"N. Virginia","zh":"弗吉尼亚北部","closed":false,"host":null},
    {"code":"us-east-2","en":"Ohio","zh":"俄亥俄","closed":false,"host":null},
    {"code":"us-west-1","en":"N. California","zh":"加利福尼亚北部","closed":false,"host":null},
    {"code":"us-west-2","en":"Oregon","zh":"俄勒冈","closed":false,"host":null},
    {"code":"ca-central-1","en":"Central Canada","zh":"加拿大中部","closed":false,"host":null},
    {"code":"ca-west-1","en":"Calgary","zh":"卡尔加里","closed":false,"host":null},
    {"code":"mx-central-1","en":"Central Mexico","zh":"墨西哥中部","closed":false,"host":null},
    {"code":"sa-east-1","en":"São Paulo","zh":"圣保罗","closed":false,"host":null},
    {"code":"eu-central-1","en":"Frankfurt","zh":"法兰克福","closed":false,"host":null},
    {"code":"eu-central-2","en":"Zurich","zh":"苏黎世","closed":false,"host":null},
    {"code":"eu-west-1","en":"Ireland","zh":"爱尔兰","closed":false,"host":null},
    {"code":"eu-west-2","en":"London","zh":"伦敦","closed":false,"host":null},
    {"code":"eu-west-3","en":"Paris","zh":"巴黎","closed":false,"host":null},
    {"code":"eu-north-1","en":"Stockholm","zh":"斯德哥尔摩","closed":false,"host":null},
    {"code":"eu-south-1","en":"Milan","zh":"米兰","closed":false,"host":null},
    {"code":"eu-south-2","en":"Spain","zh":"西班牙","closed":false,"host":null},
    {"code":"ap-northeast-1","en":"Tokyo","zh":"东京","closed":false,"host":null},
    {"code":"ap-northeast-2","en":"Seoul","zh":"首尔","closed":false,"host":null},
    {"code":"ap-northeast-3","en":"Osaka","zh":"大阪","closed":false,"host":null},
    {"code":"ap-southeast-1","en":"Singapore","zh":"新加坡","closed":false,"host":null},
    {"code":"ap-southeast-2","en":"Sydney","zh":"悉尼","closed":false,"host":null},
    {"code":"ap-southeast-3","en":"Jakarta","zh":"雅加达","closed":false,"host":null},
    {"code":"ap-southeast-4","en":"Melbourne","zh":"墨尔本","closed":false,"host":null},
    {"code":"ap-southeast-5","en":"Malaysia","zh":"马来西亚","closed":false,"host":null},
    {"code":"ap-southeast-6","en":"New Zealand","zh":"新西兰","closed":false,"host":null},
    {"code":"ap-southeast-7","en":"Thailand","zh":"泰国","closed":false,"host":null},
    {"code":"ap-south-1","en":"Mumbai","zh":"孟买","closed":false,"host":null},
    {"code":"ap-south-2","en":"Hyderabad","zh":"海得拉巴","closed":false,"host":null},
    {"code":"ap-east-1","en":"Hong Kong","zh":"中国香港","closed":false,"host":null},
    {"code":"ap-east-2","en":"Taipei","zh":"台北","closed":false,"host":null},
    {"code":"af-south-1","en":"Cape Town","zh":"开普敦","closed":false,"host":null},
    {"code":"il-central-1","en":"Tel Aviv","zh":"特拉维夫","closed":false,"host":null},
    {"code":"me-central-1","en":"UAE","zh":"阿联酋","closed":false,"host":null},
    {"code":"me-south-1","en":"Bahrain","zh":"巴林","closed":false,"host":null}]},
  {"id":"aws-cn","family":"aws","en":"Amazon S3 in China","zh":"Amazon S3 中国区","dialect":"s3","addressing":"virtual_host","networks":[{"kind":"public","host":"s3.{region}.amazonaws.com.cn"},{"kind":"dualstack","host":"s3.dualstack.{region}.amazonaws.com.cn"}],"regions":[
    {"code":"cn-north-1","en":"Beijing","zh":"北京","closed":false,"host":null},
    {"code":"cn-northwest-1","en":"Ningxia","zh":"宁夏","closed":false,"host":null}]},
  {"id":"aws-us-gov","family":"aws","en":"Amazon S3, US government","zh":"Amazon S3 美国政府区","dialect":"s3","addressing":"virtual_host","networks":[{"kind":"public","host":"s3.{region}.amazonaws.com"},{"kind":"dualstack","host":"s3.dualstack.{region}.amazonaws.com"},{"kind":"fips","host":"s3-fips.{region}.amazonaws.com"}],"regions":[
    {"code":"us-gov-west-1","en":"GovCloud, US-West","zh":"美国政府西部","closed":false,"host":null},
    {"code":"us-gov-east-1","en":"GovCloud, US-East","zh":"美国政府东部","closed":false,"host":null}]},
  {"id":"aws-eusc","family":"aws","en":"Amazon S3, European Sovereign Cloud","zh":"Amazon S3 欧洲主权云","dialect":"s3","addressing":"virtual_host","networks":[{"kind":"public","host":"s3.{region}.amazonaws.eu"}],"regions":[
    {"code":"eusc-de-east-1","en":"Brandenburg","zh":"勃兰登堡","closed":false,"host":null}]},
  {"id":"s3","family":"s3","en":"Other S3-compatible storage","zh":"其他 S3 兼容存储","dialect":"s3","addressing":"path","networks":[],"regions":[]},
  {"id":"s3-v2","family":"s3-v2","en":"S3-compatible storage with signature V2","zh":"使用 V2 签名的 S3 兼容存储","dialect":"obs-v2","addressing":"path","networks":[],"regions":[]},
];

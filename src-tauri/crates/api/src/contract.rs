//! Commands and the values they speak in.
//!
//! Sizes are numbers (exact to 2^53 bytes, 8 PiB); checksums are text. Times are milliseconds
//! since 1970. No answer ever holds a secret.

/// Derives what every value of the contract has.
macro_rules! value {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
        $vis struct $name { $($body)* }
    )*};
}

mod accounts;
mod browse;
mod copy;
mod decisions;
mod jobs;
mod queue;
mod settings;
mod uploads;

pub use accounts::*;
pub use browse::*;
pub use copy::*;
pub use decisions::*;
pub use jobs::*;
pub use queue::*;
pub use settings::*;
pub use uploads::*;

/// The list of commands: name, argument, answer. Everything else is generated from it: the
/// dispatcher, the TypeScript map and the test that compares the two.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            app_state(Nothing) -> AppState;
            put_settings(Settings) -> Settings;
            accounts(Nothing) -> Vec<AccountView>;
            test_account(AccountDraft) -> AccountTest;
            check_account(AccountCheckup) -> AccountTest;
            save_account(AccountDraft) -> SavedAccount;
            remove_account(AccountRef) -> Nothing;
            start_demo(Nothing) -> Vec<AccountView>;
            buckets(AccountRef) -> Vec<BucketView>;
            open_listing(OpenListing) -> ListingStatus;
            load_rest(ListingRef) -> ListingStatus;
            stop_listing(ListingRef) -> ListingStatus;
            sort_listing(SortListing) -> ListingStatus;
            rows(RowsRequest) -> RowWindow;
            keys_of_rows(KeysOfRows) -> SelectedKeys;
            close_listing(ListingRef) -> Nothing;
            offer_key(KeyDraft) -> KeyOffered;
            plan_copy(CopyRequest) -> CopyPlan;
            start_copy(CopyRequest) -> JobStarted;
            jobs(HistoryRequest) -> Vec<JobView>;
            job(JobRef) -> JobView;
            transfers(TransfersRequest) -> Vec<TransferView>;
            waiting_transfers(JobRef) -> Vec<TransferView>;
            part_map(TransferRef) -> PartMap;
            events(EventsRequest) -> Vec<EventView>;
            pause_job(JobRef) -> JobView;
            resume_job(JobRef) -> JobView;
            retry_job(JobRef) -> JobView;
            cancel_job(CancelJob) -> JobView;
            forget_job(JobRef) -> Nothing;
            decide(Decide) -> JobView;
            restore_job(RestoreJob) -> JobView;
            evidence(TransferRef) -> Vec<ComparisonView>;
            manifest(ManifestRequest) -> ManifestPage;
            move_job(MoveJob) -> JobView;
            time_job(TimeJob) -> JobView;
            pace_job(PaceJob) -> JobView;
            pause_all(Nothing) -> JobsAnswer;
            resume_all(Nothing) -> JobsAnswer;
            search_uploads(SearchUploads) -> UploadSearchStatus;
            uploads(UploadsRequest) -> UploadsWindow;
            close_upload_search(UploadSearchRef) -> Nothing;
            upload_size(UploadRef) -> UploadSize;
            abort_uploads(AbortUploads) -> Vec<OwedAbort>;
            owed_aborts(Nothing) -> Vec<OwedAbort>;
        }
    };
}

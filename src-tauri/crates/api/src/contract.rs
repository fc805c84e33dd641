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
mod desktop;
mod history;
mod import;
mod jobs;
mod objects;
mod queue;
mod settings;
mod uploads;

pub use accounts::*;
pub use browse::*;
pub use copy::*;
pub use decisions::*;
pub use desktop::*;
pub use history::*;
pub use import::*;
pub use jobs::*;
pub use objects::*;
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
            export_settings(Nothing) -> Exported;
            import_settings(SettingsText) -> Settings;
            licences(Nothing) -> Vec<Licence>;
            diagnostics(Nothing) -> Diagnostics;
            leave(LeaveRequest) -> Nothing;
            accounts(Nothing) -> Vec<AccountView>;
            test_account(AccountDraft) -> AccountTest;
            check_account(AccountCheckup) -> AccountTest;
            checks_so_far(Nothing) -> Vec<AccountCheck>;
            save_account(AccountDraft) -> SavedAccount;
            remove_account(AccountRef) -> Nothing;
            import_files(Nothing) -> Vec<ImportFile>;
            read_import(ImportRef) -> ImportFound;
            import_accounts(ImportRequest) -> Imported;
            start_demo(Nothing) -> Vec<AccountView>;
            buckets(AccountRef) -> Vec<BucketView>;
            open_listing(OpenListing) -> ListingStatus;
            search_place(SearchPlace) -> ListingStatus;
            load_rest(ListingRef) -> ListingStatus;
            stop_listing(ListingRef) -> ListingStatus;
            sort_listing(SortListing) -> ListingStatus;
            filter_listing(FilterListing) -> ListingStatus;
            rows(RowsRequest) -> RowWindow;
            find_row(FindRow) -> FoundRow;
            keys_of_rows(KeysOfRows) -> SelectedKeys;
            sum_rows(KeysOfRows) -> RowSums;
            close_listing(ListingRef) -> Nothing;
            session(SessionRef) -> Session;
            put_session(Session) -> Nothing;
            offer_key(KeyDraft) -> KeyOffered;
            plan_copy(CopyRequest) -> CopyPlan;
            start_copy(CopyRequest) -> JobStarted;
            begin_dry_run(CopyRequest) -> DryRunStatus;
            dry_run(DryRunRequest) -> DryRunLines;
            export_dry_run(ExportDryRun) -> Exported;
            close_dry_run(DryRunRef) -> Nothing;
            object_details(ObjectRef) -> ObjectDetails;
            object_tags(ObjectRef) -> ObjectTags;
            put_object_tags(PutObjectTags) -> ObjectTags;
            object_acl(ObjectRef) -> ObjectAcl;
            preview_acl(PutObjectAcl) -> RequestPreview;
            put_object_acl(PutObjectAcl) -> ObjectAcl;
            object_versions(VersionsRequest) -> VersionsPage;
            delete_version(ObjectRef) -> Nothing;
            bring_back(ObjectRef) -> JobStarted;
            bucket_versions(Place) -> BucketVersions;
            make_folder(MakeFolder) -> Nothing;
            change_objects(ChangeObjects) -> JobStarted;
            presign_object(PresignObject) -> PresignedLink;
            preview_object(ObjectRef) -> ObjectPreview;
            begin_errand(BeginErrand) -> ErrandStatus;
            errand(ErrandRef) -> ErrandStatus;
            stop_errand(ErrandRef) -> ErrandStatus;
            close_errand(ErrandRef) -> Nothing;
            jobs(HistoryRequest) -> Vec<JobView>;
            job(JobRef) -> JobView;
            transfers(TransfersRequest) -> Vec<TransferView>;
            waiting_transfers(JobRef) -> Vec<TransferView>;
            part_map(TransferRef) -> PartMap;
            events(EventsRequest) -> Vec<EventView>;
            throughput(JobRef) -> Throughput;
            job_settings(JobRef) -> JobSettings;
            save_job_log(JobRef) -> Exported;
            pause_job(JobRef) -> JobView;
            resume_job(JobRef) -> JobView;
            retry_job(JobRef) -> JobView;
            cancel_job(CancelJob) -> JobView;
            forget_job(JobRef) -> Nothing;
            search_history(SearchHistory) -> HistoryPage;
            copy_again(CopyAgain) -> CopiedAgain;
            job_command(JobRef) -> CommandLine;
            export_history(ExportHistory) -> Exported;
            history_retention(Nothing) -> HistoryRetention;
            put_history_retention(HistoryRetention) -> HistoryRetention;
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

//! What the tests of several rooms share: a demo cloud in this process or a server elsewhere, and
//! machines with a journal of their own that run an engine against it.

pub mod cloud;
pub mod fault_list;
pub mod found;
pub mod machine;
pub mod server;
pub mod wire;

pub use cloud::Cloud;
pub use machine::{Machine, Wall};
pub use server::Server;

/// Runs each case, an `async fn(DialectName)` of the calling module, once for every dialect:
/// the test `case::on_s3` and its siblings.
#[macro_export]
macro_rules! on_every_dialect {
    ($($case:ident),* $(,)?) => {$(
        mod $case {
            use partway_domain::DialectName;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_cos() {
                super::$case(DialectName::Cos).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_obs() {
                super::$case(DialectName::Obs).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_obs_v2() {
                super::$case(DialectName::ObsV2).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_s3() {
                super::$case(DialectName::S3).await;
            }
        }
    )*};
}

//! A bucket that lives in another region than the one it was asked for in.

use crate::call::{Call, Form};
use crate::options::Provider;
use crate::quirk::Elsewhere;
use crate::refusal::Refusal;
use crate::seed;

/// A host that belongs to no provider, and to nobody: the name is reserved.
const FOREIGN: &str = "http://storage.invalid";

/// What the request is told. `signed` is the region in an S3 credential, empty otherwise.
pub(crate) fn refusal(call: &Call, right: &str, signed: &str) -> Refusal {
    let told = match (call.switches.elsewhere, call.form) {
        (Elsewhere::Usual, Form::Cos) => Elsewhere::Missing,
        (Elsewhere::Usual, Form::S3) if signed != seed::home_region(call.provider) => {
            Elsewhere::Malformed
        }
        (Elsewhere::Usual, _) => Elsewhere::Permanent,
        (chosen, _) => chosen,
    };
    let path_and_query = call.target();
    match told {
        Elsewhere::Usual | Elsewhere::Permanent => {
            let message = "The bucket must be addressed using the endpoint of its region.";
            Refusal::new(301, "PermanentRedirect", message)
                .with_element("Endpoint", endpoint(call, right))
                .with_element("Bucket", call.bucket.clone().unwrap_or_default())
                .with_header(region_header(call.form), right)
        }
        Elsewhere::Temporary => {
            let message = "Please send the request to the temporary endpoint.";
            let port = call.host.rsplit_once(':').map_or("", |(_, port)| port);
            let place = format!("http://{}:{port}{path_and_query}", endpoint(call, right));
            Refusal::new(307, "TemporaryRedirect", message)
                .with_element("Endpoint", endpoint(call, right))
                .with_element("Bucket", call.bucket.clone().unwrap_or_default())
                .with_header("location", place)
                .with_header(region_header(call.form), right)
        }
        Elsewhere::Malformed => {
            let message = format!(
                "The authorization header is malformed; the region '{signed}' is wrong; expecting '{right}'"
            );
            Refusal::new(400, "AuthorizationHeaderMalformed", message)
                .with_element("Region", right)
                .with_header(region_header(call.form), right)
        }
        Elsewhere::Missing => Refusal::no_such_bucket(),
        Elsewhere::Foreign => {
            let message = "Please send the request to the temporary endpoint.";
            Refusal::new(307, "TemporaryRedirect", message)
                .with_header("location", format!("{FOREIGN}{path_and_query}"))
        }
    }
}

/// The host of the right region. S3 puts the bucket in front.
fn endpoint(call: &Call, region: &str) -> String {
    let host = format!("{}.{region}.localhost", call.provider.word());
    match (&call.bucket, call.provider) {
        (Some(bucket), Provider::S3) => format!("{bucket}.{host}"),
        _ => host,
    }
}

/// The header that tells where a bucket lives.
pub(super) const fn region_header(form: Form) -> &'static str {
    match form {
        Form::Cos => "x-cos-bucket-region",
        Form::Obs => "x-obs-bucket-location",
        Form::ObsAmz | Form::S3 => "x-amz-bucket-region",
    }
}

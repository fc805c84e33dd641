//! Bodies that come in pieces: each signature signs its piece and the signature before it.

use sha2::{Digest, Sha256};

use super::{ALGORITHM, Claim, STREAMED, signing_key};
use crate::auth::chunked::{self, Witness};
use crate::auth::{hmac_sha256, wrong_signature};
use crate::call::Call;
use crate::options::Endpoint;
use crate::refusal::Refusal;
use crate::text::hex;

/// Takes the pieces of a streamed body together; any other body stays as it is.
pub(in crate::auth) fn unwrap_body(call: &mut Call, endpoint: &Endpoint) -> Result<(), Refusal> {
    let claim = match Claim::read(call) {
        Ok(claim) if STREAMED.contains(&claim.payload_hash.as_str()) => claim,
        _ => return Ok(()),
    };
    let mut chain = Chain {
        signed: claim.payload_hash.starts_with("STREAMING-AWS4-"),
        key: signing_key(&endpoint.secret_key, &claim.scope),
        front: format!("{}\n{}", claim.stamp, claim.scope.text()),
        last: claim.signature,
    };
    let unwrapped = chunked::unwrap(&call.body, &mut chain)?;
    let promised = call.header("x-amz-decoded-content-length").ok_or_else(|| {
        let message = "A body in pieces needs x-amz-decoded-content-length.";
        Refusal::new(411, "MissingContentLength", message)
    })?;
    if promised.parse() != Ok(unwrapped.body.len()) {
        let message = "The body is not as long as x-amz-decoded-content-length says.";
        return Err(Refusal::new(400, "IncompleteBody", message));
    }
    call.body = unwrapped.body.into();
    call.trailers = unwrapped.trailers;
    Ok(())
}

/// Each piece's signature signs the one before it, the first that of the request.
struct Chain {
    signed: bool,
    key: Vec<u8>,
    /// Time and scope, as every string to sign has them.
    front: String,
    last: String,
}

impl Chain {
    fn step(&mut self, text: &str, signature: Option<&str>) -> Result<(), Refusal> {
        let expected = hex(&hmac_sha256(&self.key, text.as_bytes()));
        if signature != Some(expected.as_str()) {
            return Err(wrong_signature(text));
        }
        self.last = expected;
        Ok(())
    }
}

impl Witness for Chain {
    fn piece(&mut self, data: &[u8], signature: Option<&str>) -> Result<(), Refusal> {
        if !self.signed {
            return Ok(());
        }
        let (nothing, digest) = (hex(&Sha256::digest(b"")), hex(&Sha256::digest(data)));
        let text = format!(
            "{ALGORITHM}-PAYLOAD\n{}\n{}\n{nothing}\n{digest}",
            self.front, self.last
        );
        self.step(&text, signature)
    }

    fn trailers(&mut self, lines: &str, signature: Option<&str>) -> Result<(), Refusal> {
        if !self.signed {
            return Ok(());
        }
        let digest = hex(&Sha256::digest(lines));
        let text = format!(
            "{ALGORITHM}-TRAILER\n{}\n{}\n{digest}",
            self.front, self.last
        );
        self.step(&text, signature)
    }
}

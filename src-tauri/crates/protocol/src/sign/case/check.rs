//! What no server could ever receive is not signed: a signature over it would only look right.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use super::{Case, CaseError};

impl Case {
    /// Refuses the first field that cannot be part of a request.
    pub(super) fn check(&self) -> Result<(), CaseError> {
        let credential = &self.credential;
        let token = credential.token.as_deref().unwrap_or("");
        self.not_empty("credentials.access_key", &credential.access_key)?;
        self.not_empty("credentials.secret_key", &credential.secret_key)?;
        self.one_line("credentials.access_key", &credential.access_key)?;
        self.one_line("credentials.token", token)?;
        self.one_line("host", &self.host)?;
        for (field, headers) in [
            ("headers", &self.headers),
            ("unsigned_headers", &self.unsigned_headers),
        ] {
            for (name, value) in headers {
                let field = format!("{field}[{name:?}]");
                self.one_line(&field, name)?;
                self.one_line(&field, value)?;
            }
        }
        match self.body_base64.as_deref().map(|body| BASE64.decode(body)) {
            Some(Err(error)) => Err(self.unusable("body_base64", format!("is no base64: {error}"))),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    fn not_empty(&self, field: &str, text: &str) -> Result<(), CaseError> {
        if text.is_empty() {
            return Err(self.unusable(field, "is empty".to_owned()));
        }
        Ok(())
    }

    /// A line end or a zero byte would end the header it stands in.
    fn one_line(&self, field: &str, text: &str) -> Result<(), CaseError> {
        if text.contains(['\r', '\n', '\0']) {
            let problem = "holds a line end or a zero byte, which no header can carry";
            return Err(self.unusable(field, problem.to_owned()));
        }
        Ok(())
    }

    fn unusable(&self, field: &str, problem: String) -> CaseError {
        CaseError::Unusable {
            case: self.name.clone(),
            field: field.to_owned(),
            problem,
        }
    }
}

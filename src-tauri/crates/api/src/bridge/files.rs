//! The UI's files.

use std::path::{Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The file at that path, or `index.html`: the UI's own router knows its places.
pub(super) async fn answer(folder: &Path, path: &str) -> Response {
    let Some(wanted) = within(folder, path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    for file in [wanted, folder.join("index.html")] {
        if let Ok(bytes) = tokio::fs::read(&file).await {
            let headers = [
                (header::CONTENT_TYPE, content_type(&file)),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            return (headers, bytes).into_response();
        }
    }
    (StatusCode::NOT_FOUND, "the UI is not built").into_response()
}

/// The file a request path names, if it names one inside the folder. Names are plain in a
/// built UI: a path with anything else in it names nothing.
fn within(folder: &Path, path: &str) -> Option<PathBuf> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut file = folder.to_owned();
    for name in path.split('/').filter(|name| !name.is_empty()) {
        if name.starts_with('.') || !name.chars().all(plain) {
            return None;
        }
        file.push(name);
    }
    Some(file)
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        let folder = Path::new("/ui");
        assert_eq!(
            within(folder, "/assets/app-1.js"),
            Some("/ui/assets/app-1.js".into())
        );
        assert_eq!(within(folder, "/"), Some("/ui".into()));
        for path in [
            "/../secret",
            "/a/../../b",
            "/%2e%2e/b",
            "/a\\..\\b",
            "/.env",
            "/a\0b",
        ] {
            assert_eq!(within(folder, path), None, "{path}");
        }
    }
}

//! Between the addresses of a client and paths.

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::Uri;

/// The path of a `file:` address; `None` for another one, and for a path that is not UTF-8.
pub fn path_of(uri: &Uri) -> Option<Utf8PathBuf> {
    if uri.scheme() != "file" {
        return None;
    }
    Utf8PathBuf::from_path_buf(uri.to_file_path().ok()?).ok()
}

/// The address of an absolute path.
pub fn uri_of(path: &Utf8Path) -> Option<Uri> {
    Uri::from_file_path(path).ok()
}

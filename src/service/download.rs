//! Downloading clips.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE};
use reqwest::{Client, Response, StatusCode};
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use url::Url;

use crate::assets::mp4;
use crate::text::counted;

use super::client::mask_error;
use super::endpoint::is_loopback;
use super::secret::Mask;

const REDIRECTS: usize = 5;
/// A clip of 15 s in 4K is some hundred megabytes.
const LONGEST_CLIP: u64 = 4 << 30;
/// How often a download is taken up again after a cut that brought nothing new.
const FRUITLESS: u32 = 3;

/// Downloads clips, never with the key.
#[derive(Debug)]
pub struct Fetcher {
    /// By the proxy that the environment names, if any.
    by_proxy: Client,
    /// For this very machine, which no proxy reaches.
    direct: Client,
    mask: Mask,
    /// The places that downloads under way in this process will take.
    claimed: Arc<Mutex<HashSet<PathBuf>>>,
}

/// A clip on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// Why a clip is not here.
#[derive(Debug)]
pub enum DownloadError {
    /// The download was not a clip, or not all of one. Asking again may help.
    Service(String),
    /// It could not be stored.
    Disk(PathBuf, io::Error),
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DownloadError::Service(problem) => {
                write!(f, "the clip could not be fetched: {problem}")
            }
            DownloadError::Disk(path, error) => {
                write!(f, "the clip could not be stored at {}: {error}", path.display())
            }
        }
    }
}

impl std::error::Error for DownloadError {}

fn service(problem: impl Into<String>) -> DownloadError {
    DownloadError::Service(problem.into())
}

impl Fetcher {
    pub(super) fn new(by_proxy: Client, direct: Client, mask: Mask) -> Fetcher {
        Fetcher { by_proxy, direct, mask, claimed: Arc::default() }
    }

    /// Downloads the clip at `url` to `out/<film>/<shot>.mp4`, or where that exists to the first free take, `<shot>.2.mp4` and so on. What is there
    /// is never overwritten. A file there that already is this clip is taken for it.
    ///
    /// `progress` is called with the bytes so far and, where the service says it, the whole length.
    ///
    /// # Errors
    /// The service does not send the clip, or it cannot be stored.
    pub async fn fetch(
        &self,
        url: &str,
        out: &Path,
        film: &str,
        shot: &str,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<Fetched, DownloadError> {
        let folder = out.join(film);
        make_folder(out, film).map_err(|error| DownloadError::Disk(folder.clone(), error))?;
        let claim = Claim::first_free(&self.claimed, &folder, shot);
        let part_path = with_suffix(&claim.path, ".part");
        let mut part = Part::create(part_path.clone())?;
        self.fill(&mut part, url, progress).await?;

        let (path, shot) = (claim.path.clone(), shot.to_owned());
        let finished = tokio::task::spawn_blocking(move || part.finish(&path, &shot)).await;
        finished.unwrap_or_else(|error| Err(DownloadError::Disk(part_path, io::Error::other(error.to_string()))))
    }

    /// Fills `part`, taking a cut download up again as long as that brings more of it.
    async fn fill(
        &self,
        part: &mut Part,
        url: &str,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let mut fruitless = 0;
        loop {
            let before = part.length;
            match self.fill_once(part, url, progress).await {
                Err(DownloadError::Service(_)) if part.length > before => fruitless = 0,
                Err(DownloadError::Service(_)) if fruitless < FRUITLESS && part.may_go_on => fruitless += 1,
                other => return other,
            }
        }
    }

    async fn fill_once(
        &self,
        part: &mut Part,
        url: &str,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let mut response = self.get(url, part.range()).await?;
        let total = match response.status() {
            StatusCode::PARTIAL_CONTENT if part.length > 0 => {
                let (start, total) =
                    content_range(response.headers()).ok_or_else(|| service("it was continued at no known place"))?;
                if start != part.length || part.total.is_some_and(|known| known != total) {
                    part.restart()?;
                    return Err(service("it was continued at the wrong place"));
                }
                Some(total)
            }
            StatusCode::OK => {
                part.restart()?;
                part.version = version(response.headers());
                response.content_length()
            }
            StatusCode::RANGE_NOT_SATISFIABLE => {
                part.restart()?;
                return Err(service("HTTP 416"));
            }
            status => {
                part.may_go_on = status.is_server_error();
                return Err(service(format!("HTTP {}", status.as_u16())));
            }
        };
        if total.is_some_and(|total| total > LONGEST_CLIP) {
            part.may_go_on = false;
            return Err(service("it is longer than any clip"));
        }
        part.total = total;
        while let Some(piece) = response.chunk().await.map_err(|error| service(mask_error(&self.mask, error)))? {
            part.take(&piece)?;
            progress(part.length, total);
        }
        match total {
            Some(total) if total != part.length => {
                Err(service(format!("{} of {} came", part.length, counted(total, "byte"))))
            }
            _ => part.check_whole(),
        }
    }

    /// One GET, following redirects by hand: each goes to http(s) only.
    async fn get(&self, url: &str, range: Option<(HeaderValue, HeaderValue)>) -> Result<Response, DownloadError> {
        let mut url = http_url(url, None).ok_or_else(|| service("its address is not an http(s) address"))?;
        for _ in 0..=REDIRECTS {
            let client = if url.host().is_some_and(|host| is_loopback(&host)) { &self.direct } else { &self.by_proxy };
            let mut request = client.get(url.clone());
            if let Some((range, version)) = &range {
                request = request.header(RANGE, range).header(IF_RANGE, version);
            }
            let response = request.send().await.map_err(|error| service(mask_error(&self.mask, error)))?;
            let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if !moved {
                return Ok(response);
            }
            let next = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            url = next
                .and_then(|next| http_url(next, Some(&url)))
                .ok_or_else(|| service("it was redirected to no http(s) address"))?;
        }
        Err(service(format!("it was redirected more than {REDIRECTS} times")))
    }
}

/// Where an address leads, for a request without a key.
fn http_url(text: &str, base: Option<&Url>) -> Option<Url> {
    let url = match base {
        Some(base) => base.join(text),
        None => Url::parse(text),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The mark that distinguishes one version of a file from the next: its tag, unless that is weak, or else its date.
fn version(headers: &HeaderMap) -> Option<HeaderValue> {
    let tag = headers.get(ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/"));
    tag.or_else(|| headers.get(LAST_MODIFIED)).cloned()
}

/// `bytes 100-199/200` → (100, 200).
fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    let (range, total) = text.split_once('/')?;
    let start = range.split_once('-')?.0;
    Some((start.parse().ok()?, total.parse().ok()?))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Makes `out/film`, which must not leave `out` through a link: a project that came from elsewhere may have any.
fn make_folder(out: &Path, film: &str) -> io::Result<()> {
    let mut folder = out.to_owned();
    for part in film.split('/') {
        folder.push(part);
        if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            return Err(io::Error::other("a symbolic link is in its place"));
        }
    }
    fs::create_dir_all(folder)
}

/// The path of a take, counted from 1.
fn take_path(folder: &Path, shot: &str, take: u32) -> PathBuf {
    match take {
        1 => folder.join(format!("{shot}.mp4")),
        _ => folder.join(format!("{shot}.{take}.mp4")),
    }
}

/// A place that no other download of this process goes to, until it is dropped.
struct Claim {
    path: PathBuf,
    claimed: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Claim {
    fn first_free(claimed: &Arc<Mutex<HashSet<PathBuf>>>, folder: &Path, shot: &str) -> Claim {
        let mut taken = claimed.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut take = 1;
        loop {
            let path = take_path(folder, shot, take);
            if path.symlink_metadata().is_err() && taken.insert(path.clone()) {
                return Claim { path, claimed: claimed.clone() };
            }
            take += 1;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claimed.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(&self.path);
    }
}

/// A clip that is on its way to disk.
struct Part {
    path: PathBuf,
    file: File,
    length: u64,
    total: Option<u64>,
    /// The service's mark of this version of the file. Without it an interrupted download starts again.
    version: Option<HeaderValue>,
    /// Whether another request could bring the rest.
    may_go_on: bool,
    /// The first bytes, which tell an MP4.
    head: Vec<u8>,
}

impl Part {
    /// A part that an earlier run left is downloaded again: nothing says which clip it belongs to.
    fn create(path: PathBuf) -> Result<Part, DownloadError> {
        // Never through a link that a project from elsewhere may have there.
        let fresh = match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => File::create_new(&path),
        };
        match fresh {
            Ok(file) => Ok(Part {
                path,
                file,
                length: 0,
                total: None,
                version: None,
                may_go_on: true,
                head: Vec::with_capacity(mp4::HEAD),
            }),
            Err(error) => Err(DownloadError::Disk(path, error)),
        }
    }

    fn disk(&self, error: io::Error) -> DownloadError {
        DownloadError::Disk(self.path.clone(), error)
    }

    fn restart(&mut self) -> Result<(), DownloadError> {
        if self.length > 0 {
            self.file.set_len(0).and_then(|()| self.file.rewind()).map_err(|error| self.disk(error))?;
        }
        (self.length, self.total, self.version) = (0, None, None);
        self.head.clear();
        Ok(())
    }

    /// The headers that ask for the rest.
    fn range(&self) -> Option<(HeaderValue, HeaderValue)> {
        let version = self.version.clone().filter(|_| self.length > 0)?;
        Some((HeaderValue::try_from(format!("bytes={}-", self.length)).ok()?, version))
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), DownloadError> {
        let missing = mp4::HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..missing]);
        if self.head.len() == mp4::HEAD {
            self.check_head()?;
        }
        if self.length + piece.len() as u64 > self.total.unwrap_or(LONGEST_CLIP) {
            self.may_go_on = false;
            return Err(service("more came than was announced"));
        }
        self.file.write_all(piece).map_err(|error| self.disk(error))?;
        self.length += piece.len() as u64;
        Ok(())
    }

    fn check_head(&mut self) -> Result<(), DownloadError> {
        if mp4::is_head(&self.head) {
            return Ok(());
        }
        self.may_go_on = false;
        Err(service("what came is not an MP4 clip"))
    }

    /// A host that announces no length may have closed early, and one that is asked for a part may have sent another file's.
    fn check_whole(&mut self) -> Result<(), DownloadError> {
        self.check_head()?;
        let flaw = File::open(&self.path).and_then(|mut file| mp4::flaw(&mut file, self.length));
        match flaw.map_err(|error| self.disk(error))? {
            None => Ok(()),
            Some(flaw) => {
                if self.total.is_some() {
                    // All of it came, and it is not a clip: some of it may be another file's.
                    self.version = None;
                }
                Err(service(flaw))
            }
        }
    }

    /// Makes the clip durable under `path`, or under the next free take should something have come there meanwhile.
    fn finish(self, path: &Path, shot: &str) -> Result<Fetched, DownloadError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let fail = |error| DownloadError::Disk(path.to_owned(), error);
        self.file.sync_all().map_err(fail)?;
        drop(self.file);
        let sha256 = digest(&self.path).map_err(fail)?;
        let bytes = self.length;
        let mut part = TempPath::try_from_path(&self.path).map_err(fail)?;
        let mut take = 1;
        loop {
            let place = take_path(folder, shot, take);
            if let Ok(metadata) = place.symlink_metadata() {
                // A crash between the rename and the ledger leaves the clip there, whole.
                if metadata.is_file() && metadata.len() == bytes && digest(&place).map_err(fail)? == sha256 {
                    return Ok(Fetched { path: place, bytes, sha256 });
                }
            } else {
                match part.persist_noclobber(&place) {
                    Ok(()) => {
                        #[cfg(unix)]
                        File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail)?;
                        return Ok(Fetched { path: place, bytes, sha256 });
                    }
                    Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => part = failed.path,
                    Err(failed) => {
                        // The clip is whole: leave it, under the name that it has.
                        let _ = failed.path.keep();
                        return Err(fail(failed.error));
                    }
                }
            }
            take += 1;
        }
    }
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(dir: &Path, content: &[u8]) -> Part {
        let mut part = Part::create(dir.join("a.mp4.part")).unwrap();
        part.take(content).unwrap();
        part
    }

    const CLIP: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

    #[test]
    fn an_existing_clip_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let first = dir.path().join("a.mp4");
        fs::write(&first, "the writer's own").unwrap();
        let fetched = part(dir.path(), CLIP).finish(&first, "a").unwrap();
        assert_eq!(fetched.path, dir.path().join("a.2.mp4"));
        assert_eq!(fs::read_to_string(&first).unwrap(), "the writer's own");
        assert_eq!(fs::read(fetched.path).unwrap(), CLIP);
    }

    #[test]
    fn a_clip_that_is_already_there_is_not_stored_twice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.mp4");
        let first = part(dir.path(), CLIP).finish(&path, "a").unwrap();
        let second = part(dir.path(), CLIP).finish(&path, "a").unwrap();
        assert_eq!(first, second);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        use std::os::unix::fs::symlink;
        let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let victim = elsewhere.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        symlink(&victim, dir.path().join("a.mp4.part")).unwrap();
        part(dir.path(), CLIP).finish(&dir.path().join("a.mp4"), "a").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
        symlink(elsewhere.path(), dir.path().join("film")).unwrap();
        make_folder(dir.path(), "film/deeper").unwrap_err();
        make_folder(dir.path(), "other/deeper").unwrap();
        assert!(!elsewhere.path().join("deeper").exists());
    }

    #[test]
    fn two_downloads_of_one_shot_go_to_two_places() {
        let dir = tempfile::tempdir().unwrap();
        let claimed = Arc::default();
        let first = Claim::first_free(&claimed, dir.path(), "a");
        let second = Claim::first_free(&claimed, dir.path(), "a");
        assert_ne!(first.path, second.path);
        let freed = first.path.clone();
        drop(first);
        assert_eq!(Claim::first_free(&claimed, dir.path(), "a").path, freed);
    }

    #[test]
    fn what_is_not_an_mp4_is_refused_by_its_first_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let mut part = Part::create(dir.path().join("a.mp4.part")).unwrap();
        part.take(b"<htm").unwrap();
        assert!(part.take(b"l>Not found</html>").is_err());
        assert!(!part.may_go_on);
    }

    #[test]
    fn ranges_are_read_with_care() {
        let range = |text: &'static str| {
            content_range(&HeaderMap::from_iter([(CONTENT_RANGE, HeaderValue::from_static(text))]))
        };
        assert_eq!(range("bytes 100-199/200"), Some((100, 200)));
        for bad in ["bytes 100-199/*", "bytes */200", "100-199/200", "bytes x-1/2", "bytes 99999999999999999999-1/2"] {
            assert_eq!(range(bad), None, "{bad}");
        }
    }
}

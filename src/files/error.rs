use std::io;

/// Why a file cannot be read, in words that follow "it cannot be read: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing is at the path.
    #[error("there is no such file")]
    NotFound,
    /// A folder is at the path.
    #[error("it is a folder")]
    Folder,
    /// A pipe, a socket or a device is at the path.
    #[error("it is not an ordinary file")]
    NotOrdinary,
    /// A symbolic link is at the path, where none is followed.
    #[error("it is a symbolic link")]
    Link,
    /// The system does not allow it.
    #[error("it may not be read (permission denied)")]
    Denied,
    /// A folder on the way is not a folder.
    #[error("part of its path is a file, not a folder")]
    NotAFolder,
    /// The path has a part that no file system can have.
    #[error("its name is longer than a file's name can be")]
    NameTooLong,
    /// Links lead in a circle.
    #[error("its symbolic links lead in a circle")]
    LinkLoop,
    /// It has more bytes than were asked for.
    #[error("it is larger than {}", size(*.0))]
    TooLarge(u64),
    /// The path is not UTF-8.
    #[error("its path is not UTF-8: rename it")]
    NotUtf8,
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
}

impl From<&io::Error> for ReadError {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotADirectory => Self::NotAFolder,
            io::ErrorKind::IsADirectory => Self::Folder,
            io::ErrorKind::InvalidFilename => Self::NameTooLong,
            io::ErrorKind::InvalidInput => Self::Other("its path has a character that no path can have".into()),
            _ if is_link_loop(error) => Self::LinkLoop,
            _ => Self::Other(in_a_sentence(&error.to_string())),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        let kind = match error {
            ReadError::NotFound => io::ErrorKind::NotFound,
            ReadError::Denied => io::ErrorKind::PermissionDenied,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// ELOOP has no stable `ErrorKind`.
fn is_link_loop(error: &io::Error) -> bool {
    cfg!(unix) && error.to_string().contains("symbolic links")
}

/// The system's text without its number, which is of no use to a reader, and without a capital at its start.
fn in_a_sentence(text: &str) -> String {
    let text = text.split(" (os error").next().unwrap_or(text);
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1 << 20 && bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        bytes if bytes >= 1 << 10 && bytes % (1 << 10) == 0 => format!("{} KiB", bytes >> 10),
        bytes => crate::text::counted(bytes, "byte"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_system_keep_their_capitals_but_the_first() {
        assert_eq!(in_a_sentence("Too many open files (os error 24)"), "too many open files");
        assert_eq!(in_a_sentence("UTF-8 is needed"), "UTF-8 is needed");
        assert_eq!(in_a_sentence(""), "");
    }

    #[test]
    fn a_limit_is_shown_in_whole_units() {
        assert_eq!(ReadError::TooLarge(16 << 20).to_string(), "it is larger than 16 MiB");
        assert_eq!(ReadError::TooLarge(64 << 10).to_string(), "it is larger than 64 KiB");
        assert_eq!(ReadError::TooLarge(1000).to_string(), "it is larger than 1000 bytes");
    }
}

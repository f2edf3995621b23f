/// Why a name cannot be one part of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be a file's name: {why}")]
pub struct BadPart {
    /// The name, made safe to show.
    pub name: String,
    /// The problem.
    pub why: &'static str,
}

/// The most bytes that the name may have: file systems take 255, and an ending is put behind it.
const LONGEST: usize = 240;

/// Names that Windows keeps for devices, whatever ending is put behind them.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// `name`, if it can be one part of a path that stays in its folder.
///
/// Every name that comes from a storyboard passes here once more before it becomes a path, whatever rules were silenced.
///
/// # Errors
/// Says what is wrong with it.
pub fn path_part(name: &str) -> Result<&str, BadPart> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.len() > LONGEST {
        "it is too long"
    } else if name.bytes().all(|byte| byte == b'.') {
        "it leads to another folder"
    } else if name.contains(['/', '\\']) || cfg!(windows) && name.contains(':') {
        "it has a separator of folders in it"
    } else if name.contains(crate::text::shown::is_unsafe) {
        "it has a control character in it"
    } else if name.ends_with([' ', '.']) {
        "it ends with a space or a dot"
    } else if is_device(name) {
        "Windows keeps it for a device"
    } else {
        return Ok(name);
    };
    Err(BadPart { name: crate::text::shown::words(name), why })
}

/// The parts of a film's name, which is a path below the project root with `/` between folders.
///
/// # Errors
/// Says which part cannot be one.
pub fn path_parts(name: &str) -> Result<Vec<&str>, BadPart> {
    name.split('/').map(path_part).collect()
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered =
        |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_stay_in_their_folder() {
        for name in ["a", "渡轮", "Das Boot #1", "..a", "a..b", ".hidden", "con-1", "common", "lpt0", "🚢", "why?"]
        {
            assert_eq!(path_part(name), Ok(name));
        }
        assert_eq!(path_parts("films/night/ferry"), Ok(vec!["films", "night", "ferry"]));
    }

    #[test]
    fn names_that_do_not() {
        let long = "x".repeat(LONGEST + 1);
        for name in [
            "",
            ".",
            "..",
            "...",
            "../a",
            "/etc",
            "a/b",
            "a\\b",
            "a\0",
            "a\nb",
            "\u{1b}[31m",
            "\u{202e}a",
            "a ",
            "a.",
            "CON",
            "nul.json",
            "Com1",
            "lpt9.txt",
            "aux .x",
            long.as_str(),
        ] {
            assert!(path_part(name).is_err(), "{name:?}");
        }
        for name in ["a//b", "/a", "a/", "../a", "a/../b", ""] {
            assert!(path_parts(name).is_err(), "{name:?}");
        }
    }
}

use crate::diagnostic::{Code, Severity};

/// Which codes are silenced, softened or made errors, by the config or by flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Not reported.
    pub allow: Vec<Code>,
    /// Reported as warnings.
    pub warn: Vec<Code>,
    /// Reported as errors.
    pub deny: Vec<Code>,
    /// Every warning is an error.
    pub deny_warnings: bool,
}

impl Levels {
    fn named(&self, code: Code) -> Option<Option<Severity>> {
        if self.deny.contains(&code) {
            Some(Some(Severity::Error))
        } else if self.warn.contains(&code) {
            Some(Some(Severity::Warning))
        } else if self.allow.contains(&code) {
            Some(None)
        } else {
            None
        }
    }
}

/// How severe a finding of `code` is that on its own would be `own`; `None`: it is not reported. Flags beat the config.
pub(super) fn severity(code: Code, own: Severity, flags: &Levels, config: &Levels) -> Option<Severity> {
    if !code.can_be_silenced() {
        return Some(own);
    }
    let severity = flags.named(code).or_else(|| config.named(code)).unwrap_or(Some(own))?;
    let deny_warnings = flags.deny_warnings || config.deny_warnings;
    Some(if deny_warnings { Severity::Error } else { severity })
}

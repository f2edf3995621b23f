//! Fingerprints, by which a CI service recognizes a finding from one commit to the next.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Surroundings;
use crate::diagnostic::{Diagnostic, Report};

/// A fingerprint for each diagnostic, in their order: hexadecimal, unique within the report. It is made of the file's path
/// in the repository, the code, the shot's id and the words that are pointed at, so lines that come or go elsewhere do not
/// change it. Where all of these are the same, findings are counted.
pub(super) fn fingerprints(report: &Report, surroundings: &Surroundings) -> Vec<String> {
    let mut counts: HashMap<[u8; 32], u64> = HashMap::new();
    let mut fingerprint = |diagnostic: &Diagnostic| {
        let source = &diagnostic.place.source;
        let words = match source.slice(diagnostic.place.span) {
            "" => source.slice(source.line_around(diagnostic.place.span.start())).trim(),
            words => words,
        };
        let shot = diagnostic.shot.as_deref().unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [&*surroundings.path(&source.name), diagnostic.code.as_str(), shot, words] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let base: [u8; 32] = hash.finalize().into();
        let count = counts.entry(base).or_default();
        *count += 1;
        let unique = Sha256::new().chain_update(base).chain_update(count.to_le_bytes()).finalize();
        hex::encode(unique)
    };
    report.diagnostics.iter().map(&mut fingerprint).collect()
}

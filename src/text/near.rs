//! "Did you mean": near misses, as the rule catalogue defines them.

/// The candidate that `word` was most likely meant for: at most two edits (insert, delete, change, swap) away, and fewer
/// than half the word's letters. Of several equally near the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    near(word, candidates).first().copied()
}

/// All candidates that are nearest to `word`: more than one where the word could be meant for each of them.
pub fn near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let length = word.chars().count();
    // No word of ours is so long; the distance takes time by the product of the lengths.
    if length > 200 {
        return Vec::new();
    }
    // Nor are there so many of them, but in a file made to take time.
    const MOST_CANDIDATES: usize = 500;
    let close: Vec<(usize, &str)> = candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= 2)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|&(distance, _)| distance > 0 && distance <= 2 && 2 * distance < length)
        .collect();
    let least = close.iter().map(|&(distance, _)| distance).min();
    close.into_iter().filter(|&(distance, _)| Some(distance) == least).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_means_two_edits_and_under_half() {
        assert_eq!(nearest("promt", ["prompt", "id"]), Some("prompt"));
        assert_eq!(nearest("kling-2-6", ["kling-v2-6", "kling-v3"]), Some("kling-v2-6"));
        assert_eq!(nearest("pmorpt", ["prompt"]), Some("prompt"));
        assert_eq!(nearest("di", ["id"]), None);
        assert_eq!(nearest("brno", ["bruno"]), Some("bruno"));
        assert_eq!(nearest("money", ["units"]), None);
        assert_eq!(near("kling-v9", ["kling-v1", "kling-v1-5", "kling-v3"]), ["kling-v1", "kling-v3"]);
    }
}

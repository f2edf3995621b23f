//! "Did you mean": near misses, as the rule catalogue defines them.

use std::cell::RefCell;
use std::collections::HashMap;

/// The most edits that a near miss has.
const MOST_EDITS: usize = 2;

/// The candidate that `word` was most likely meant for: at most two edits (insert, delete, change, swap) away, and fewer
/// than half the word's letters. Of several equally near the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    near(word, candidates).first().copied()
}

/// All candidates that are nearest to `word`, up to eight: more than one where the word could be meant for each of them.
pub fn near<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    Candidates::new(candidates).near(word)
}

/// Words that others are compared with, made ready once.
#[derive(Debug)]
pub struct Candidates<'c> {
    /// Each with its letters.
    words: Vec<(u64, &'c str)>,
    /// What each word was near to that was asked for.
    asked: RefCell<HashMap<String, Vec<&'c str>>>,
}

impl<'c> Candidates<'c> {
    /// Makes `candidates` ready: the first 2,000 of them, since only a hostile file has more.
    pub fn new(candidates: impl IntoIterator<Item = &'c str>) -> Self {
        const MOST_CANDIDATES: usize = 2000;
        let words = candidates.into_iter().take(MOST_CANDIDATES).map(|word| (letters(word), word)).collect();
        Self { words, asked: RefCell::default() }
    }

    /// All that are nearest to `word`, as [`near`]; none for more than the first 500 different words, for the same reason.
    pub fn near(&self, word: &str) -> Vec<&'c str> {
        const MOST_ASKED: usize = 500;
        let mut asked = self.asked.borrow_mut();
        if let Some(near) = asked.get(word) {
            return near.clone();
        }
        if asked.len() == MOST_ASKED {
            return Vec::new();
        }
        let near = self.compare(word);
        asked.insert(word.to_owned(), near.clone());
        near
    }

    fn compare(&self, word: &str) -> Vec<&'c str> {
        // As many as a person reads through.
        const MOST_NEAR: usize = 8;
        // None of our words is so long.
        const LONGEST: usize = 200;
        let length = word.chars().count();
        if length > LONGEST {
            return Vec::new();
        }
        let own = letters(word);
        let close: Vec<(usize, &str)> = self
            .words
            .iter()
            .filter(|(others, candidate)| may_be_near((own, word), (*others, candidate)))
            .filter_map(|&(_, candidate)| Some((distance(word, candidate)?, candidate)))
            .filter(|&(distance, _)| distance > 0 && 2 * distance < length)
            .collect();
        let least = close.iter().map(|&(distance, _)| distance).min();
        let nearest = close.into_iter().filter(|&(distance, _)| Some(distance) == least);
        nearest.map(|(_, candidate)| candidate).take(MOST_NEAR).collect()
    }
}

/// Whether two words, each with its letters, may be within two edits of each other: most are excluded here.
fn may_be_near((letters, one): (u64, &str), (others, other): (u64, &str)) -> bool {
    // Two edits of characters change at most eight bytes of length.
    let most = MOST_EDITS as u32;
    one.len().abs_diff(other.len()) <= 4 * MOST_EDITS
        // Each edit takes away one character at most, and adds one at most.
        && (letters & !others).count_ones() <= most
        && (others & !letters).count_ones() <= most
}

/// How many edits (insert, delete, change, swap) lie between two words; `None` where it is more than two, which is seen early.
pub fn distance(one: &str, other: &str) -> Option<usize> {
    if !may_be_near((letters(one), one), (letters(other), other)) {
        return None;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    (0..=MOST_EDITS).find(|&edits| within(&one, &other, edits))
}

/// Which characters a word has, those that share their last six bits taken as one.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, character| letters | 1 << (u32::from(character) & 63))
}

fn within(one: &[char], other: &[char], edits: usize) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    if one.len().abs_diff(other.len()) > edits {
        return false;
    }
    let (Some(_), Some(_)) = (one.first(), other.first()) else { return true };
    if edits == 0 {
        return false;
    }
    let is_swap = one.len() > 1 && other.len() > 1 && one[0] == other[1] && one[1] == other[0];
    within(&one[1..], &other[1..], edits - 1)
        || within(&one[1..], other, edits - 1)
        || within(one, &other[1..], edits - 1)
        || (is_swap && within(&one[2..], &other[2..], edits - 1))
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

    #[test]
    fn only_so_many_words_are_compared_and_only_so_many_are_named() {
        let names: Vec<String> = (0..3000).map(|number| format!("person{number}")).collect();
        let candidates = Candidates::new(names.iter().map(String::as_str));
        assert_eq!(candidates.near("persoon7"), ["person7"]);
        assert_eq!(candidates.near("personXY").len(), 8);
        for number in 0..600 {
            candidates.near(&format!("persona{number}"));
        }
        assert_eq!(candidates.near("persoon7"), ["person7"], "one that was asked for before");
        assert_eq!(candidates.near("persoon8"), [""; 0]);
    }

    #[test]
    fn distances_agree_with_a_table_of_all_edits() {
        let words =
            ["", "a", "ab", "ba", "abc", "acb", "bca", "abcd", "badc", "mara", "marla", "amra", "tomas", "thomas"];
        for one in words {
            for other in words {
                let expected = strsim::osa_distance(one, other);
                assert_eq!(distance(one, other), (expected <= 2).then_some(expected), "{one} {other}");
            }
        }
    }
}

//! Text made safe to show: nothing a terminal would obey, nothing that turns the order of words around.

/// A sentence with nothing in it that a terminal would obey, whatever words of the writer it quotes.
pub fn printable(sentence: String) -> String {
    let is_odd = |c: char| c != '\n' && is_unprintable(c);
    match sentence.contains(is_odd) {
        true => sentence.replace(is_odd, "\u{fffd}"),
        false => sentence,
    }
}

/// The writer's words, shortened to fit into a message and with nothing that a terminal would obey.
pub fn shorten(words: &str) -> String {
    const MOST: usize = 60;
    let mut short = String::new();
    for (count, character) in words.chars().enumerate() {
        if count == MOST {
            short.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' => short.push(' '),
            character if is_unprintable(character) => short.push_str(&format!("U+{:04X}", character as u32)),
            character => short.push(character),
        }
    }
    short
}

/// Characters that a terminal would act on or that turn the order of text around.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

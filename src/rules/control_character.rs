use crate::diagnostic::{Code, Finding};
use crate::language::Text;

use super::Context;

pub(super) fn check(_: &Context, text: &Text, out: &mut Vec<Finding>) {
    for (start, character) in text.value.char_indices().filter(|(_, character)| is_unwanted(*character)) {
        let what = if character.is_control() {
            "an invisible control character"
        } else {
            "an invisible character that turns the order of the text around"
        };
        let message = format!("{what} (U+{:04X}) would be sent to Kling", character as u32);
        let place = text.part(start..start + character.len_utf8());
        let help = "delete it, or retype the words around it";
        out.push(Finding::new(Code::ControlCharacter, place, message).help(help));
    }
}

fn is_unwanted(character: char) -> bool {
    let is_layout = matches!(character, '\n' | '\t');
    character.is_control() && !is_layout || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

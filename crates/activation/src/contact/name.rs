//! What the platforms' rules for names have in common.

use unicode_normalization::UnicodeNormalization;

/// Small letters, without spaces at the ends, with one between words. None where no letter is in it.
pub(super) fn plain_name(text: &str) -> Option<String> {
    let text = composed(text);
    let mut name = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !name.is_empty() {
            name.push(' ');
        }
        name.extend(word.chars().flat_map(char::to_lowercase));
    }
    name.chars().any(char::is_alphabetic).then_some(name)
}

/// The text with each accent on its letter (Unicode NFC), as most programs write it: a hash of another form finds nobody.
pub(super) fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Whether a character is punctuation. Letters of all scripts, their accents, digits and spaces are not.
pub(super) fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || character.is_control()
        || matches!(character, '\u{a1}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{feff}')
            && !character.is_alphanumeric()
            && !character.is_whitespace()
}

/// Whether a character is a letter, or an accent that stands apart from its letter.
pub(super) fn is_letter(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_stand_on_their_letters() {
        assert_eq!(
            plain_name("Jose\u{301} MARI\u{301}A").as_deref(),
            Some("jos\u{e9} mar\u{ed}a")
        );
        assert_eq!(composed("A\u{30a}"), "\u{c5}");
    }
}

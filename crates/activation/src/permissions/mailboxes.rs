//! E-mail addresses, compared as the mailboxes that they reach.

use cartera_table::mail_addresses;

/// The mailboxes of a cell. What holds no address is at least the same text; none where it is blank.
pub(super) fn mailboxes(text: &str) -> Vec<String> {
    let known: Vec<String> = known_mailboxes(text).collect();
    if !known.is_empty() {
        return known;
    }
    let text = text.trim().to_lowercase();
    if text.is_empty() { Vec::new() } else { vec![text] }
}

/// The mailboxes of a cell, as far as it holds addresses.
pub(super) fn known_mailboxes(text: &str) -> impl Iterator<Item = String> + use<> {
    mail_addresses(text).into_iter().map(mailbox)
}

/// Gmail leaves dots and what follows a plus aside, and has two names.
fn mailbox(address: String) -> String {
    match address.split_once('@') {
        Some((name, "gmail.com" | "googlemail.com")) => {
            let name = name.split('+').next().unwrap_or_default().replace('.', "");
            format!("{name}@gmail.com")
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_are_the_same() {
        assert_eq!(mailboxes("Ana.Ruiz+shop@GoogleMail.com"), ["anaruiz@gmail.com"]);
        assert_eq!(mailboxes("ana.ruiz+shop@example.org"), ["ana.ruiz+shop@example.org"]);
        assert_eq!(mailboxes("a@x.org; mailto:b@x.org"), ["a@x.org", "b@x.org"]);
        assert_eq!(mailboxes(" N/A "), ["n/a"]);
        assert!(mailboxes("  ").is_empty());
    }
}

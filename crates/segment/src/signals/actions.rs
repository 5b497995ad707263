//! What the suggested actions mean, in words.

const WORDS: [(&str, &str); 11] = [
    ("remind_of_order", "remind them that their usual order is due"),
    ("ask_why_less", "ask what changed, and mend it"),
    ("call_and_keep", "call them, and keep them"),
    ("look_into_returns", "find out what comes back and why"),
    ("settle_case", "settle the complaint, and tell them so"),
    ("settle_with_detractor", "call, settle what displeased them, ask again"),
    ("rest_from_contact", "leave them out of campaigns for a while"),
    ("invite_second_order", "invite them to a second order"),
    ("offer_step_up", "offer what lifts them into the next class or tier"),
    ("win_back", "win them back with an offer of their own"),
    ("widen_offer", "show them more of the range while they grow"),
];

/// What an action of a built-in rule means; none of the actions of others.
#[must_use]
pub fn signal_action_words(action: &str) -> Option<&'static str> {
    WORDS.iter().find(|(slug, _)| *slug == action).map(|(_, words)| *words)
}

//! What counts as a contact and as an answer, for results of campaigns and for what is measured of lists alike.

/// Words of an interaction, and the campaign that it names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InteractionWords<'w> {
    /// What it was.
    pub kind: Option<&'w str>,
    /// Who reached out.
    pub direction: Option<&'w str>,
    /// What came of it.
    pub outcome: Option<&'w str>,
    /// The campaign that it belongs to.
    pub campaign_id: Option<&'w str>,
}

impl InteractionWords<'_> {
    fn is_told_as_answer(&self) -> bool {
        matches!(self.kind, Some("response" | "redemption"))
    }

    /// Whether the company reached out.
    #[must_use]
    pub fn is_contact(&self) -> bool {
        self.direction == Some("outbound") && !self.is_told_as_answer()
    }

    /// Whether the customer answered: a response or redemption, a contact of the customer's own that names a campaign, or
    /// a contact of the company with such an outcome.
    pub fn is_answer(&self, is_response: impl Fn(&str) -> bool) -> bool {
        let is_own = self.direction == Some("inbound") && self.campaign_id.is_some();
        self.is_told_as_answer() || is_own || (self.is_contact() && self.outcome.is_some_and(is_response))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_or_follow_from_what_happened() {
        let words = |kind, direction, outcome, campaign_id| InteractionWords {
            kind: Some(kind),
            direction,
            outcome,
            campaign_id,
        };
        let is_answer = |words: InteractionWords<'_>| words.is_answer(|outcome| outcome == "clicked");
        assert!(is_answer(words("response", None, None, None)));
        assert!(is_answer(words("redemption", Some("outbound"), None, None)));
        assert!(is_answer(words("call", Some("inbound"), None, Some("spring"))));
        assert!(!is_answer(words("call", Some("inbound"), Some("clicked"), None)));
        assert!(is_answer(words("contact", Some("outbound"), Some("clicked"), None)));
        assert!(!is_answer(words(
            "contact",
            Some("outbound"),
            Some("opened"),
            Some("spring")
        )));
        assert!(words("contact", Some("outbound"), None, None).is_contact());
        assert!(!words("response", Some("outbound"), None, None).is_contact());
    }
}

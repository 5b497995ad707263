//! The three systems that sell, and the keys under which each of them knows a person.

use std::fmt;

/// Keys have seven digits.
const KEYS: u64 = 10_000_000;

/// Where an order is placed. Each channel has a system, and so customer keys, of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Channel {
    Web,
    Shop,
    Phone,
}

impl Channel {
    pub(crate) const ALL: [Self; 3] = [Self::Web, Self::Shop, Self::Phone];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Shop => "shop",
            Self::Phone => "phone",
        }
    }

    /// What the keys of the channel start with.
    pub(crate) fn key_letter(self) -> u8 {
        match self {
            Self::Web => b'W',
            Self::Shop => b'S',
            Self::Phone => b'P',
        }
    }

    /// The number by which the channel knows a person.
    ///
    /// A permutation of all numbers of seven digits, another one in each channel, so that the keys
    /// of one person have nothing in common and every key belongs to one person.
    pub(crate) fn key_number(self, person: u32) -> u64 {
        let (factor, offset) = match self {
            Self::Web => (7_368_787, 1_204_511),
            Self::Shop => (4_256_233, 6_029_843),
            Self::Phone => (9_176_941, 3_518_207),
        };
        (u64::from(person) * factor + offset) % KEYS
    }
}

/// The key of a person in a channel: `W0012345`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) channel: Channel,
    pub(crate) person: u32,
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = char::from(self.channel.key_letter());
        write!(formatter, "{letter}{:07}", self.channel.key_number(self.person))
    }
}

/// The channels in which a person has a key: one for most, two for some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PersonChannels {
    pub(crate) first: Channel,
    pub(crate) second: Option<Channel>,
}

impl PersonChannels {
    pub(crate) fn all(self) -> impl Iterator<Item = Channel> {
        std::iter::once(self.first).chain(self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn nobody_shares_a_key() {
        for channel in Channel::ALL {
            let mut seen = vec![false; KEYS as usize];
            for person in 1..KEYS as u32 {
                let number = channel.key_number(person) as usize;
                assert!(!seen[number], "{channel:?} {number}");
                seen[number] = true;
            }
        }
    }

    #[test]
    fn keys_are_spelled_with_leading_zeros_and_differ_by_channel() {
        let key = |channel, person| Key { channel, person }.to_string();
        assert!((1..2_000).any(|person| key(Channel::Web, person).starts_with("W00")));
        let of_one: HashSet<String> = Channel::ALL.map(|channel| key(channel, 17)[1..].to_owned()).into();
        assert_eq!(of_one.len(), 3);
        assert!(of_one.iter().all(|digits| digits.len() == 7));
    }
}

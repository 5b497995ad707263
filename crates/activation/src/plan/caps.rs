//! How many contacts caps leave within a horizon.

/// As many contacts within one window are no limit.
const UNREACHED: u32 = 1_000;

/// The caps on all channels together, and what they leave of an empty calendar, which most calendars are.
#[derive(Debug, Clone)]
pub(super) struct OpenContacts {
    /// Days and contacts.
    caps: Vec<(i32, usize)>,
    horizon_days: i32,
    /// By the day of the only contact, from 1; the first without any.
    of_empty: Vec<i64>,
}

impl OpenContacts {
    /// None where no cap is on all channels together.
    pub(super) fn new(caps: &[(i32, u32)], horizon_days: i32) -> Option<Self> {
        // One that nobody reaches limits nothing.
        let caps = caps.iter().filter(|(_, contacts)| *contacts < UNREACHED);
        let caps: Vec<(i32, usize)> = caps.map(|&(days, contacts)| (days, contacts as usize)).collect();
        if caps.is_empty() {
            return None;
        }
        let mut open = Self {
            caps,
            horizon_days,
            of_empty: Vec::new(),
        };
        let with_one = |day: i32| open.counted(&mut if day == 0 { Vec::new() } else { vec![day] });
        open.of_empty = (0..=horizon_days).map(with_one).collect();
        Some(open)
    }

    /// How many further contacts there can be from day 1 to the last of the horizon, each as early as it can be. The
    /// days of those that were and will be are counted from the day of the run, which is 0; they need no order.
    pub(super) fn count(&self, days: &mut Vec<i32>) -> i64 {
        let known = match days[..] {
            [] => self.of_empty.first(),
            [day] => usize::try_from(day)
                .ok()
                .filter(|day| *day > 0)
                .and_then(|day| self.of_empty.get(day)),
            _ => None,
        };
        known.copied().unwrap_or_else(|| self.counted(days))
    }

    fn counted(&self, days: &mut Vec<i32>) -> i64 {
        days.sort_unstable();
        let mut count = 0;
        for day in 1..=self.horizon_days {
            loop {
                let place = days.partition_point(|other| *other <= day);
                days.insert(place, day);
                let holds = |&(length, contacts): &(i32, usize)| is_kept(days, place, length, contacts);
                if !self.caps.iter().all(holds) {
                    days.remove(place);
                    break;
                }
                count += 1;
            }
        }
        count
    }
}

/// Whether a cap holds in all windows that hold the contact at a place; the days ascend.
fn is_kept(days: &[i32], place: usize, length: i32, contacts: usize) -> bool {
    // One more than the cap allows, in a row, must not fit into a window.
    let first = place.saturating_sub(contacts);
    (first..=place).all(|start| {
        let beyond = start.checked_add(contacts).and_then(|end| days.get(end));
        beyond.is_none_or(|end| end - days[start] >= length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(caps: &[(i32, u32)], horizon: i32, days: &[i32]) -> Option<i64> {
        OpenContacts::new(caps, horizon).map(|open| open.count(&mut days.to_vec()))
    }

    #[test]
    fn windows_are_filled_as_early_as_can_be() {
        assert_eq!(open(&[(7, 1)], 30, &[]), Some(5), "days 1, 8, 15, 22, 29");
        assert_eq!(open(&[(7, 2)], 30, &[]), Some(10));
        assert_eq!(open(&[(7, 2), (30, 4)], 30, &[]), Some(4));
        assert_eq!(open(&[(7, 1)], 30, &[0]), Some(4), "from day 7 on");
        assert_eq!(open(&[(7, 1)], 7, &[4]), Some(0), "no window may hold it and another");
        assert_eq!(open(&[(30, 2)], 30, &[-29, -28]), Some(2), "room on day 1 and on day 2");
        assert_eq!(open(&[(30, 0)], 30, &[]), Some(0));
        assert_eq!(open(&[], 30, &[1]), None);
        assert_eq!(open(&[(7, 1_000)], 30, &[]), None, "nobody reaches it");
    }

    #[test]
    fn no_window_ever_holds_too_many() {
        let caps = [(5, 2), (11, 3)];
        for past in [vec![], vec![0], vec![-3, 0], vec![-8, 4], vec![9], vec![-9, -9, -1, 17]] {
            let mut days = past.clone();
            let counter = OpenContacts::new(&caps, 20).expect("caps");
            let count = counter.counted(&mut days);
            assert_eq!(days.len() as i64, past.len() as i64 + count);
            for (length, contacts) in [(5, 2), (11, 3)] {
                for end in 1..=31 {
                    let held = days.iter().filter(|day| (end - length + 1..=end).contains(*day));
                    let before = past
                        .iter()
                        .filter(|day| (end - length + 1..=end).contains(*day))
                        .count();
                    assert!(held.count() <= before.max(contacts), "{past:?} {days:?}");
                }
            }
            assert_eq!(counter.count(&mut past.clone()), count);
        }
    }
}

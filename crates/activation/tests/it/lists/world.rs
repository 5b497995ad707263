//! Made-up customers with everything that rules look at, drawn from a seed.

/// 2025-06-30.
pub(crate) const TODAY: i32 = 20_269;
pub(crate) const CHANNELS: [&str; 4] = ["email", "sms", "post", "chat"];
pub(crate) const PURPOSES: [&str; 2] = ["marketing", "service"];
pub(crate) const HOUR: i64 = 3_600_000_000;

/// SplitMix64.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1) as usize) as i32
    }

    pub(crate) fn in_hundred(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub(crate) fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    pub(crate) fn maybe<T>(&mut self, share: usize, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.in_hundred(share).then(|| value(self))
    }
}

/// An address or number, and the way in which it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Written {
    pub(crate) number: usize,
    form: usize,
}

impl Written {
    fn any(random: &mut Random) -> Self {
        Self {
            number: random.below(6),
            form: random.below(3),
        }
    }

    pub(crate) fn email(self) -> String {
        let plain = format!("person{}@example.org", self.number);
        [plain.clone(), plain.to_uppercase(), format!("  {plain} ")][self.form].clone()
    }

    pub(crate) fn phone(self) -> String {
        let number = self.number;
        [
            format!("+34 600 123 45{number}"),
            format!("60012345{number}"),
            format!("0034600-12345{number}"),
        ][self.form]
            .clone()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) keys: Vec<String>,
    pub(crate) email: Option<Written>,
    pub(crate) phone: Option<Written>,
    pub(crate) birth: Option<i32>,
    pub(crate) street: bool,
    pub(crate) city: bool,
    pub(crate) household: Option<usize>,
    pub(crate) order_count: i64,
    pub(crate) p_alive: Option<f64>,
}

#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) key: String,
    pub(crate) channel: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) is_granted: bool,
    pub(crate) since: i64,
}

/// Whom a suppression or a defective row names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Who {
    pub(crate) key: Option<String>,
    pub(crate) email: Option<Written>,
    pub(crate) phone: Option<Written>,
}

#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) who: Who,
    pub(crate) channel: Option<&'static str>,
    pub(crate) purpose: Option<&'static str>,
    pub(crate) reason: &'static str,
}

#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) key: String,
    pub(crate) day: i32,
    pub(crate) channel: Option<&'static str>,
    pub(crate) direction: Option<&'static str>,
    pub(crate) kind: &'static str,
}

/// A day on which a list held somebody out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HeldOut {
    pub(crate) list: String,
    pub(crate) customer: String,
    pub(crate) channel: String,
    pub(crate) day: i32,
}

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) key: String,
    pub(crate) day: i32,
    pub(crate) kind: &'static str,
    pub(crate) is_open: Option<bool>,
}

#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) name: String,
    pub(crate) channel: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) at_least: i64,
    pub(crate) limit: Option<usize>,
    /// In hundredths.
    pub(crate) cost: Option<i64>,
    pub(crate) budget: Option<i64>,
    pub(crate) has_value: bool,
    pub(crate) priority: Option<i64>,
    pub(crate) exclusive: bool,
    pub(crate) one_per_household: Option<bool>,
    pub(crate) control_share: Option<f64>,
    pub(crate) minimum_age: Option<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Cap {
    pub(crate) channel: Option<&'static str>,
    pub(crate) days: i32,
    pub(crate) contacts: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) as_of: i32,
    pub(crate) people: Vec<Person>,
    pub(crate) consents: Option<Vec<Consent>>,
    pub(crate) suppressions: Vec<Closed>,
    pub(crate) denials: Vec<Closed>,
    pub(crate) accepted: u64,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) held_out: Vec<HeldOut>,
    /// Whether any source tells of contacts.
    pub(crate) knows_contacts: bool,
    pub(crate) cases: Vec<Case>,
    pub(crate) lists: Vec<List>,
    pub(crate) caps: Vec<Cap>,
    pub(crate) quiet_days: i32,
    pub(crate) one_per_household: bool,
    pub(crate) required_details: bool,
    pub(crate) default_country: Option<&'static str>,
    pub(crate) share: f64,
    pub(crate) global_share: f64,
}

impl World {
    pub(crate) fn any(random: &mut Random) -> Self {
        let count = random.between(1, 14);
        let people: Vec<Person> = (0..count).map(|number| person(number, random)).collect();
        let mut world = Self {
            as_of: TODAY,
            consents: random.maybe(97, |_| Vec::new()),
            suppressions: Vec::new(),
            denials: Vec::new(),
            accepted: u64::from(random.in_hundred(30)),
            contacts: Vec::new(),
            held_out: Vec::new(),
            knows_contacts: random.in_hundred(90),
            cases: Vec::new(),
            lists: Vec::new(),
            caps: Vec::new(),
            quiet_days: random.between(0, 6),
            one_per_household: random.in_hundred(70),
            required_details: random.in_hundred(80),
            default_country: random.maybe(50, |_| "ES"),
            share: random.of(&[0.0, 0.2, 0.5]),
            global_share: random.of(&[0.0, 0.2]),
            people,
        };
        let keys: Vec<String> = world.people.iter().map(|person| person.id.clone()).collect();
        for key in &keys {
            for channel in CHANNELS {
                for purpose in PURPOSES {
                    if random.in_hundred(80) {
                        let since = i64::from(TODAY - random.between(1, 9)) * 24 * HOUR;
                        world.consent(key, channel, purpose, true, since);
                    }
                }
            }
        }
        for _ in 0..random.below(4) {
            world.some_consent(random, &keys);
        }
        for _ in 0..random.below(3) {
            world.suppressions.push(closed(random, &keys, false));
        }
        for _ in 0..usize::from(random.in_hundred(30)) {
            world.denials.push(closed(random, &keys, true));
        }
        for _ in 0..random.below(8) {
            world.contacts.push(contact(random, &keys));
        }
        for number in 0..random.below(4) {
            world.held_out.push(HeldOut {
                list: format!("list_{number}"),
                customer: keys[random.below(keys.len())].clone(),
                channel: random.of(&CHANNELS).to_owned(),
                day: TODAY - random.between(1, 8),
            });
        }
        for _ in 0..random.below(3) {
            world.cases.push(case(random, &keys));
        }
        for _ in 0..random.below(3) {
            world.caps.push(Cap {
                channel: random.maybe(40, |random| random.of(&CHANNELS)),
                days: random.between(1, 6),
                contacts: random.between(1, 3) as usize,
            });
        }
        for number in 0..random.between(1, 4) {
            world.lists.push(list(number, random));
        }
        world
    }

    /// The night after: people come, go, change and turn out to be the same, and some take back what they allowed.
    pub(crate) fn night_after(&self, random: &mut Random) -> Self {
        let mut next = self.clone();
        next.as_of += 1;
        for person in &mut next.people {
            if random.in_hundred(30) {
                person.order_count = random.between(0, 3).into();
            }
        }
        if random.in_hundred(40) && next.people.len() > 1 {
            let gone = random.between(1, next.people.len() as i32 - 1) as usize;
            let gone = next.people.remove(gone);
            if random.in_hundred(60) {
                let one = random.below(next.people.len());
                next.people[one].keys.extend(gone.keys);
            }
        }
        if random.in_hundred(40) {
            next.people.push(person(50, random));
            next.consent("c50", "email", "marketing", true, i64::from(TODAY) * 24 * HOUR);
        }
        let keys: Vec<String> = next.people.iter().flat_map(|person| person.keys.clone()).collect();
        for _ in 0..random.below(4) {
            next.some_consent(random, &keys);
        }
        if random.in_hundred(20) {
            next.lists.remove(0);
        }
        if random.in_hundred(30) {
            next.denials.push(closed(random, &keys, true));
        }
        for list in &mut next.lists {
            if random.in_hundred(20) {
                list.limit = random.maybe(60, |random| random.between(1, 5) as usize);
            }
        }
        next
    }

    pub(crate) fn consent(
        &mut self,
        key: &str,
        channel: &'static str,
        purpose: &'static str,
        is_granted: bool,
        since: i64,
    ) {
        if let Some(consents) = &mut self.consents {
            consents.push(Consent {
                key: key.to_owned(),
                channel,
                purpose,
                is_granted,
                since,
            });
        }
    }

    /// A grant or withdrawal of some time, the future included.
    fn some_consent(&mut self, random: &mut Random, keys: &[String]) {
        let key = keys[random.below(keys.len())].clone();
        let channel = random.of(&[
            "email", "sms", "post", "chat", "all", "*", "any", "fax", "correo", "pigeon",
        ]);
        let purpose = random.of(&["marketing", "service", "all", "profiling", "publicidad", "pigeon"]);
        let since = i64::from(TODAY - 10) * 24 * HOUR + i64::from(random.between(0, 14)) * 24 * HOUR;
        let is_granted = random.in_hundred(40);
        self.consent(&key, channel, purpose, is_granted, since);
    }

    /// The customer that a key belongs to.
    pub(crate) fn owner<'w>(&'w self, key: &'w str) -> &'w str {
        let owner = self
            .people
            .iter()
            .find(|person| person.keys.iter().any(|own| own == key));
        owner.map_or(key, |owner| &owner.id)
    }
}

fn person(number: i32, random: &mut Random) -> Person {
    let id = format!("c{number:02}");
    Person {
        keys: vec![id.clone()],
        id,
        email: random.maybe(85, Written::any),
        phone: random.maybe(80, Written::any),
        // Eighteen years before the day lies 2007-06-30.
        birth: random.maybe(60, |random| random.of(&[0, 13_692, 13_693, 13_694, 13_695, 19_000])),
        street: random.in_hundred(80),
        city: random.in_hundred(80),
        household: random.maybe(40, |random| random.below(3)),
        order_count: random.between(0, 3).into(),
        p_alive: random.maybe(85, |random| random.of(&[0.2, 0.5, 0.9])),
    }
}

fn who(random: &mut Random, keys: &[String]) -> Who {
    let mut who = Who::default();
    match random.below(4) {
        0 => who.email = Some(Written::any(random)),
        1 => who.phone = Some(Written::any(random)),
        2 => {
            who.key = Some(keys[random.below(keys.len())].clone());
            who.email = random.maybe(30, Written::any);
        }
        _ => who.key = Some(random.of(&["c00", "c01", "nobody"]).to_owned()),
    }
    who
}

fn closed(random: &mut Random, keys: &[String], can_be_nobody: bool) -> Closed {
    let is_nobody = can_be_nobody && random.in_hundred(30);
    Closed {
        who: if is_nobody { Who::default() } else { who(random, keys) },
        channel: random.maybe(60, |random| {
            random.of(&["email", "sms", "post", "chat", "all", "fax", "correo", "pigeon"])
        }),
        purpose: random.maybe(40, |random| random.of(&["marketing", "service", "any", "publicidad"])),
        reason: random.of(&["do_not_contact", "deceased", "staff"]),
    }
}

fn contact(random: &mut Random, keys: &[String]) -> Contact {
    Contact {
        key: keys[random.below(keys.len())].clone(),
        day: TODAY - random.between(0, 8),
        channel: random.maybe(85, |random| random.of(&["email", "SMS", "post ", "fax"])),
        direction: random.maybe(85, |random| random.of(&["outbound", "outbound", "inbound"])),
        kind: random.of(&["contact", "contact", "call", "response"]),
    }
}

fn case(random: &mut Random, keys: &[String]) -> Case {
    Case {
        key: keys[random.below(keys.len())].clone(),
        day: TODAY - random.between(0, 8),
        kind: random.of(&["complaint", "incident", "question", "survey"]),
        is_open: random.maybe(80, |random| random.in_hundred(40)),
    }
}

fn list(number: i32, random: &mut Random) -> List {
    let cost = random.maybe(60, |random| random.of(&[0, 50, 300, 500]));
    List {
        name: format!("list_{number}"),
        channel: random.of(&CHANNELS),
        purpose: random.of(&["marketing", "marketing", "service"]),
        at_least: random.between(0, 2).into(),
        limit: random.maybe(40, |random| random.between(1, 5) as usize),
        budget: cost.and_then(|_| random.maybe(50, |random| random.of(&[0, 299, 1_000, 1_500]))),
        cost,
        has_value: random.in_hundred(50),
        priority: random.maybe(40, |random| random.between(-1, 3).into()),
        exclusive: random.in_hundred(70),
        one_per_household: random.maybe(30, |random| random.in_hundred(50)),
        control_share: random.maybe(50, |random| random.of(&[0.0, 0.3, 0.9])),
        minimum_age: random.maybe(20, |_| 30),
    }
}

use super::super::decide::has_bit;
use super::*;

const TIERS: [&str; 5] = ["platinum", "gold", "silver", "bronze", "no_value"];
const SIGNALS: [&str; 6] = [
    "complaints_rising",
    "detractor_of_value",
    "dormant_high_value",
    "overdue",
    "second_order_missing",
    "value_at_risk",
];

fn names() -> ContactPlanNames<'static> {
    ContactPlanNames {
        value_tiers: &TIERS,
        signals: &SIGNALS,
    }
}

fn check(text: &str) -> Result<ContactPlanValidParams, ContactPlanParamsError> {
    let params: ContactPlanParams = toml::from_str(text).expect("it can be read");
    params.check(names())
}

fn refusal(text: &str) -> (String, String) {
    let error = check(text).expect_err("refused");
    (error.key().to_owned(), error.to_string())
}

#[test]
fn the_defaults_are_the_built_in_actions_by_priority() {
    let params = check("").expect("valid");
    let names: Vec<&str> = params.actions.iter().map(|action| action.name.as_str()).collect();
    let first = ["settle", "call_and_keep", "retain", "remind_of_order"];
    assert!(names.starts_with(&first) && names.len() == 12, "{names:?}");
    let of_value: Vec<bool> = (0..5).map(|tier| has_bit(params.of_value, tier)).collect();
    assert_eq!(of_value, [true, true, true, false, false]);
    assert_eq!(params.actions[2].tiers, params.of_value);
    assert_eq!(params.actions[3].tiers, u32::MAX);
    assert_eq!(
        (params.value, params.horizon_days, params.neglected_after_days),
        ("vin", 30, 90)
    );
}

#[test]
fn actions_are_changed_added_and_taken_away() {
    let params = check(
        "tiers_of_value = [\"platinum\"]\n\
         [actions.thank]\nenabled = false\n\
         [actions.welcome]\nchannels = [\" Post\"]\npriority = 1\n\
         [actions.birthday]\nchannels = [\"email\"]\npurpose = \"Service\"\n",
    )
    .expect("valid");
    let named = |name: &str| params.actions.iter().find(|action| action.name == name);
    assert_eq!(named("thank"), None);
    assert_eq!(params.actions[0].name, "welcome");
    let way = |channel: &str, purpose: &str| ContactWay {
        channel: channel.into(),
        purpose: purpose.into(),
    };
    let ways_of = |action: &Action| -> Vec<ContactWay> {
        action
            .ways
            .iter()
            .map(|place| params.ways()[usize::from(*place)].clone())
            .collect()
    };
    assert_eq!(ways_of(&params.actions[0]), [way("post", "marketing")]);
    assert_eq!(params.actions[0].every_days, 14, "what is not typed stays");
    let last = params.actions.last().expect("there");
    assert_eq!(
        (last.name.as_str(), ways_of(last)),
        ("birthday", vec![way("email", "service")])
    );
    assert_eq!(
        (last.stages, last.tiers, last.is_of_signals),
        (u32::MAX, u32::MAX, false)
    );
    assert_eq!(params.ways().len(), 5, "each once");
    assert_eq!(named("retain").map(|action| action.tiers), Some(1));
}

#[test]
fn a_built_in_action_goes_with_its_signals() {
    let few = ContactPlanNames {
        signals: &["overdue", "value_at_risk"],
        ..names()
    };
    let params = ContactPlanParams::default().check(few).expect("valid");
    assert!(!params.actions.iter().any(|action| action.name == "settle"));
    assert!(params.actions.iter().any(|action| action.name == "call_and_keep"));
    assert_eq!(params.signals, ["value_at_risk", "overdue"]);
}

#[test]
fn values_that_cannot_be_are_refused() {
    let told = |text: &str, key: &str, start: &str| {
        let (found, message) = refusal(text);
        assert_eq!(found, key);
        assert!(message.starts_with(start), "{message}");
    };
    told(
        "horizon_days = 0",
        "horizon_days",
        "contact_plan: horizon_days is 0, expected 1 to 366",
    );
    told(
        "horizon_days = 367",
        "horizon_days",
        "contact_plan: horizon_days is 367",
    );
    told(
        "neglected_after_days = 0",
        "neglected_after_days",
        "contact_plan: neglected_after_days is 0",
    );
    told(
        "neglected_after_days = 4000",
        "neglected_after_days",
        "contact_plan: neglected_after_days is 4000",
    );
    told(
        "value = \"order_count\"",
        "value",
        "contact_plan: value is `order_count`, not one of",
    );
    told(
        "tiers_of_value = []",
        "tiers_of_value",
        "contact_plan: tiers_of_value is []",
    );
    told(
        "tiers_of_value = [\"goldd\"]",
        "tiers_of_value",
        "contact_plan: tiers_of_value is `goldd`, not one of platinum",
    );
    let of = |key: &str, value: &str| format!("[actions.welcome]\n{key} = {value}\n");
    let key = |key: &str| format!("actions.welcome.{key}");
    for (name, value, start) in [
        ("stages", "[\"dead\"]", "is `dead`, not one of prospect, new"),
        ("stages", "[]", "is [], expected at least one name"),
        ("tiers", "[\"iron\"]", "is `iron`, not one of platinum"),
        ("signals", "[\"luck\"]", "is `luck`, not one of complaints_rising"),
        ("signals", "[]", "is [], expected at least one signal"),
        ("channels", "[]", "is [], expected at least one channel"),
        ("channels", "[\"sms\", \"SMS \"]", "is [\"sms\", \"sms\"], expected"),
        ("channels", "[\" \"]", "is [\"\"], expected"),
        ("purpose", "\"\"", "is an empty text, expected the purpose"),
        ("every_days", "3651", "is 3651, expected 0 to 3650"),
    ] {
        told(
            &of(name, value),
            &key(name),
            &format!("contact_plan: {} {start}", key(name)),
        );
    }
    told(
        "[actions.mine]\npriority = 1",
        "actions.mine.channels",
        "contact_plan: actions.mine.channels is []",
    );
    told(
        "[actions.\"My Own\"]\n",
        "actions.My Own",
        "contact_plan: actions.My Own is `My Own`",
    );
    told(
        "[actions.thank]\nenabled = false\ntiers = [\"x\"]",
        "actions.thank.tiers",
        "contact_plan: actions.thank.tiers is `x`",
    );
}

#[test]
fn signals_beyond_the_bits_are_refused() {
    let all: Vec<String> = (0..65).map(|number| format!("s{number}")).collect();
    let signals: Vec<&str> = all.iter().map(String::as_str).collect();
    let of = |count: usize| {
        let own = ContactActionParams {
            signals: Some(all[..count].to_vec()),
            channels: Some(vec!["email".into()]),
            ..ContactActionParams::default()
        };
        let params = ContactPlanParams {
            actions: BTreeMap::from([("own".to_owned(), own)]),
            ..ContactPlanParams::default()
        };
        params.check(ContactPlanNames {
            signals: &signals,
            ..names()
        })
    };
    assert!(of(64).is_ok());
    assert_eq!(of(65).expect_err("refused").key(), "actions.own.signals");
}

#[test]
fn so_are_more_tiers_than_codes() {
    let tiers = vec!["tier"; 32];
    let many = ContactPlanNames {
        value_tiers: &tiers,
        ..names()
    };
    assert_eq!(
        ContactPlanParams::default().check(many).expect_err("refused").key(),
        "tiers_of_value"
    );
}

//! Clusters from night to night: a model that scores, a refit, a gate.

use cartera_segment::{
    Before, ClusterCount, ClusterDecision, ClusterModel, ClusterRequest, KMeansParams, SegmentParams, Segmentation,
    segment,
};
use cartera_table::contracts::CustomerFeatures;
use cartera_table::{Table, frame};
use polars::prelude::{Column, IntoColumn};

use crate::support::{Customer, population, table};

/// Three groups far apart, so many customers, with the third group moved by so many days.
fn groups(count: usize, days: i32) -> Vec<Customer> {
    (0..count as i32)
        .map(|row| match row % 3 {
            0 => Customer::new(
                1 + row % 4,
                40 + i64::from(row % 7),
                90_000_000 + i128::from(row),
                [5, 5, 5],
            ),
            1 => Customer::new(
                40 + row % 20,
                6 + i64::from(row % 3),
                2_000_000 + i128::from(row),
                [3, 3, 3],
            ),
            _ => Customer::new(300 + row % 50 + days, 1, 100_000 + i128::from(row % 900), [1, 1, 1]),
        })
        .collect()
}

fn params(change: impl FnOnce(&mut KMeansParams)) -> SegmentParams {
    let mut k_means = KMeansParams {
        k: ClusterCount::Fixed(3),
        max_psi: 1e9,
        max_movers_share: 1.0,
        ..KMeansParams::default()
    };
    change(&mut k_means);
    SegmentParams {
        k_means,
        ..SegmentParams::default()
    }
}

fn night(features: &Table<CustomerFeatures>, before: Option<&Segmentation>, params: &SegmentParams) -> Segmentation {
    asked(features, before, params, false, false)
}

fn asked(
    features: &Table<CustomerFeatures>,
    before: Option<&Segmentation>,
    params: &SegmentParams,
    refit: bool,
    accept: bool,
) -> Segmentation {
    let clusters = before.and_then(|before| before.clusters.as_ref());
    let before = Before {
        segments: before.map(|before| &before.segments),
        clusters: ClusterRequest {
            refit,
            accept,
            model: clusters.map(|clusters| &clusters.model),
            candidate: clusters.and_then(|clusters| clusters.candidate.as_ref()),
        },
        redefined: &[],
    };
    segment(features, before, &params.check(5).expect("valid")).expect("segments")
}

/// The same customers so many days later, none of whom bought again.
fn later(customers: &[Customer], days: i32) -> Table<CustomerFeatures> {
    let customers: Vec<Customer> = customers
        .iter()
        .map(|customer| Customer {
            days_since_last_order: customer.days_since_last_order.map(|since| since + days),
            ..*customer
        })
        .collect();
    let mut features = table(&customers).into_frame();
    // The last order stays where it was.
    for name in ["first_order_date", "last_order_date"] {
        let moved = frame::dates(&features, name).expect("dates").clone() + days;
        let moved: Column = frame::date_column(name, moved).into_column();
        features.with_column(moved).expect("of one length");
    }
    Table::new(features).expect("a valid table")
}

fn decision(segmentation: &Segmentation) -> ClusterDecision {
    segmentation.clusters.as_ref().expect("clusters").decision
}

fn model(segmentation: &Segmentation) -> &ClusterModel {
    &segmentation.clusters.as_ref().expect("clusters").model
}

fn ids_and_names(model: &ClusterModel) -> Vec<(i32, String)> {
    let of = |cluster: &cartera_segment::ModelCluster| (cluster.id, cluster.name.clone());
    model.clusters().iter().map(of).collect()
}

#[test]
fn the_same_night_twice_gives_the_same_bytes() {
    let features = table(&population(3_000));
    let text = || {
        model(&night(&features, None, &SegmentParams::default()))
            .to_json()
            .expect("text")
    };
    assert_eq!(text(), text());
}

#[test]
fn a_model_comes_back_from_its_text_bit_by_bit() {
    let first = night(&table(&population(3_000)), None, &SegmentParams::default());
    let text = model(&first).to_json().expect("text");
    let back = ClusterModel::from_json(&text).expect("a model");
    assert_eq!(&back, model(&first));
    assert_eq!(back.to_json().expect("text"), text);
}

#[test]
fn a_text_that_is_no_model_is_refused() {
    let first = night(&table(&groups(300, 0)), None, &params(|_| {}));
    let text = model(&first).to_json().expect("text");
    for (from, to) in [
        ("\"format\": 1", "\"format\": 2"),
        ("\"id\": 2", "\"id\": 1"),
        ("\"next_cluster_id\": 4", "\"next_cluster_id\": 3"),
        ("\"feature\": \"average_order_value\"", "\"feature\": \"net_sales\""),
        ("\"format\"", "\"shape\""),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        assert!(ClusterModel::from_json(&changed).is_err(), "{from}");
    }
}

#[test]
fn the_next_night_scores_with_the_model_as_it_is() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    assert_eq!(decision(&first), ClusterDecision::FirstFit);
    let second = night(&later(&customers, 5), Some(&first), &params(|_| {}));
    assert_eq!(decision(&second), ClusterDecision::Scored);
    assert_eq!(
        model(&second).to_json().expect("text"),
        model(&first).to_json().expect("text")
    );
    let outcome = second.clusters.as_ref().expect("clusters");
    assert!(outcome.reasons.is_empty() && outcome.candidate.is_none() && outcome.adjusted_rand.is_none());
    assert_eq!(outcome.movers_share, Some(0.0));
    assert_eq!(second.cluster_tables.refit.height(), 0);
    // Four features of the basis, and the movers.
    assert_eq!(second.cluster_tables.drift.height(), 5);
}

#[test]
fn a_customer_keeps_the_cluster_whatever_the_others_do() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    // The first three alone, and three of another kind.
    let mut few = customers[..3].to_vec();
    few.extend(vec![Customer::new(2_000, 1, 1, [1, 1, 1]); 3]);
    let second = night(&table(&few), Some(&first), &params(|_| {}));
    let cluster = |segmentation: &Segmentation, row| {
        let ids = frame::int32(segmentation.segments.frame(), "cluster_id").expect("ids");
        ids.get(row)
    };
    for row in 0..3 {
        assert_eq!(cluster(&first, row), cluster(&second, row));
    }
}

#[test]
fn a_model_is_fitted_anew_on_schedule_when_asked_and_when_customers_drift() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let reasons = |segmentation: &Segmentation| segmentation.clusters.as_ref().expect("clusters").reasons.clone();
    let soon = night(&later(&customers, 89), Some(&first), &params(|_| {}));
    assert_eq!(decision(&soon), ClusterDecision::Scored);
    let due = night(&later(&customers, 90), Some(&first), &params(|_| {}));
    assert_eq!(reasons(&due), ["the model is 90 days old (refit_days = 90)"]);
    let forced = asked(&later(&customers, 5), Some(&first), &params(|_| {}), true, false);
    assert_eq!(
        (decision(&forced), reasons(&forced)),
        (ClusterDecision::Refitted, vec!["it was asked for".to_owned()])
    );
    let drifted = night(
        &table(&groups(600, 400)),
        Some(&first),
        &params(|params| params.max_psi = 0.25),
    );
    assert_eq!(reasons(&drifted).len(), 1);
    assert!(
        reasons(&drifted)[0].starts_with("the population stability index of days_since_last_order is"),
        "{:?}",
        reasons(&drifted)
    );
}

#[test]
fn a_night_on_which_many_move_fits_anew() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    // Everybody is what their neighbour was.
    let turned: Vec<Customer> = customers.iter().cycle().skip(1).take(600).copied().collect();
    let second = night(
        &table(&turned),
        Some(&first),
        &params(|params| params.max_movers_share = 0.25),
    );
    let outcome = second.clusters.as_ref().expect("clusters");
    assert_eq!(
        outcome.reasons,
        ["100.0 % of the customers changed their cluster since the run before (max_movers_share = 0.25)"]
    );
    // The clusters themselves are the same.
    assert_eq!(
        (outcome.decision, outcome.adjusted_rand),
        (ClusterDecision::Refitted, Some(1.0))
    );
}

#[test]
fn a_refit_carries_ids_and_names_on() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let refitted = asked(
        &later(&customers, 30),
        Some(&first),
        &params(|params| params.seed = 77),
        true,
        false,
    );
    assert_eq!(decision(&refitted), ClusterDecision::Refitted);
    assert_eq!(ids_and_names(model(&refitted)), ids_and_names(model(&first)));
    assert_ne!(model(&refitted), model(&first));
    let refit = refitted.cluster_tables.refit.frame();
    let column = |name| -> Vec<Option<i32>> { frame::int32(refit, name).expect("ids").iter().collect() };
    assert_eq!(column("from_cluster_id"), [Some(1), Some(2), Some(3)]);
    assert_eq!(column("from_cluster_id"), column("to_cluster_id"));
}

fn waiting(segmentation: &Segmentation) -> Option<&ClusterModel> {
    segmentation.clusters.as_ref().expect("clusters").candidate.as_ref()
}

fn reasons(segmentation: &Segmentation) -> &[String] {
    &segmentation.clusters.as_ref().expect("clusters").reasons
}

fn notes(segmentation: &Segmentation) -> &[String] {
    &segmentation.summary.k_means.as_ref().expect("clusters").notes
}

/// A base whose customers are of one kind in the first night and of three others in the second.
fn upheaval() -> (Vec<Customer>, Vec<Customer>) {
    let all: Vec<Customer> = (0..900_i32)
        .map(|row| {
            let value = i128::from(row * 7_919 % 1_009);
            Customer::new(
                1 + row % 30,
                1 + i64::from(row % 5),
                10_000 + value * value * 50,
                [3, 3, 3],
            )
        })
        .collect();
    let turned: Vec<Customer> = (0..900_i32)
        .map(|row| {
            Customer::new(
                1 + (row * 31 % 900),
                1 + i64::from(row * 17 % 40),
                10_000 + i128::from(row * 13 % 77),
                [3, 3, 3],
            )
        })
        .collect();
    (all, turned)
}

#[test]
fn too_big_a_change_is_a_candidate_until_it_is_accepted() {
    let (all, turned) = upheaval();
    let strict = params(|params| params.min_adjusted_rand = 0.99);
    let first = night(&table(&all), None, &strict);
    let second = asked(&table(&turned), Some(&first), &strict, true, false);
    let outcome = second.clusters.as_ref().expect("clusters");
    assert_eq!(outcome.decision, ClusterDecision::Candidate);
    assert!(outcome.adjusted_rand.expect("two models") < 0.99);
    assert_eq!(&outcome.model, model(&first), "the old one goes on");
    let candidate = outcome.candidate.as_ref().expect("a candidate");
    assert!(second.cluster_tables.refit.height() > 0);
    // It waits, though nothing is over its limit: somebody asked for it.
    let third = night(&table(&turned), Some(&second), &strict);
    assert_eq!(decision(&third), ClusterDecision::Scored);
    assert_eq!(waiting(&third), Some(candidate));
    let fourth = asked(&table(&turned), Some(&third), &strict, false, true);
    assert_eq!(
        (decision(&fourth), model(&fourth)),
        (ClusterDecision::Accepted, candidate)
    );
    assert!(fourth.clusters.as_ref().expect("clusters").candidate.is_none());
    // Or it is taken at once.
    let at_once = asked(&table(&turned), Some(&first), &strict, true, true);
    assert_eq!(
        (decision(&at_once), model(&at_once)),
        (ClusterDecision::Refitted, candidate)
    );
}

#[test]
fn a_candidate_of_drift_waits_while_there_is_a_reason_and_says_what_it_would_change() {
    let (all, turned) = upheaval();
    let strict = params(|params| {
        params.min_adjusted_rand = 0.99;
        params.max_psi = 0.25;
    });
    let first = night(&table(&all), None, &strict);
    let second = night(&table(&turned), Some(&first), &strict);
    assert_eq!(decision(&second), ClusterDecision::Candidate);
    let candidate = waiting(&second).expect("a candidate");
    // The same figures are over their limit a day later, and nothing is fitted again.
    let third = night(&later(&turned, 1), Some(&second), &strict);
    assert_eq!(
        (decision(&third), model(&third)),
        (ClusterDecision::Scored, model(&first))
    );
    assert_eq!(waiting(&third), Some(candidate));
    let (last, drifted) = reasons(&third).split_last().expect("reasons");
    assert!(
        last.starts_with("the candidate of ") && last.contains(" waits: "),
        "{last}"
    );
    assert!(
        !drifted.is_empty() && drifted.iter().all(|reason| reason.contains("max_psi")),
        "{drifted:?}"
    );
    let outcome = third.clusters.as_ref().expect("clusters");
    assert!(outcome.adjusted_rand.expect("two models") < 0.99);
    let refit = third.cluster_tables.refit.frame();
    assert!(refit.height() > 0);
    assert!(
        crate::support::texts(refit, "decision")
            .iter()
            .all(|decision| decision == "candidate")
    );
    // A candidate of refit_days gives way to another.
    let old = night(&later(&turned, 90), Some(&third), &strict);
    assert_eq!(decision(&old), ClusterDecision::Candidate);
    let fresh = waiting(&old).expect("a candidate");
    assert_eq!(
        fresh.fitted_as_of().epoch_days(),
        candidate.fitted_as_of().epoch_days() + 90
    );
    // The customers are as they were, so that nothing asks for another model.
    let calm = night(&later(&all, 1), Some(&third), &strict);
    assert_eq!((decision(&calm), waiting(&calm)), (ClusterDecision::Scored, None));
    assert!(reasons(&calm)[0].contains("was dropped"), "{:?}", reasons(&calm));
    // Or the gate is wide enough now.
    let wide = params(|params| {
        params.min_adjusted_rand = 0.0;
        params.max_psi = 0.25;
    });
    let taken = night(&later(&turned, 1), Some(&third), &wide);
    assert_eq!((decision(&taken), waiting(&taken)), (ClusterDecision::Accepted, None));
    assert_eq!(model(&taken), candidate);
}

#[test]
fn there_may_be_nothing_to_accept() {
    let features = table(&groups(600, 0));
    let first = night(&features, None, &params(|_| {}));
    let second = asked(&features, Some(&first), &params(|_| {}), false, true);
    assert_eq!(decision(&second), ClusterDecision::Scored);
    assert_eq!(notes(&second), ["--accept-model: there is no candidate to accept"]);
}

#[test]
fn a_name_that_has_become_untrue_goes_and_the_number_stays() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let before = ids_and_names(model(&first));
    let word = before[0].1.clone();
    assert!(word.contains("frequent") && !word.contains("infrequent"), "{word}");
    // As if the best customers had been called by the opposite.
    let text = model(&first).to_json().expect("text");
    let turned = ClusterModel::from_json(&text.replace(&format!("\"{word}\""), "\"infrequent\"")).expect("a model");
    let mut liar = first.clone();
    liar.clusters.as_mut().expect("clusters").model = turned;
    let refitted = asked(&table(&customers), Some(&liar), &params(|_| {}), true, false);
    assert_eq!(ids_and_names(model(&refitted)), before);
    assert_eq!(
        notes(&refitted),
        [format!(
            "cluster 1 is called {word} now: infrequent is no longer true of it"
        )]
    );
}

#[test]
fn whoever_renames_a_cluster_moves_nobody() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let renamed = params(|params| params.names = [("1".to_owned(), "vip".to_owned())].into());
    let second = night(&later(&customers, 1), Some(&first), &renamed);
    let moves = second.summary.moves.iter();
    let of_clusters = moves.filter(|moves| moves.segmentation == "cluster");
    assert_eq!(
        of_clusters
            .map(|moves| (moves.customer_count, moves.moved_count))
            .collect::<Vec<_>>(),
        [(600, 0)]
    );
    let migrations = second.described.migrations.frame();
    let column = |name| frame::text(migrations, name).expect("text");
    let named: Vec<_> = column("from_segment")
        .iter()
        .zip(column("to_segment").iter())
        .filter(|(_, to)| *to == Some("vip"))
        .collect();
    assert_eq!(named, [(Some(ids_and_names(model(&first))[0].1.as_str()), Some("vip"))]);
}

#[test]
fn a_model_of_features_that_are_none_here_lends_its_numbers_but_no_cluster() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let text = model(&first)
        .to_json()
        .expect("text")
        .replace("average_order_value", "average_order_worth");
    let mut other = first.clone();
    other.clusters.as_mut().expect("clusters").model = ClusterModel::from_json(&text).expect("a model");
    let second = night(&later(&customers, 1), Some(&other), &params(|_| {}));
    assert_eq!(decision(&second), ClusterDecision::Reconfigured);
    let old = ids_and_names(model(&first));
    for (place, (id, name)) in ids_and_names(model(&second)).into_iter().enumerate() {
        assert_eq!(id, 4 + place as i32);
        assert!(old.iter().all(|(_, old)| *old != name), "{name}");
    }
}

#[test]
fn a_listed_feature_that_nobody_has_any_more_stops_a_fit_and_no_night() {
    let customers = groups(600, 0);
    let listed = params(|params| {
        params.features = Some(vec!["order_count".into(), "gross_margin_rate".into()]);
        params.max_psi = 0.25;
    });
    let mut known = table(&customers).into_frame();
    let rates: Vec<f64> = (0..600).map(|row| f64::from(row % 3) / 4.0).collect();
    known
        .with_column(Column::new("gross_margin_rate".into(), rates))
        .expect("of one length");
    let first = night(&Table::new(known).expect("a valid table"), None, &listed);
    let second = night(&later(&customers, 1), Some(&first), &listed);
    assert_eq!(
        (decision(&second), model(&second)),
        (ClusterDecision::Scored, model(&first))
    );
    assert_eq!(
        notes(&second),
        ["600 of 600 customers with orders have no gross_margin_rate: they count as the median of the fit"]
    );
    assert_eq!(
        reasons(&second).last().map(String::as_str),
        Some("but it was not fitted anew: no customer with orders has gross_margin_rate")
    );
    let refit = Before {
        clusters: ClusterRequest {
            refit: true,
            accept: false,
            model: Some(model(&first)),
            candidate: None,
        },
        ..Before::default()
    };
    let error = segment(&later(&customers, 1), refit, &listed.check(5).expect("valid")).expect_err("nobody");
    assert!(
        error
            .to_string()
            .contains("`gross_margin_rate` is null for every customer"),
        "{error}"
    );
}

#[test]
fn a_new_cluster_gets_an_id_that_was_never_used() {
    let (two, four) = (
        params(|params| params.k = ClusterCount::Fixed(2)),
        params(|params| params.k = ClusterCount::Fixed(4)),
    );
    let customers = population(2_000);
    let first = night(&table(&customers), None, &four);
    let second = night(&table(&customers), Some(&first), &two);
    assert_eq!(decision(&second), ClusterDecision::Reconfigured);
    let third = night(&table(&customers), Some(&second), &four);
    let ids = |segmentation| -> Vec<i32> {
        model(segmentation)
            .clusters()
            .iter()
            .map(|cluster| cluster.id)
            .collect()
    };
    assert_eq!(ids(&first), [1, 2, 3, 4]);
    assert!(ids(&second).len() == 2);
    let fresh: Vec<i32> = ids(&third)
        .into_iter()
        .filter(|id| !ids(&second).contains(id))
        .collect();
    assert!(fresh.iter().all(|id| *id > 4), "{fresh:?}");
    let mut names: Vec<String> = ids_and_names(model(&third)).into_iter().map(|(_, name)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 4);
}

#[test]
fn other_features_fit_anew_and_say_so() {
    let customers = groups(600, 0);
    let first = night(&table(&customers), None, &params(|_| {}));
    let other = params(|params| params.features = Some(vec!["order_count".into(), "net_sales".into()]));
    let second = night(&table(&customers), Some(&first), &other);
    let outcome = second.clusters.as_ref().expect("clusters");
    assert_eq!(outcome.decision, ClusterDecision::Reconfigured);
    assert_eq!(
        outcome.reasons,
        ["features, transforms or k of [k_means] are others than those of the model before"]
    );
    assert_eq!(outcome.adjusted_rand, Some(1.0));
    assert_eq!(ids_and_names(&outcome.model), ids_and_names(model(&first)));
}

#[test]
fn a_night_without_orders_keeps_the_model() {
    let first = night(&table(&groups(600, 0)), None, &params(|_| {}));
    let second = night(&table(&[Customer::without_orders(3)]), Some(&first), &params(|_| {}));
    assert_eq!(
        (decision(&second), model(&second)),
        (ClusterDecision::Scored, model(&first))
    );
    // And the candidate, which cannot be accepted tonight either.
    let (all, turned) = upheaval();
    let strict = params(|params| params.min_adjusted_rand = 0.99);
    let first = night(&table(&all), None, &strict);
    let second = asked(&table(&turned), Some(&first), &strict, true, false);
    let candidate = waiting(&second).expect("a candidate");
    let third = asked(
        &table(&[Customer::without_orders(3)]),
        Some(&second),
        &strict,
        false,
        true,
    );
    assert_eq!(waiting(&third), Some(candidate));
    assert_eq!(notes(&third).len(), 1);
    let fourth = asked(&table(&turned), Some(&third), &strict, false, true);
    assert_eq!(
        (decision(&fourth), model(&fourth)),
        (ClusterDecision::Accepted, candidate)
    );
}

//! Who is charged with what.

use std::fs;

use super::{HEADER, LINES, all_dimensions_agree, by, cents, costs, euros, item, of, shop};
use crate::support::{run_as_of, run_once};

#[test]
fn costs_in_other_currencies_are_converted_by_their_day_and_left_out_without_a_rate() {
    let (workshop, path) = shop(
        "[[source]]\nname = \"bank\"\ntable = \"rates\"\npath = \"rates.csv\"\n\
         [source.format]\ndate_format = \"%Y-%m-%d\"\n\
         [source.columns]\ndate = \"day\"\ncurrency = \"code\"\nrate = \"euros\"\n",
    );
    workshop.file("rates.csv", "day,code,euros\n2024-02-01,USD,0.9\n2024-03-01,USD,0.8\n");
    let plain = fs::read_to_string(&path).expect("written");
    let mapped = plain.replace("path = \"costs.csv\"\n", "path = \"costs.csv\"\ncurrency = \"USD\"\n");
    fs::write(&path, mapped).expect("written");
    costs(
        &workshop,
        "a,other,2024-02-02,1.0005,ann,,,\nb,other,2024-03-02,2.00,ann,,,\nc,other,2024-06-02,5.00,ann,,,\n",
    );
    let report = run_once(&path);
    // 1.0005 x 0.9 = 0.90045 -> 0.9004, and 2 x 0.8; in june the last rate is too old.
    assert_eq!(of(&report, "ann", "cost_to_serve"), "2.5004");
    let left_out = report
        .run
        .manifest
        .record
        .effects
        .iter()
        .find(|effect| effect.effect == "no_rate");
    assert_eq!(
        left_out.map(|effect| (effect.source.as_str(), effect.rows)),
        Some(("books", 1))
    );
}

#[test]
fn shared_costs_go_by_the_declared_driver() {
    let parts = |driver: &str| {
        let (workshop, path) = shop(&format!("[profitability]\nshared_cost_driver = \"{driver}\"\n"));
        costs(&workshop, "a,other,2024-03-01,6.00,,,,\n");
        workshop.file(
            "calls.csv",
            "customer,day,kind,campaign,cost\nann,2024-03-02,call,,\nbob,2024-03-02,call,,\nbob,2024-04-02,call,,\nbob,2025-04-02,call,,\n",
        );
        workshop.file(
            "cases.csv",
            "customer,day,kind\nbob,2024-03-02,incident\nann,2025-01-01,incident\n",
        );
        let report = run_once(&path);
        all_dimensions_agree(&report);
        let guests = item(&report, "shared_cost")[2];
        [
            of(&report, "ann", "cost_to_serve"),
            of(&report, "bob", "cost_to_serve"),
            guests.unwrap_or_default().to_string(),
        ]
    };
    // Ann has 2 of 4 orders, 4 of 6 lines, 28 of 47 euros, 1 of 3 calls and no case up to as_of.
    assert_eq!(parts("orders"), ["3.0000", "1.5000", "15000"]);
    assert_eq!(parts("lines"), ["4.0000", "1.0000", "10000"]);
    assert_eq!(
        parts("sales"),
        ["3.5745", "1.1489", "12766"],
        "the largest remainder gets the last ten-thousandth"
    );
    assert_eq!(parts("interactions"), ["2.0000", "4.0000", "0"]);
    assert_eq!(parts("cases"), ["0.0000", "6.0000", "0"]);
}

#[test]
fn costs_of_a_channel_are_shared_by_those_who_bought_there() {
    let (workshop, path) = shop("");
    costs(
        &workshop,
        "a,shipping,2024-02-29,9.00,,,web,\nb,other,2024-02-29,2.00,,,shop,\nc,other,2024-02-29,4.00,,,kiosk,\n",
    );
    let report = run_once(&path);
    // Ann has 2 of 3 orders on the web and 2 of 4 in all: nobody buys at the kiosk.
    assert_eq!(of(&report, "ann", "cost_to_serve"), "8.0000");
    assert_eq!(of(&report, "bob", "cost_to_serve"), "3.0000");
    assert_eq!(item(&report, "shared_cost"), euros([1_500, 1_100, 400, 0]));
    // Of the lines that count as orders 4 of 5 are the web's.
    assert_eq!(
        by(&report, "channel", "cost_to_serve"),
        cents(&[("web", 1_220), ("shop", 280)])
    );
    all_dimensions_agree(&report);
}

#[test]
fn orders_returned_in_full_share_no_costs_after_returns() {
    let of_ann = |section: &str| {
        let (workshop, path) = shop(section);
        // Ann's first order came by phone and went back; bob's did not.
        let lines = "P,1,ann,2024-01-02,pot,1,7.00,5.00,phone,north,\nQ,1,ann,2024-01-03,pot,-1,7.00,5.00,phone,north,\n\
                     S,1,bob,2024-01-04,pan,1,7.00,5.00,phone,south,\n";
        workshop.file("lines.csv", format!("{HEADER}{LINES}{lines}"));
        costs(
            &workshop,
            "a,other,2024-02-29,4.00,,,phone,\nb,acquisition,2024-02-29,6.00,,,phone,\n",
        );
        let report = run_once(&path);
        all_dimensions_agree(&report);
        ["cost_to_serve", "acquisition_cost"].map(|column| of(&report, "ann", column))
    };
    assert_eq!(of_ann(""), ["2.0000", "3.0000"]);
    assert_eq!(
        of_ann("[returns]\nmatch = \"customer_product\"\norders = \"after_returns\"\n"),
        ["0.0000", "0.0000"]
    );
}

#[test]
fn what_it_cost_to_win_customers_is_theirs() {
    let (workshop, path) = shop("");
    costs(
        &workshop,
        "a,acquisition,2024-01-02,1.00,bob,,,\nb,acquisition,2024-01-02,3.00,,,web,\nc,acquisition,2024-02-01,0.50,,,,spring\n\
         d,acquisition,2024-02-01,0.25,,,,\ne,acquisition,2023-06-01,7.00,,,,\nf,acquisition,2025-06-01,70.00,bob,,,\n",
    );
    workshop.file(
        "calls.csv",
        "customer,day,kind,campaign,cost\nann,2024-01-06,contact,spring,\nbob,2024-02-10,contact,spring,\n",
    );
    let report = run_once(&path);
    assert_eq!(of(&report, "ann", "acquisition_cost"), "3.0000", "she came by the web");
    // 1.00 of his own, the campaign that reached him before he bought, and the only one who came in february.
    assert_eq!(of(&report, "bob", "acquisition_cost"), "1.7500");
    assert_eq!(
        item(&report, "acquisition_cost"),
        euros([1_175, 475, 0, 700]),
        "nobody came in june of 2023"
    );
    all_dimensions_agree(&report);
}

#[test]
fn a_campaign_costs_what_its_invoices_say_and_is_shared_by_contacts() {
    let (workshop, path) = shop("");
    workshop.file(
        "campaigns.csv",
        "id,day,cost\nspring,2024-01-01,100\nsummer,2024-02-01,6.00\nautumn,,1.00\nlater,2025-02-01,50\n",
    );
    costs(
        &workshop,
        "a,campaign,2024-01-02,8.00,,,,spring\nb,campaign,2025-01-02,8.00,,,,summer\n",
    );
    workshop.file(
        "calls.csv",
        "customer,day,kind,campaign,cost\nann,2024-01-06,contact,spring,0.10\nann,2024-01-07,contact,spring,0.10\n\
         bob,2024-01-07,contact,spring,0.10\nzoe,2024-01-07,contact,spring,0.10\nbob,,contact,summer,\nbob,,contact,later,5\n",
    );
    let report = run_once(&path);
    // spring: 2 of 4 contacts; summer: bob alone; autumn has no contact and goes by orders.
    assert_eq!(of(&report, "ann", "cost_to_serve"), "4.7000", "4.00 + 0.20 + 0.50");
    assert_eq!(
        of(&report, "bob", "cost_to_serve"),
        "8.3500",
        "2.00 + 0.10 + 6.00 + 0.25"
    );
    assert_eq!(item(&report, "campaign_cost"), euros([1_500, 1_275, 25, 200]));
    assert_eq!(item(&report, "contact_cost"), euros([40, 30, 0, 10]));
    all_dimensions_agree(&report);
}

#[test]
fn contacts_cost_and_share_from_the_day_on_which_they_count_as_contacts() {
    let (workshop, path) = shop("");
    let plain = fs::read_to_string(&path).expect("written");
    let mapped = plain
        .replace("starts_on = \"day\"\n", "starts_on = \"day\"\nends_on = \"end\"\n")
        .replace(
            "occurred_at = \"day\"\n",
            "occurred_at = \"day\"\ndirection = \"way\"\n",
        );
    fs::write(&path, mapped).expect("written");
    workshop.file(
        "campaigns.csv",
        "id,day,end,cost\nspring,2024-03-01,2024-04-30,8.00\nclosing,,2024-04-15,50\n",
    );
    workshop.file(
        "calls.csv",
        "customer,day,way,kind,campaign,cost\nann,,outbound,contact,spring,0.10\nbob,,inbound,response,spring,1.00\n\
         bob,,outbound,contact,closing,5\nbob,,outbound,contact,nowhere,7\n",
    );
    let figures = |as_of: &str| {
        let report = run_as_of(&path, as_of, &workshop.warehouse());
        all_dimensions_agree(&report);
        let of_both = ["ann", "bob"]
            .map(|customer| ["cost_to_serve", "contact_count_90d"].map(|name| of(&report, customer, name)));
        (
            of_both,
            ["campaign_cost", "contact_cost"].map(|name| item(&report, name)[0]),
        )
    };
    let shown = |ann: [&str; 2], bob: [&str; 2]| [ann.map(str::to_owned), bob.map(str::to_owned)];
    assert_eq!(
        figures("2024-03-31"),
        (shown(["8.1000", "1"], ["0.0000", "0"]), [Some(80_000), Some(1_000)]),
        "bob's answer is known when the campaign is over"
    );
    assert_eq!(
        figures("2024-04-30"),
        (shown(["4.1000", "1"], ["60.0000", "1"]), [Some(580_000), Some(61_000)]),
        "4.00 and 50.00 by contacts, 1.00 + 5.00 of his own; nobody knows when he was reached from nowhere"
    );
}

#[test]
fn only_invoices_that_count_stand_for_what_a_campaign_cost() {
    let (workshop, path) = shop("");
    workshop.file(
        "campaigns.csv",
        "id,day,cost\nspring,2024-01-01,4.00\nsummer,2024-02-01,6.00\nautumn,2024-02-01,9.00\n",
    );
    costs(
        &workshop,
        "a,campaign,2024-01-02,0,,,,spring\nb,shipping,2024-02-02,1.00,ann,,,summer\nc,campaign,2024-02-02,5.00,,,,autumn\n",
    );
    let report = run_once(&path);
    assert_eq!(item(&report, "campaign_cost")[0], Some(150_000), "4 + 6 + 5");
    assert_eq!(item(&report, "direct_cost")[0], Some(10_000));
}

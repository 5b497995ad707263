//! What campaigns did, cost and won, in whole runs.

use cartera_table::contracts::{CampaignResults, IncomeStatement};
use cartera_table::frame::{decimal, int64, text};
use cartera_testkit::{HEADER, Workshop};

use crate::support::{run_once, table};

const LINES: &str = "1,1,ann,2024-01-05,tea,2,3.50\n2,1,bob,2024-01-06,mug,1,8.00\n3,1,cid,2024-01-07,cup,1,1.00\n\
                     4,1,ann,2024-01-20,tea,9,3.50\n";

const TABLES: &str = r#"
[[source]]
name = "centre"
table = "interactions"
path = "contacts.csv"
format = { date_format = "%Y-%m-%d" }
columns = { customer_key = "who", occurred_at = "at", channel = "by", direction = "way", kind = "kind", campaign_id = "of", outcome = "outcome", cost = "cost" }

[[source]]
name = "ledger"
table = "costs"
path = "costs.csv"
format = { date_format = "%Y-%m-%d" }
columns = { kind = "kind", incurred_on = "on", amount = "amount", campaign_id = "of" }

[[source]]
name = "marketing"
table = "campaigns"
path = "campaigns.csv"
format = { date_format = "%Y-%m-%d" }
columns = { campaign_id = "id", name = "name", starts_on = "from", cost = "cost" }
"#;

fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file(
        "contacts.csv",
        "who,at,by,way,kind,of,outcome,cost\n\
         ann,2024-01-02,email,outbound,contact,m1,sent,0.50\n\
         ann,2024-01-05,phone,outbound,contact,m2,reached,2.00\n\
         ann,2024-01-06,email,outbound,contact,m1,clicked,0.50\n\
         ann,2024-02-01,email,outbound,contact,,sent,0.10\n\
         bob,2023-12-20,email,outbound,contact,m1,sent,0.50\n\
         bob,2025-01-02,email,outbound,contact,m1,sent,0.50\n\
         cid,2023-11-01,email,outbound,contact,m1,sent,0.50\n\
         eve,2024-02-03,phone,inbound,call,m2,resolved,4.00\n",
    );
    workshop.file(
        "costs.csv",
        "kind,on,amount,of\ncampaign,2024-01-03,100.00,m2\nacquisition,2024-01-15,30.00,m1\n\
         campaign,2024-03-01,5.00,\ncost_to_serve,2024-03-01,7.00,\ncampaign,2025-01-03,50.00,m2\n",
    );
    // The second one has an invoice among the costs, the third one no day.
    workshop.file(
        "campaigns.csv",
        "id,name,from,cost\nm1,One,2023-12-15,60.00\nm2,Two,2024-01-01,999.00\nm3,Three,,11.00\nm4,Four,2025-01-01,9.00\n",
    );
    workshop
}

#[test]
fn costs_count_once_and_the_last_touch_wins() {
    let workshop = workshop();
    let report = run_once(&workshop.pipeline("lines.csv", TABLES));
    let frame = table::<CampaignResults>(&report).into_frame();
    let words = |name: &str| -> Vec<String> {
        let words = text(&frame, name).expect("there").iter();
        words.map(|word| word.unwrap_or("-").to_owned()).collect()
    };
    let [ids, months, names] = ["campaign_id", "month", "campaign_name"].map(words);
    let counts = [
        "contact_count",
        "contacted_customers",
        "response_count",
        "responding_customers",
        "customers_won",
    ]
    .map(|name| int64(&frame, name).expect("there").clone());
    let money = [
        "contact_cost",
        "campaign_cost",
        "further_cost",
        "cost",
        "first_order_sales",
    ]
    .map(|name| decimal(&frame, name).expect("there").clone());
    let rows: Vec<String> = (0..frame.height())
        .map(|row| {
            let counts = counts
                .iter()
                .map(|column| column.get(row).expect("a count").to_string());
            let cents = money
                .iter()
                .map(|column| (column.get(row).expect("money") / 100).to_string());
            let numbers: Vec<String> = counts.chain(cents).collect();
            format!("{} {} {}: {}", ids[row], months[row], names[row], numbers.join(" "))
        })
        .collect();
    // Contacts, contacted, answers, answering, won; cents of contacts, of the campaign, of others, together, first sales.
    assert_eq!(
        rows,
        [
            "- 2024-02 -: 1 1 0 0 0 10 0 0 10 0",
            "- 2024-03 -: 0 0 0 0 0 0 500 0 500 0",
            "m1 2023-11 One: 1 1 0 0 0 50 0 0 50 0",
            "m1 2023-12 One: 1 1 0 0 0 50 6000 0 6050 0",
            "m1 2024-01 One: 2 1 1 1 1 100 0 3000 3100 800",
            "m2 2024-01 Two: 1 1 0 0 1 200 10000 0 10200 700",
            "m2 2024-02 Two: 0 0 1 1 0 400 0 0 400 0",
            "m3 - Three: 0 0 0 0 0 0 1100 0 1100 0",
        ]
    );
    let per_customer = decimal(&frame, "acquisition_cost_per_customer_won").expect("there");
    let per_customer: Vec<Option<i128>> = per_customer.iter().collect();
    assert_eq!(per_customer[3..6], [None, Some(310_000), Some(1_020_000)]);
    let statement = table::<IncomeStatement>(&report).into_frame();
    let amounts = text(&statement, "party")
        .expect("there")
        .iter()
        .zip(decimal(&statement, "amount").expect("there").iter());
    let items = text(&statement, "item").expect("there").iter().zip(amounts);
    let of_company: Vec<(&str, i128)> = items
        .filter(|(item, (party, _))| {
            matches!(item, Some("contact_cost" | "campaign_cost")) && *party == Some("company")
        })
        .filter_map(|(item, (_, amount))| Some((item?, amount?)))
        .collect();
    assert_eq!(of_company, [("contact_cost", 81_000), ("campaign_cost", 1_760_000)]);
    let told: Vec<(&str, u64)> = report
        .campaigns
        .campaigns
        .iter()
        .map(|one| (one.campaign_id.as_str(), one.customers_won))
        .collect();
    assert_eq!(told, [("m2", 1), ("m1", 1), ("m3", 0)], "the most expensive first");
}

#[test]
fn a_touch_wins_as_long_as_the_pipeline_says_and_costs_may_be_unknown() {
    let workshop = workshop();
    let contacts = TABLES.split("[[source]]\nname = \"ledger\"").next().unwrap_or_default();
    let contacts = contacts.replace(", cost = \"cost\"", "");
    let won = |section: &str| {
        let report = run_once(&workshop.pipeline("lines.csv", &format!("{contacts}{section}")));
        let frame = table::<CampaignResults>(&report).into_frame();
        let is_unknown = ["contact_cost", "campaign_cost", "cost", "cost_per_contact"]
            .iter()
            .all(|name| frame.column(name).expect("there").null_count() == frame.height());
        assert!(is_unknown && frame.height() > 0);
        int64(&frame, "customers_won")
            .expect("there")
            .iter()
            .flatten()
            .sum::<i64>()
    };
    assert_eq!(won(""), 2);
    assert_eq!(won("[campaigns]\nattribution_days = 10\n"), 1);
    assert_eq!(won("[campaigns]\nattribution_days = 100\n"), 3);
}

#[test]
fn without_contacts_and_costs_there_is_nothing_to_tell() {
    let workshop = workshop();
    let report = run_once(&workshop.pipeline("lines.csv", ""));
    assert_eq!(table::<CampaignResults>(&report).height(), 0);
    assert!(report.campaigns.campaigns.is_empty());
}

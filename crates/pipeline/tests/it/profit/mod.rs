//! What is left of the sales: the shop that the tests reckon by hand, and how its figures are read.

mod charged;
mod whole;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use cartera_pipeline::RunReport;
use cartera_table::contracts::{CustomerFeatures, IncomeStatement, ProfitabilityBy};
use cartera_table::frame::{decimal, text};
use cartera_testkit::{Workshop, row};

use crate::support::table;

pub(super) const HEADER: &str = "order,line,customer,day,product,quantity,price,cost,channel,region,rep\n";

/// Ann buys twice on the web, bob once in the shop, a guest once on the web; ann brings one tea back.
pub(super) const LINES: &str = "1,1,ann,2024-01-05,tea,2,10.00,6.00,web,north,eva\n\
                     1,2,ann,2024-01-05,mug,1,8.00,5.00,web,north,eva\n\
                     2,1,ann,2024-02-05,tea,1,10.00,6.00,web,north,\n\
                     3,1,bob,2024-02-10,mug,1,9.00,5.00,shop,south,\n\
                     4,1,,2024-02-11,tea,1,10.00,6.00,web,,\n\
                     R2,1,ann,2024-03-01,tea,-1,10.00,6.00,web,north,\n";

pub(super) const COST_HEADER: &str = "id,kind,day,amount,customer,order,channel,campaign\n";

pub(super) const SECTIONS: &str = "[[source]]\nname = \"books\"\ntable = \"costs\"\npath = \"costs.csv\"\n\
    [source.format]\ndate_format = \"%Y-%m-%d\"\n\
    [source.columns]\ncost_id = \"id\"\nkind = \"kind\"\nincurred_on = \"day\"\namount = \"amount\"\n\
    customer_key = \"customer\"\norder_id = \"order\"\nchannel = \"channel\"\ncampaign_id = \"campaign\"\n\
    [[source]]\nname = \"calls\"\ntable = \"interactions\"\npath = \"calls.csv\"\n\
    [source.format]\ndate_format = \"%Y-%m-%d\"\n\
    [source.columns]\ncustomer_key = \"customer\"\noccurred_at = \"day\"\nkind = \"kind\"\ncampaign_id = \"campaign\"\n\
    cost = \"cost\"\n\
    [[source]]\nname = \"tickets\"\ntable = \"cases\"\npath = \"cases.csv\"\n\
    [source.format]\ndate_format = \"%Y-%m-%d\"\n\
    [source.columns]\ncustomer_key = \"customer\"\nopened_at = \"day\"\nkind = \"kind\"\n\
    [[source]]\nname = \"plans\"\ntable = \"campaigns\"\npath = \"campaigns.csv\"\n\
    [source.format]\ndate_format = \"%Y-%m-%d\"\n\
    [source.columns]\ncampaign_id = \"id\"\nstarts_on = \"day\"\ncost = \"cost\"\n\
    [[source]]\nname = \"goods\"\ntable = \"products\"\npath = \"goods.csv\"\n\
    [source.columns]\nproduct_id = \"sku\"\ncategory = \"class\"\n";

/// A shop whose files are as empty as they can be.
pub(super) fn shop(further: &str) -> (Workshop, PathBuf) {
    let workshop = Workshop::new();
    workshop.file("lines.csv", format!("{HEADER}{LINES}"));
    workshop.file("costs.csv", COST_HEADER);
    workshop.file("calls.csv", "customer,day,kind,campaign,cost\n");
    workshop.file("cases.csv", "customer,day,kind\n");
    workshop.file("campaigns.csv", "id,day,cost\n");
    workshop.file("goods.csv", "sku,class\ntea,drinks\n");
    let path = workshop.pipeline("lines*.csv", &format!("{SECTIONS}{further}"));
    let plain = fs::read_to_string(&path).expect("written");
    let mapped = "unit_price = \"price\"\nunit_cost = \"cost\"\nchannel = \"channel\"\nregion = \"region\"\nsales_rep = \"rep\"\n";
    fs::write(&path, plain.replace("unit_price = \"price\"\n", mapped)).expect("written");
    (workshop, path)
}

pub(super) fn costs(workshop: &Workshop, rows: &str) {
    workshop.file("costs.csv", format!("{COST_HEADER}{rows}"));
}

/// A figure of a customer; empty where it is null.
pub(super) fn of(report: &RunReport, customer: &str, column: &str) -> String {
    let row = row(table::<CustomerFeatures>(report).frame(), "customer_id", customer);
    let value = row.into_iter().find(|(name, _)| name == column);
    value.map(|(_, value)| value).unwrap_or_default()
}

/// An item of the statement by party, in ten-thousandths: company, customer, guest, unallocated.
pub(super) fn item(report: &RunReport, item: &str) -> Vec<Option<i128>> {
    let statement = table::<IncomeStatement>(report).into_frame();
    let amounts = decimal(&statement, "amount").expect("there").iter();
    let items = text(&statement, "item").expect("there").iter().zip(amounts);
    items
        .filter(|(found, _)| *found == Some(item))
        .map(|(_, amount)| amount)
        .collect()
}

pub(super) fn euros(amounts: [i128; 4]) -> Vec<Option<i128>> {
    amounts.into_iter().map(|cents| Some(cents * 100)).collect()
}

/// A figure of each value of a dimension, in cents.
pub(super) fn by(report: &RunReport, dimension: &str, column: &str) -> BTreeMap<String, i128> {
    let frame = table::<ProfitabilityBy>(report).into_frame();
    let values = text(&frame, "value")
        .expect("there")
        .iter()
        .zip(decimal(&frame, column).expect("there").iter());
    let rows = text(&frame, "dimension").expect("there").iter().zip(values);
    rows.filter(|(found, _)| *found == Some(dimension))
        .map(|(_, (value, amount))| (value.unwrap_or("-").to_owned(), amount.expect("known") / 100))
        .collect()
}

pub(super) fn cents(values: &[(&str, i128)]) -> BTreeMap<String, i128> {
    values
        .iter()
        .map(|(value, cents)| ((*value).to_owned(), *cents))
        .collect()
}

/// Every dimension adds up to the company, item by item.
pub(super) fn all_dimensions_agree(report: &RunReport) {
    let frame = table::<ProfitabilityBy>(report).into_frame();
    let dimensions: Vec<&str> = text(&frame, "dimension").expect("there").iter().flatten().collect();
    let mut names = dimensions.clone();
    names.dedup();
    for column in [
        "gross_sales",
        "returned_amount",
        "net_sales",
        "cost_of_goods",
        "gross_margin",
        "cost_to_serve",
        "acquisition_cost",
        "net_profit",
    ] {
        let company = item(report, column)[0].unwrap_or_default();
        let values: Vec<i128> = decimal(&frame, column)
            .expect("there")
            .iter()
            .map(Option::unwrap_or_default)
            .collect();
        for name in &names {
            let of_dimension = dimensions
                .iter()
                .zip(&values)
                .filter(|(dimension, _)| *dimension == name);
            assert_eq!(
                of_dimension.map(|(_, value)| value).sum::<i128>(),
                company,
                "{column} by {name}"
            );
        }
    }
}

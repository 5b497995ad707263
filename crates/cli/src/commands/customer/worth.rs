//! What the customer is worth, and the cluster, and why.

use cartera_report::customer::{Cluster, ClusterFeature, CustomerView};

use super::screen::{Screen, joined, money, plain, words};
use crate::number;

/// Features of the cluster that are named for it, and against it.
const FOR: usize = 3;
const AGAINST: usize = 2;
/// Share of all that speaks for or against it below which a feature is not worth naming.
const LEAST_SHARE: f64 = 0.01;

pub(super) fn add(screen: &mut Screen, view: &CustomerView) {
    screen.heading("Value");
    screen.field("Money", &sales(view), 2);
    screen.field("Scores", &scores(view), 2);
    screen.field("Expected", &expected(view), 2);
    screen.field("VIN", &vin(view), 1);
    if let Some(cluster) = &view.cluster {
        screen.field("Cluster", &place(cluster), 1);
        let pulls = cluster.features.iter().filter_map(|feature| feature.pull);
        let least = pulls.map(f64::abs).sum::<f64>() * LEAST_SHARE;
        let named = |feature: &&ClusterFeature| feature.pull.is_some_and(|pull| pull > least);
        let for_it = cluster.features.iter().filter(named).take(FOR);
        screen.field("", &reasons("speaks for it", for_it), 2);
        let against = |feature: &&ClusterFeature| feature.pull.is_some_and(|pull| pull < -least);
        let against = cluster.features.iter().rev().filter(against).take(AGAINST);
        screen.field("", &reasons("for the next", against), 1);
    }
}

fn sales(view: &CustomerView) -> String {
    let value = &view.value;
    let orders = value.order_count.map(|count| {
        let each = value.average_order_value.map(|each| format!(" of {}", money(each)));
        let counted = number::counted(u64::try_from(count).unwrap_or(0), "order");
        format!(" in {counted}{}", each.unwrap_or_default())
    });
    let margin = value.gross_margin.map(|margin| {
        let rate = value.gross_margin_rate.map(|rate| format!(" ({:.1} %)", rate * 100.0));
        format!("margin {}{}", money(margin), rate.unwrap_or_default())
    });
    joined([
        value
            .net_sales
            .map(|sales| format!("net sales {}{}", money(sales), orders.unwrap_or_default())),
        value
            .returned_amount
            .filter(|amount| amount.0 != 0)
            .map(|amount| format!("returned {}", money(amount))),
        margin,
        value.cost_to_serve.map(|cost| format!("cost to serve {}", money(cost))),
        value
            .acquisition_cost
            .map(|cost| format!("acquisition {}", money(cost))),
        value.net_profit.map(|profit| format!("profit {}", money(profit))),
    ])
}

fn scores(view: &CustomerView) -> String {
    let value = &view.value;
    let rfm = value.rfm_segment.as_ref().map(|segment| {
        let score = value
            .rfm_score
            .as_ref()
            .map_or_else(String::new, |score| format!("{score} "));
        format!("RFM {score}{}", words(segment))
    });
    joined([
        rfm,
        value.pareto_class.as_ref().map(|class| format!("Pareto {class}")),
        value
            .pareto_class_profit
            .as_ref()
            .map(|class| format!("by profit {class}")),
        value.pareto_class_vin.as_ref().map(|class| format!("by VIN {class}")),
        value.value_tier.as_ref().map(|tier| format!("tier {}", words(tier))),
        value.bonding.map(|bonding| format!("bonding {bonding:.0} of 100")),
    ])
}

fn expected(view: &CustomerView) -> String {
    let value = &view.value;
    let interval = value.clv_horizon_low.zip(value.clv_horizon_high).map(|(low, high)| {
        let level = value
            .clv_interval
            .map_or_else(String::new, |level| format!("{:.0} %: ", level * 100.0));
        format!(" ({level}{} to {})", money(low), money(high))
    });
    let horizon = value
        .clv_horizon
        .zip(value.horizon_months)
        .map(|(amount, months)| format!("{months} months {}{}", money(amount), interval.unwrap_or_default()));
    joined([
        value.clv_12m.map(|amount| format!("CLV 12 months {}", money(amount))),
        horizon,
        value
            .p_alive
            .map(|share| format!("still a customer {:.0} %", share * 100.0)),
        value
            .expected_orders_12m
            .map(|orders| format!("{} orders in 12 months", plain(orders))),
    ])
}

fn vin(view: &CustomerView) -> String {
    let value = &view.value;
    let parts = value
        .vin_realized
        .zip(value.vin_expected)
        .map(|(realized, expected)| format!(" = {} to date + {} expected", money(realized), money(expected)));
    value
        .vin
        .map_or_else(String::new, |vin| money(vin) + &parts.unwrap_or_default())
}

fn place(cluster: &Cluster) -> String {
    let distance = cluster
        .distance
        .map(|distance| format!(" ({distance:.2} from its center)"));
    let next = cluster.next.as_ref().map(|next| {
        let name = words(&next.cluster);
        format!("{:.2} from {} {name}", next.distance, next.cluster_id)
    });
    let own = words(&cluster.cluster);
    let own = format!("{} {own}{}", cluster.cluster_id, distance.unwrap_or_default());
    joined([Some(own), next])
}

fn reasons<'f>(label: &str, features: impl Iterator<Item = &'f ClusterFeature>) -> String {
    let reason = |feature: &ClusterFeature| {
        let value = feature.value.map_or_else(|| "not known".to_owned(), plain);
        let next = feature.next_center.map(|next| format!(", there {}", plain(next)));
        let center = plain(feature.center);
        format!(
            "{} {value} (here {center}{})",
            words(&feature.feature),
            next.unwrap_or_default()
        )
    };
    let reasons: Vec<String> = features.map(reason).collect();
    if reasons.is_empty() {
        return String::new();
    }
    format!("{label}: {}", reasons.join(", "))
}

//! One chart of each kind with data as a shop has them, and the same kinds with data as no shop should have.

use super::super::*;

fn euro(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{:.1} M€", value / 1e6),
        size if size >= 1e3 => format!("{:.0} k€", value / 1e3),
        _ => format!("{value:.0} €"),
    }
}

fn count(value: f64) -> String {
    format!("{value:.0}")
}

fn share(value: f64) -> String {
    format!("{:.0} %", value * 100.0)
}

/// Numbers between 0 and 1 that are the same on every machine.
fn noise(at: usize) -> f64 {
    let mut mixed = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn months(count: usize) -> Vec<String> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    (0..count)
        .map(|at| format!("{} {}", NAMES[at % 12], 2022 + at / 12))
        .collect()
}

fn about(title: &str) -> About {
    About {
        title: title.to_owned(),
        description: "Drawn from made-up numbers".to_owned(),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

pub(super) fn lines() -> Svg {
    let series = |name: &str, from: f64, step: usize| {
        let values: Vec<Option<f64>> = (0..36)
            .map(|at| (at != 7).then(|| from * (1.0 + at as f64 / 30.0 + noise(at * step) * 0.4)))
            .collect();
        let tips = values
            .iter()
            .map(|value| format!("{name}: {}", value.map_or("none".to_owned(), euro)))
            .collect();
        Series {
            name: name.to_owned(),
            values,
            tips,
        }
    };
    LineChart {
        about: about("Sales, margin and profit by month"),
        x: months(36),
        series: vec![
            series("Net sales", 4e5, 3),
            series("Gross margin", 1.9e5, 5),
            series("Net profit", 6e4, 7),
        ],
        y_title: String::new(),
        y_format: &euro,
        area: false,
        zero_based: true,
    }
    .draw()
}

pub(super) fn area() -> Svg {
    let values: Vec<Option<f64>> = (0..13).map(|at| Some(1200.0 + noise(at) * 800.0)).collect();
    LineChart {
        about: about("Active customers"),
        x: months(13),
        series: vec![Series {
            name: "Active".to_owned(),
            tips: values.iter().map(|value| count(value.unwrap_or(0.0))).collect(),
            values,
        }],
        y_title: "customers".to_owned(),
        y_format: &count,
        area: true,
        zero_based: true,
    }
    .draw()
}

fn bar_series(name: &str, values: Vec<f64>) -> BarSeries {
    let tips = values.iter().map(|value| format!("{name}: {value:.0}")).collect();
    BarSeries {
        name: name.to_owned(),
        values,
        tips,
        colour: None,
    }
}

pub(super) fn movement() -> Svg {
    let values = |size: f64, step: usize| {
        (0..36)
            .map(|at| (size * (0.5 + noise(at * step + 1))).round())
            .collect()
    };
    BarChart {
        about: about("Who came, came back and went"),
        categories: months(36),
        series: vec![
            bar_series("New customers", values(300.0, 3)),
            bar_series("Regained customers", values(90.0, 5)),
            bar_series("Lost customers", values(-200.0, 7)),
        ],
        arrangement: Arrangement::Stacked,
        horizontal: false,
        y_title: "customers".to_owned(),
        y_format: &count,
    }
    .draw()
}

pub(super) fn grouped() -> Svg {
    BarChart {
        about: about("Foreseen and bought in the holdout"),
        categories: names(&["0", "1", "2", "3", "4", "5", "6", "7 and more"]),
        series: vec![
            bar_series("Foreseen", vec![900.0, 420.0, 230.0, 140.0, 80.0, 50.0, 30.0, 60.0]),
            bar_series("Bought", vec![880.0, 450.0, 210.0, 150.0, 70.0, 55.0, 25.0, 71.0]),
        ],
        arrangement: Arrangement::Grouped,
        horizontal: false,
        y_title: String::new(),
        y_format: &count,
    }
    .draw()
}

pub(super) fn rows() -> Svg {
    let categories = names(&[
        "Home and garden furniture and accessories",
        "Books",
        "Toys",
        "Electronics",
        "Clothing",
        "No category",
    ]);
    BarChart {
        about: about("Profit by product category"),
        categories,
        series: vec![bar_series(
            "Net profit",
            vec![812_000.0, 340_500.0, 120_000.0, -95_000.0, 44_000.0, -3_000.0],
        )],
        arrangement: Arrangement::Grouped,
        horizontal: true,
        y_title: String::new(),
        y_format: &euro,
    }
    .draw()
}

pub(super) fn stacked_rows() -> Svg {
    BarChart {
        about: about("Where rows went"),
        categories: names(&["orders", "customers", "consents"]),
        series: vec![
            bar_series("Kept", vec![98_000.0, 12_000.0, 11_000.0]),
            bar_series("Of guests", vec![9_000.0, 0.0, 0.0]),
            bar_series("Merged", vec![1_200.0, 700.0, 90.0]),
            bar_series("Out of scope", vec![400.0, 0.0, 0.0]),
            bar_series("Quarantined", vec![310.0, 44.0, 12.0]),
        ],
        arrangement: Arrangement::Stacked,
        horizontal: true,
        y_title: String::new(),
        y_format: &count,
    }
    .draw()
}

pub(super) fn histogram() -> Svg {
    let counts: Vec<f64> = (0..30)
        .map(|at| (2000.0 * (-(at as f64) / 6.0).exp() * (0.8 + noise(at) * 0.4)).round())
        .collect();
    Histogram {
        about: about("Value of customers over 12 months"),
        edges: (0..=30).map(|at| f64::from(at) * 20.0).collect(),
        tips: counts.iter().map(|&number| format!("{number} customers")).collect(),
        counts,
        marks: vec![
            (84.0, "Median 84 €".to_owned()),
            (122.0, "Mean 122 €".to_owned()),
            (560.0, "Best 1 % from 560 €".to_owned()),
        ],
        x_title: "CLV over 12 months".to_owned(),
        y_title: "customers".to_owned(),
        x_format: &euro,
        y_format: &count,
    }
    .draw()
}

pub(super) fn uneven_histogram() -> Svg {
    Histogram {
        about: about("Orders by size"),
        edges: vec![0.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0],
        counts: vec![120.0, 340.0, 900.0, 1300.0, 870.0, 410.0, 90.0, 3.0],
        tips: (0..8).map(|at| format!("bin {at}")).collect(),
        marks: vec![(73.0, "Median 73 €".to_owned())],
        x_title: String::new(),
        y_title: String::new(),
        x_format: &euro,
        y_format: &count,
    }
    .draw()
}

pub(super) fn pareto() -> Svg {
    let at = |x: f64| x.powf(0.22);
    let points = (0..=100).map(|step| f64::from(step) / 100.0);
    Curve {
        about: about("A fifth of the customers brings 70 % of the sales"),
        points: points
            .map(|x| CurvePoint {
                x,
                y: at(x),
                tip: format!("{} of customers\n{} of sales", share(x), share(at(x))),
            })
            .collect(),
        references: vec![ReferenceLine {
            from: (0.0, 0.0),
            to: (1.0, 1.0),
            label: "all alike".to_owned(),
        }],
        markers: vec![CurveMarker {
            x: 0.2,
            y: at(0.2),
            label: "20 % of customers: 70 % of sales".to_owned(),
        }],
        x_title: "share of customers, the best first".to_owned(),
        y_title: "share of net sales".to_owned(),
        x_format: &share,
        y_format: &share,
    }
    .draw()
}

pub(super) fn whale() -> Svg {
    let at = |x: f64| 2.9 * x - 1.9 * x * x;
    let points = (0..=60).map(|step| f64::from(step) / 60.0);
    Curve {
        about: about("The best customers earn 111 % of the profit"),
        points: points
            .map(|x| CurvePoint {
                x,
                y: at(x),
                tip: share(at(x)),
            })
            .collect(),
        references: vec![ReferenceLine {
            from: (0.0, 1.0),
            to: (1.0, 1.0),
            label: "all profit".to_owned(),
        }],
        markers: vec![
            CurveMarker {
                x: 0.763,
                y: at(0.763),
                label: "Most profit: 76 % of customers earn 111 %".to_owned(),
            },
            CurveMarker {
                x: 0.2,
                y: at(0.2),
                label: "The best fifth: 50 %".to_owned(),
            },
        ],
        x_title: "share of customers".to_owned(),
        y_title: "cumulative profit".to_owned(),
        x_format: &share,
        y_format: &share,
    }
    .draw()
}

pub(super) fn treemap() -> Svg {
    let items = [
        ("Champions", 412.0),
        ("Loyal customers", 388.0),
        ("Hibernating customers", 640.0),
        ("At risk", 240.0),
        ("Potential loyalists", 310.0),
        ("New customers", 120.0),
        ("Promising", 88.0),
        ("Need attention", 75.0),
        ("About to sleep", 60.0),
        ("Cannot lose them", 22.0),
        ("Lost", 4.0),
        ("Nobody", 0.0),
    ];
    Treemap {
        about: about("Customers by segment"),
        items: items
            .into_iter()
            .map(|(name, value)| TreemapItem {
                name: name.to_owned(),
                value,
                label: format!("{value:.0} ({:.1} %)", value / 23.59),
                tip: format!("{name}\n{value:.0} customers"),
            })
            .collect(),
    }
    .draw()
}

pub(super) fn sankey() -> Svg {
    let stages = [
        "Prospect",
        "New",
        "Developing",
        "Loyal customers",
        "At risk",
        "Lapsed",
        "Lost",
        "Recovered",
    ];
    let node = |column: usize| {
        stages.iter().enumerate().map(move |(colour, stage)| SankeyNode {
            label: format!("{stage} {}", 100 * (colour + 1)),
            column,
            colour,
            tip: (*stage).to_owned(),
        })
    };
    let mut links = Vec::new();
    for from in 0..8 {
        for to in 0..8 {
            let value = if from == to {
                300.0 + 90.0 * from as f64
            } else {
                (noise(from * 8 + to) * 60.0 - 30.0).max(0.0)
            };
            links.push(SankeyLink {
                from,
                to: 8 + to,
                value,
                tip: format!("{} to {}: {value:.0}", stages[from], stages[to]),
            });
        }
    }
    Sankey {
        about: about("Who moved since the last run"),
        column_titles: names(&["1 November 2026", "8 November 2026"]),
        nodes: node(0).chain(node(1)).collect(),
        links,
    }
    .draw()
}

pub(super) fn waterfall() -> Svg {
    let step = |label: &str, value: f64, is_total: bool| WaterfallStep {
        label: label.to_owned(),
        value,
        is_total,
        tip: format!("{label}: {value:.2}"),
    };
    Waterfall {
        about: about("From sales to profit"),
        steps: vec![
            step("Gross sales", 1_340_000.0, false),
            step("Returned goods", -112_000.0, false),
            step("Net sales", 1_228_000.0, true),
            step("Cost of goods", -702_000.0, false),
            step("Gross margin", 526_000.0, true),
            step("Cost to serve: contacts, cases and shipping", -310_000.0, false),
            step("Acquisition cost", -290_000.0, false),
            step("Other income", 12_000.0, false),
            step("Net profit", -62_000.0, true),
        ],
        format: &euro,
    }
    .draw()
}

pub(super) fn sparkline() -> String {
    Sparkline {
        values: (0..24).map(|at| (at != 5).then(|| noise(at))).collect(),
    }
    .draw()
}

/// One of each.
pub(super) fn all() -> Vec<(&'static str, Svg)> {
    vec![
        ("lines", lines()),
        ("area", area()),
        ("movement", movement()),
        ("grouped", grouped()),
        ("rows", rows()),
        ("stacked rows", stacked_rows()),
        ("histogram", histogram()),
        ("uneven histogram", uneven_histogram()),
        ("pareto", pareto()),
        ("whale", whale()),
        ("treemap", treemap()),
        ("sankey", sankey()),
        ("waterfall", waterfall()),
    ]
}

/// A line through values with labels of months.
pub(super) fn lines_of(values: Vec<Option<f64>>) -> Svg {
    LineChart {
        about: about("A line"),
        x: months(values.len()),
        series: vec![Series {
            name: "Values".to_owned(),
            tips: Vec::new(),
            values,
        }],
        y_title: "a unit".to_owned(),
        y_format: &euro,
        area: true,
        zero_based: false,
    }
    .draw()
}

pub(super) fn bars_of(values: Vec<f64>, horizontal: bool) -> Svg {
    BarChart {
        about: about("Bars"),
        categories: (0..values.len())
            .map(|at| format!("A category with a long name, number {at}"))
            .collect(),
        series: vec![bar_series("Values", values)],
        arrangement: Arrangement::Stacked,
        horizontal,
        y_title: String::new(),
        y_format: &euro,
    }
    .draw()
}

pub(super) fn histogram_of(counts: Vec<f64>) -> Svg {
    Histogram {
        about: about("Bins"),
        edges: (0..=counts.len()).map(|at| at as f64 * 1e5).collect(),
        tips: Vec::new(),
        marks: vec![
            (1e4, "Median 10 k€".to_owned()),
            (1e4, "Mean 10 k€".to_owned()),
            (f64::NAN, "None".to_owned()),
        ],
        counts,
        x_title: "value".to_owned(),
        y_title: "customers".to_owned(),
        x_format: &euro,
        y_format: &euro,
    }
    .draw()
}

pub(super) fn curve_of(points: Vec<(f64, f64)>) -> Svg {
    let markers = points
        .iter()
        .map(|&(x, y)| CurveMarker {
            x,
            y,
            label: "A point with a name".to_owned(),
        })
        .collect();
    Curve {
        about: about("A curve"),
        points: points
            .into_iter()
            .map(|(x, y)| CurvePoint {
                x,
                y,
                tip: String::new(),
            })
            .collect(),
        references: Vec::new(),
        markers,
        x_title: "along".to_owned(),
        y_title: "up".to_owned(),
        x_format: &euro,
        y_format: &euro,
    }
    .draw()
}

pub(super) fn treemap_of(values: &[f64]) -> Svg {
    let item = |(at, &value): (usize, &f64)| TreemapItem {
        name: format!("Segment number {at}"),
        value,
        label: euro(value),
        tip: String::new(),
    };
    Treemap {
        about: about("Tiles"),
        items: values.iter().enumerate().map(item).collect(),
    }
    .draw()
}

/// Flows between pairs of nodes of their own.
pub(super) fn sankey_of(values: &[f64]) -> Svg {
    let node = |at: usize| SankeyNode {
        label: format!("Node number {at}"),
        column: at % 2,
        colour: at,
        tip: String::new(),
    };
    let link = |(at, &value): (usize, &f64)| SankeyLink {
        from: 2 * at,
        to: 2 * at + 1,
        value,
        tip: String::new(),
    };
    Sankey {
        about: about("Flows"),
        column_titles: names(&["before", "after"]),
        nodes: (0..2 * values.len()).map(node).collect(),
        links: values.iter().enumerate().map(link).collect(),
    }
    .draw()
}

pub(super) fn waterfall_of(values: &[f64]) -> Svg {
    let step = |(at, &value): (usize, &f64)| WaterfallStep {
        label: format!("Step number {at} of the statement"),
        value,
        is_total: at + 1 == values.len(),
        tip: String::new(),
    };
    Waterfall {
        about: about("Steps"),
        steps: values.iter().enumerate().map(step).collect(),
        format: &euro,
    }
    .draw()
}

//! Charts hold together whatever their data: nothing is cut, no label covers another, names are escaped.

mod layout;
mod specimens;

use layout::{Drawn, drawn};

use super::*;

fn drawings(svg: &Svg) -> [&str; 3] {
    [&svg.wide, &svg.medium, &svg.narrow]
}

/// What is wrong with a drawing, in words.
fn faults(drawing: &str) -> Vec<String> {
    let Drawn {
        width,
        height,
        texts,
        marks,
    } = drawn(drawing);
    let mut faults = Vec::new();
    for text in &texts {
        if text.left < -0.1 || text.right > width + 0.1 || text.top < -0.1 || text.bottom > height + 0.1 {
            faults.push(format!("{text:?} is cut"));
        }
    }
    for (at, one) in texts.iter().enumerate() {
        faults.extend(
            texts[at + 1..]
                .iter()
                .filter(|other| one.overlaps(**other))
                .map(|other| format!("{one:?} covers {other:?}")),
        );
    }
    let outside = |(x, y): &&(f64, f64)| *x < -0.1 || *x > width + 0.1 || *y < -0.1 || *y > height + 0.1;
    faults.extend(
        marks
            .iter()
            .filter(outside)
            .map(|mark| format!("{mark:?} is outside of {width} by {height}")),
    );
    for word in ["NaN", "inf"] {
        if drawing.contains(word) {
            faults.push(format!("{word} is in it"));
        }
    }
    faults
}

fn assert_sound(name: &str, svg: &Svg) {
    for drawing in drawings(svg) {
        assert_eq!(faults(drawing), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn nothing_is_cut_and_no_label_covers_another() {
    for (name, svg) in specimens::all() {
        assert!(!svg.is_empty(), "{name}");
        assert_sound(name, &svg);
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    for ((name, one), (_, other)) in specimens::all().into_iter().zip(specimens::all()) {
        assert_eq!(drawings(&one), drawings(&other), "{name}");
    }
}

#[test]
fn colours_and_fonts_come_from_the_page() {
    for (name, svg) in specimens::all() {
        for drawing in drawings(&svg) {
            assert!(drawing.contains("var(--"), "{name}");
            assert!(!drawing.contains("font-family"), "{name}");
            assert!(!drawing.contains("=\"#"), "{name} names a colour of its own");
            assert!(
                !drawing.contains(" id="),
                "{name} has an id, which could stand on the page twice"
            );
        }
    }
}

#[test]
fn all_tips_of_all_series_are_in_each_drawing() {
    for drawing in drawings(&specimens::movement()) {
        assert_eq!(drawing.matches("data-tip=").count(), 36 * 3);
    }
    for drawing in drawings(&specimens::lines()) {
        assert_eq!(drawing.matches("data-tip=").count(), 36);
        assert_eq!(drawing.matches("Gross margin: ").count(), 36);
    }
    for drawing in drawings(&specimens::treemap()) {
        assert_eq!(
            drawing.matches("data-tip=").count(),
            11,
            "all but the one without customers"
        );
    }
}

#[test]
fn what_all_series_say_of_a_place_is_said_once() {
    let series = |name: &str| Series {
        name: name.to_owned(),
        values: vec![Some(1.0)],
        tips: vec![format!("May 2025\n{name}: 1")],
    };
    let chart = LineChart {
        about: About::default(),
        x: vec!["May 2025".to_owned()],
        series: vec![series("Sales"), series("Profit")],
        y_title: String::new(),
        y_format: &|value| value.to_string(),
        area: false,
        zero_based: true,
    };
    assert!(
        chart
            .draw()
            .wide
            .contains("data-tip=\"May 2025&#10;Sales: 1&#10;Profit: 1\"")
    );
}

#[test]
fn charts_without_data_are_empty() {
    assert!(specimens::lines_of(Vec::new()).is_empty());
    assert!(specimens::lines_of(vec![None, None]).is_empty());
    assert!(specimens::lines_of(vec![Some(f64::NAN)]).is_empty());
    assert!(specimens::bars_of(Vec::new(), false).is_empty());
    assert!(specimens::histogram_of(Vec::new()).is_empty());
    assert!(specimens::curve_of(Vec::new()).is_empty());
    assert!(specimens::treemap_of(&[0.0, -3.0]).is_empty());
    assert!(specimens::sankey_of(&[0.0]).is_empty());
    assert!(specimens::waterfall_of(&[]).is_empty());
    assert_eq!(
        Sparkline {
            values: vec![Some(3.0), None]
        }
        .draw(),
        ""
    );
}

#[test]
fn strange_data_are_drawn_within_bounds() {
    let strange: [&[f64]; 8] = [
        &[5.0],
        &[0.0],
        &[-5.0, -3.0, -8.0],
        &[1e15, 3.0, 2e14],
        &[1e308, -1e308, 1.0],
        &[1e-12, 2e-12],
        &[f64::NAN, 3.0, f64::INFINITY, f64::NEG_INFINITY, 2.0],
        &[7.0, 7.0, 7.0, 7.0],
    ];
    for values in strange {
        let name = format!("{values:?}");
        let points = |values: &[f64]| {
            values
                .iter()
                .enumerate()
                .map(|(at, &value)| (at as f64, value))
                .collect::<Vec<_>>()
        };
        assert_sound(&name, &specimens::lines_of(values.iter().copied().map(Some).collect()));
        assert_sound(&name, &specimens::bars_of(values.to_vec(), false));
        assert_sound(&name, &specimens::bars_of(values.to_vec(), true));
        assert_sound(
            &name,
            &specimens::histogram_of(values.iter().map(|value| value.abs()).collect()),
        );
        assert_sound(&name, &specimens::curve_of(points(values)));
        assert_sound(&name, &specimens::treemap_of(values));
        assert_sound(&name, &specimens::sankey_of(values));
        assert_sound(&name, &specimens::waterfall_of(values));
        let spark = Sparkline {
            values: values.iter().copied().map(Some).collect(),
        }
        .draw();
        assert!(!spark.contains("NaN") && !spark.contains("inf"), "{name}");
    }
}

#[test]
fn many_categories_and_long_names_have_room() {
    for count in [1, 2, 3, 7, 40, 365] {
        let values: Vec<f64> = (0..count).map(|at| f64::from(at % 13) * 1000.0 - 2000.0).collect();
        assert_sound("standing", &specimens::bars_of(values.clone(), false));
        assert_sound("lying", &specimens::bars_of(values.clone(), true));
        assert_sound("lines", &specimens::lines_of(values.into_iter().map(Some).collect()));
    }
    for count in [1, 2, 5, 25] {
        assert_sound("tiles", &specimens::treemap_of(&vec![3.0; count]));
        assert_sound("flows", &specimens::sankey_of(&vec![3.0; count]));
    }
}

#[test]
fn names_cannot_break_out_of_the_page() {
    let evil = r#"<script>alert("1")</script>&'"#;
    let svg = Treemap {
        about: About::titled(evil),
        items: vec![TreemapItem {
            name: evil.to_owned(),
            value: 1.0,
            label: evil.to_owned(),
            tip: evil.to_owned(),
        }],
    }
    .draw();
    for drawing in drawings(&svg) {
        assert!(!drawing.contains("<script>"));
        assert!(drawing.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"));
    }
}

#[test]
fn ticks_that_would_read_the_same_are_left_out() {
    let labels: Vec<String> = axes::ValueAxis::over([2.0].into_iter(), true, 5, &|value| format!("{value:.0}"))
        .ticks
        .into_iter()
        .map(|(_, label)| label)
        .collect();
    assert_eq!(labels, ["0", "1", "2"]);
}

#[test]
fn axes_end_on_ticks() {
    for high in [0.003, 0.9, 1.11, 4.3, 77.0, 1234.0, 98_765.0] {
        let axis = axes::ValueAxis::over([high].into_iter(), true, 5, &|value| format!("{value:.6}"));
        let last = axis.ticks.last().expect("ticks").0;
        assert!(
            (last - axis.high).abs() < axis.high * 1e-6 && last >= high,
            "{high}: {axis:?}"
        );
    }
}

#[test]
fn tiles_fill_the_whole_in_proportion() {
    let svg = specimens::treemap_of(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0]);
    let areas = layout::rect_areas(&svg.wide);
    let whole: f64 = areas.iter().sum();
    // Each tile lacks the seam around it.
    assert!(whole > 800.0 * 340.0 * 0.94 && whole < 800.0 * 340.0, "{whole}");
    assert!((areas[0] / areas[6] - 6.0).abs() < 0.6, "{areas:?}");
}

#[test]
fn text_is_shortened_to_its_room() {
    assert_eq!(text::shorten("Hibernating customers", 500.0), "Hibernating customers");
    let short = text::shorten("Hibernating customers", 80.0);
    assert!(short.ends_with('…') && text::width(&short) <= 80.0, "{short}");
    assert_eq!(text::shorten("Hibernating", 10.0), "");
    assert_eq!(text::two_lines("About to sleep", 60.0), ["About", "to sleep"]);
}

#[test]
fn a_course_with_a_gap_is_a_drawing_of_numbers_alone() {
    let drawing = specimens::sparkline();
    assert!(drawing.contains("<svg") && drawing.contains("</svg>"), "{drawing}");
    assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{drawing}");
}

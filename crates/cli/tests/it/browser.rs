//! The report as people open it: in a browser without a network, on desks, tablets and phones, in the light, in the
//! dark and on paper, by mouse and by keyboard.

use std::path::Path;

use cartera_testkit::{Browser, View};
use serde_json::{Value, json};

use crate::support::two_nights;

/// Says what is wrong with the page as it lies there.
const FAULTS: &str = include_str!("browser/faults.js");

const OPEN_ALL: &str = "document.querySelectorAll('details').forEach((one) => { one.open = true; })";

fn view(width: u32) -> View {
    View {
        width,
        height: 900,
        dark: false,
        print: false,
    }
}

fn assert_sound(browser: &mut Browser, page: &Path, view: View) {
    browser.open(page, view);
    for state in ["as it opens", "with all details open"] {
        let faults = browser.evaluate(FAULTS);
        assert_eq!(faults, json!([]), "{} in {view:?}, {state}: {faults:#}", page.display());
        browser.evaluate(OPEN_ALL);
    }
    assert_eq!(
        browser.complaints(),
        Vec::<String>::new(),
        "{} in {view:?}",
        page.display()
    );
}

#[test]
fn the_report_is_sound_on_every_screen_and_on_paper() {
    let Some(mut browser) = Browser::start() else { return };
    let nights = two_nights();
    for page in [&nights.english, &nights.spanish] {
        for width in [1600, 1280, 800, 390, 320] {
            for dark in [false, true] {
                assert_sound(&mut browser, page, View { dark, ..view(width) });
            }
        }
        // Paper is white, whatever the screen is.
        for dark in [false, true] {
            let paper = View {
                print: true,
                dark,
                ..view(760)
            };
            assert_sound(&mut browser, page, paper);
            assert_eq!(
                browser.evaluate("getComputedStyle(document.body).backgroundColor"),
                json!("rgb(255, 255, 255)")
            );
        }
    }
    browser.open(&nights.spanish, view(1280));
    assert_eq!(browser.evaluate("document.documentElement.lang"), json!("es"));
}

/// What has the focus: a link's target, or the element's name and class.
const FOCUSED: &str = "(() => {
    const one = document.activeElement;
    return one.getAttribute('href') ?? `${one.localName}.${one.getAttribute('class') ?? ''}`;
})()";

const TIP: &str =
    "(() => { const tip = document.getElementById('tip'); return tip.hidden ? null : tip.textContent; })()";

#[test]
fn the_report_is_handled_by_keyboard_and_by_mouse() {
    let Some(mut browser) = Browser::start() else { return };
    let nights = two_nights();
    browser.open(&nights.english, view(1280));
    let links =
        browser.evaluate("[...document.querySelectorAll('.contents a')].map((link) => link.getAttribute('href'))");
    let mut reached: Vec<Value> = Vec::new();
    for _ in 0..links.as_array().expect("links").len() + 30 {
        browser.press("Tab", 9);
        reached.push(browser.evaluate(FOCUSED));
    }
    assert_eq!(
        reached[0],
        json!("#main"),
        "the first stop leads past the contents: {reached:?}"
    );
    for link in links.as_array().expect("links") {
        assert!(reached.contains(link), "{link} is not reached: {reached:?}");
    }
    assert!(
        reached.contains(&json!("summary.")),
        "no details are reached: {reached:?}"
    );

    // A chart is one stop; the arrows walk its marks, and each says what it stands for.
    let chart = "[...document.querySelectorAll('svg.drawing')].find((one) => one.checkVisibility() && one.querySelectorAll('[data-tip]').length > 2)";
    let stops = browser.evaluate(&format!(
        "{chart}.querySelectorAll('[tabindex=\"0\"]').length + ({chart}.tabIndex === 0)"
    ));
    assert_eq!(stops, json!(1));
    browser.evaluate(&format!(
        "({chart}.tabIndex === 0 ? {chart} : {chart}.querySelector('[tabindex=\"0\"]')).focus()"
    ));
    browser.press("ArrowRight", 39);
    let first = browser.evaluate(TIP);
    browser.press("ArrowRight", 39);
    let second = browser.evaluate(TIP);
    assert!(
        first.is_string() && second.is_string() && first != second,
        "{first} {second}"
    );
    browser.press("Escape", 27);
    assert_eq!(browser.evaluate(TIP), Value::Null);

    // The same by mouse.
    let place = browser.evaluate(&format!(
        "(() => {{ const chart = {chart}; chart.scrollIntoView({{ behavior: 'instant', block: 'center' }});
        const mark = chart.querySelector('[data-tip] > *').getBoundingClientRect();
        return [mark.x + mark.width / 2, mark.y + mark.height / 2]; }})()"
    ));
    // Scrolling hides tips, and is told of a frame later.
    browser.settle();
    let at = |which: usize| place[which].as_f64().expect("a place");
    browser.point_at(at(0), at(1));
    assert!(browser.evaluate(TIP).is_string(), "no tip under the pointer");
    browser.point_at(2.0, 2.0);
    assert_eq!(browser.evaluate(TIP), Value::Null);

    // The reader's choice of colours beats that of the system.
    let scheme = "getComputedStyle(document.documentElement).colorScheme";
    assert_eq!(browser.evaluate(scheme), json!("light"));
    browser.evaluate("document.querySelector('button.theme').click()");
    assert_eq!(browser.evaluate(scheme), json!("dark"));
    assert_eq!(browser.evaluate(FAULTS), json!([]));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The judge itself is judged: each thing broken on purpose is found.
#[test]
fn whatever_is_broken_is_found() {
    let Some(mut browser) = Browser::start() else { return };
    let nights = two_nights();
    let breakages = [
        ("document.querySelector('main').style.width = '3000px'", "the page is"),
        (
            "document.querySelector('main section').style.display = 'none'",
            "is not to be seen",
        ),
        (
            "document.querySelector('main figure .definition').remove()",
            "has no .definition",
        ),
        (
            "document.querySelector('main figure code.sql').textContent = ''",
            "has no code.sql",
        ),
        (
            "document.querySelector('th').removeAttribute('scope')",
            "a header without scope",
        ),
        (
            "document.querySelector('h2').outerHTML = '<h5>deep</h5>'",
            "follows a heading",
        ),
        (
            "document.querySelector('svg.drawing').removeAttribute('aria-label')",
            "an image without a name",
        ),
        (
            "document.querySelectorAll('svg.drawing text').forEach((text) => text.setAttribute('x', 100))",
            "lies on",
        ),
        (
            "document.querySelectorAll('svg.drawing text').forEach((text) => text.setAttribute('x', -40))",
            "cut in",
        ),
        (
            "document.querySelectorAll('.question').forEach((one) => { one.style.color = '#aaa'; })",
            "contrast",
        ),
        (
            "document.querySelectorAll('.drawing').forEach((one) => { one.style.display = 'none'; })",
            "0 drawings are shown",
        ),
    ];
    for (breakage, found) in breakages {
        browser.open(&nights.english, view(1280));
        browser.evaluate(&format!("{breakage}; true"));
        let faults = browser.evaluate(FAULTS);
        let faults = faults.as_array().expect("a list");
        let is_found = faults
            .iter()
            .any(|fault| fault.as_str().is_some_and(|fault| fault.contains(found)));
        assert!(is_found, "{breakage}: {faults:?}");
    }
    browser.open(&nights.english, view(1280));
    browser.evaluate("console.error('broken'); fetch('https://example.org/').catch(() => 0)");
    let complaints = browser.complaints().join("\n");
    assert!(
        complaints.contains("broken") && complaints.contains("request: https://example.org/"),
        "{complaints}"
    );
}

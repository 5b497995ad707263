//! Charts as inline SVG: what the page's figures look like.
//!
//! A chart is a specification with public fields, whose `draw` gives an [`Svg`]. All text comes in from the caller,
//! formatted; numbers on axes go through a [`Format`] of the caller. Shapes are put into a scene of `kuva`, which
//! brings the ticks and the scene itself; `svg.rs` writes that scene, with the colours of the page as
//! CSS variables (`page/page.css`), so that one drawing serves the light and the dark theme, and paper.
//!
//! Each chart is drawn three times, for the page's width, for half of it and for phones, as text that is scaled down
//! with its chart cannot be read; the style sheet shows the one that fits. What a mark stands for is in its `data-tip`, which the page's script shows to
//! mouse, finger and keyboard. For screen readers a chart is one image with a name; the numbers are in the table beside it.

mod axes;
mod bars;
mod curve;
mod histogram;
mod labels;
mod legend;
mod line;
mod rows;
mod sankey;
mod sheet;
mod sparkline;
mod svg;
mod text;
mod treemap;
mod waterfall;

#[cfg(test)]
mod tests;

pub(crate) use bars::{Arrangement, BarChart, BarSeries};
pub(crate) use curve::{Curve, CurveMarker, CurvePoint, ReferenceLine};
pub(crate) use histogram::Histogram;
pub(crate) use line::{LineChart, Series};
pub(crate) use sankey::{Sankey, SankeyLink, SankeyNode};
pub(crate) use sparkline::Sparkline;
pub(crate) use treemap::{Treemap, TreemapItem};
pub(crate) use waterfall::{Waterfall, WaterfallStep};

/// How a number is written on an axis.
pub(crate) type Format<'a> = &'a dyn Fn(f64) -> String;

/// What a chart is called, for those who do not see it.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    /// What the chart shows, as its caption says it.
    pub(crate) title: String,
    /// What can be read off it, in a sentence. Empty where the title says it all.
    pub(crate) description: String,
}

impl About {
    /// A chart whose title says it all.
    pub(crate) fn titled(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
        }
    }
}

/// One chart, drawn for three widths.
#[derive(Debug, Clone)]
pub(crate) struct Svg {
    /// For about 800 pixels.
    pub(crate) wide: String,
    /// For about 460 pixels.
    pub(crate) medium: String,
    /// For phones, about 350 pixels.
    pub(crate) narrow: String,
}

impl Svg {
    fn of(about: &About, paint: impl Fn(sheet::Room) -> sheet::Sheet) -> Self {
        let draw = |room| paint(room).finish(about);
        Self {
            wide: draw(sheet::Room::WIDE),
            medium: draw(sheet::Room::MEDIUM),
            narrow: draw(sheet::Room::NARROW),
        }
    }

    /// What comes of a chart that has nothing to show.
    fn nothing() -> Self {
        Self {
            wide: String::new(),
            medium: String::new(),
            narrow: String::new(),
        }
    }

    /// Whether there was nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.wide.is_empty()
    }
}

/// The colour of a category: one of eight.
fn category_colour(index: usize) -> String {
    format!("var(--c{})", index % 8 + 1)
}

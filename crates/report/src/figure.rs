//! A figure: what was asked of which tables, the picture that answers it, and the answer as a table.

use serde::Serialize;

use crate::answer::{Answer, ColumnSpec, TableView};
use crate::charts::Svg;
use crate::words::Words;

/// A question to published tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// The figure's name, and that of its words in the catalogue.
    pub(crate) id: &'static str,
    /// The published tables that the query reads.
    pub(crate) tables: &'static [&'static str],
    /// The query, in SQL that Polars and DuckDB both understand, with all rows in an order.
    pub(crate) sql: &'static str,
    /// The columns of the answer, in the query's order.
    pub(crate) columns: &'static [ColumnSpec],
}

/// A figure as the page shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    pub(crate) id: &'static str,
    /// What it shows, as a sentence.
    pub(crate) title: String,
    /// What it is measured in.
    pub(crate) unit: String,
    /// What its words mean.
    pub(crate) definition: String,
    pub(crate) tables: &'static [&'static str],
    pub(crate) sql: &'static str,
    pub(crate) picture: Picture,
    pub(crate) view: TableView,
    /// Whether it takes the page's whole width.
    pub(crate) is_wide: bool,
}

impl Figure {
    /// The figure of an answer. Unit and definition come from the catalogue, by the question's name.
    pub(crate) fn new(question: &Question, answer: &Answer, words: &Words, title: String, picture: Picture) -> Self {
        Self {
            id: question.id,
            title,
            unit: words.say(&format!("figure-{}-unit", question.id)),
            definition: words.say(&format!("figure-{}-definition", question.id)),
            tables: question.tables,
            sql: question.sql,
            picture,
            view: answer.view(words),
            is_wide: false,
        }
    }

    /// The same, over the page's whole width.
    pub(crate) fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }
}

/// What stands above the table view.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Picture {
    /// Single numbers, large.
    Tiles {
        /// The numbers.
        tiles: Vec<Tile>,
    },
    /// A chart, drawn for a wide page, for half of it and for a phone.
    Chart {
        /// The drawing of 800 pixels.
        wide: String,
        /// The drawing of 460 pixels.
        medium: String,
        /// The drawing of 350 pixels.
        narrow: String,
    },
    /// A table whose cells are coloured by their value.
    Heat(HeatMap),
    /// The table view alone, which is open then.
    Table,
}

impl From<Svg> for Picture {
    /// Where there is nothing to draw the table says so.
    fn from(svg: Svg) -> Self {
        if svg.is_empty() {
            return Self::Table;
        }
        Self::Chart {
            wide: svg.wide,
            medium: svg.medium,
            narrow: svg.narrow,
        }
    }
}

/// One number, large, with what it was before.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tile {
    /// The column of the answer that it stands in.
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) text: String,
    /// The change since the run before, with its sign.
    pub(crate) change: Option<Change>,
    /// What stands below it in small letters.
    pub(crate) note: Option<String>,
    /// How it came to be what it is, as a small line. May be empty.
    pub(crate) course: String,
}

/// A change since the run before.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Change {
    pub(crate) text: String,
    /// `up`, `down` or `same`.
    pub(crate) direction: &'static str,
    /// `good`, `bad` or `same`: more customers lost is up and bad.
    pub(crate) verdict: &'static str,
    /// The value of the run before, in words.
    pub(crate) was: String,
}

/// A table of coloured cells.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct HeatMap {
    /// What the rows are.
    pub(crate) row_title: String,
    /// What the columns are.
    pub(crate) column_title: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<HeatRow>,
    /// Whether zero stands in the middle of the colours.
    pub(crate) is_diverging: bool,
    /// What the colour says.
    pub(crate) legend: String,
}

/// A row of a heat map.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HeatRow {
    pub(crate) label: String,
    pub(crate) cells: Vec<HeatCell>,
}

/// A cell of a heat map.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct HeatCell {
    /// What stands in it; empty where there is nothing.
    pub(crate) text: String,
    /// What it says when it is pointed at.
    pub(crate) tip: String,
    /// 0 to 9; in diverging maps -9 to 9.
    pub(crate) heat: i8,
}

/// The colour of a value between 0 and the greatest, 0 to 9.
pub(crate) fn heat_of(value: f64, greatest: f64) -> i8 {
    if greatest <= 0.0 || !value.is_finite() {
        return 0;
    }
    (value / greatest).clamp(-1.0, 1.0).mul_add(9.0, 0.0).round() as i8
}

//! Gathers the columns that rules look at, so that each is read once.

use cartera_table::contracts::{CustomerFeatures, CustomerSegments};
use cartera_table::{AMOUNT_SCALE, ColumnDef, ColumnType, Contract};

use super::check::RankedSegmentation;
use super::rule::{Gap, Layout, Place, UsedColumn};

/// What a column has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Number,
    Money,
    Text,
    Any,
}

impl Wanted {
    fn takes(self, column_type: ColumnType) -> bool {
        let is_money = matches!(column_type, ColumnType::Decimal { scale, .. } if scale == AMOUNT_SCALE);
        match self {
            Self::Number => is_money || is_number(column_type),
            Self::Money => is_money,
            Self::Text => column_type == ColumnType::Text,
            Self::Any => {
                is_money || is_number(column_type) || matches!(column_type, ColumnType::Text | ColumnType::Date)
            }
        }
    }
}

fn is_number(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Int32 | ColumnType::Int64 | ColumnType::Float64)
}

/// A layout that grows.
pub(crate) struct LayoutBuilder<'l> {
    ranked: &'l [RankedSegmentation],
    layout: Layout,
}

impl<'l> LayoutBuilder<'l> {
    pub(crate) fn new(ranked: &'l [RankedSegmentation]) -> Self {
        Self {
            ranked,
            layout: Layout::default(),
        }
    }

    pub(crate) fn finish(self) -> Layout {
        self.layout
    }

    /// The place of a column.
    ///
    /// # Errors
    /// The columns that it could be, where it is none of them.
    pub(crate) fn place(&mut self, name: &str, wanted: Wanted) -> Result<Place, Vec<String>> {
        let columns = candidates(wanted);
        let Some((column, is_label)) = columns.iter().find(|(column, _)| column.name == name) else {
            return Err(columns.iter().map(|(column, _)| column.name.to_owned()).collect());
        };
        let known = self.layout.columns.iter().position(|used| used.column.name == name);
        Ok(known.unwrap_or_else(|| {
            self.layout.columns.push(UsedColumn {
                column,
                is_label: *is_label,
                is_compared: false,
                has_median: false,
            });
            self.layout.columns.len() - 1
        }))
    }

    /// The place of a segmentation among those whose next segment is looked at.
    ///
    /// # Errors
    /// The segmentations that it could be.
    pub(crate) fn gap(&mut self, segmentation: &str) -> Result<usize, Vec<String>> {
        let valid = || {
            self.ranked
                .iter()
                .map(|one| one.segmentation.to_owned())
                .collect::<Vec<String>>()
        };
        let all = self.ranked;
        let ranked = all
            .iter()
            .find(|one| one.segmentation == segmentation)
            .ok_or_else(valid)?;
        let measures = ranked
            .measures
            .iter()
            .map(|measure| self.place(measure, Wanted::Number));
        let ranked_by = measures.collect::<Result<_, _>>()?;
        let gap = Gap {
            segmentation: self.place(ranked.segmentation, Wanted::Text)?,
            ranked_by,
        };
        let gaps = &mut self.layout.gaps;
        Ok(gaps.iter().position(|known| *known == gap).unwrap_or_else(|| {
            gaps.push(gap);
            gaps.len() - 1
        }))
    }

    pub(crate) fn compare(&mut self, place: Place) {
        self.layout.columns[place].is_compared = true;
    }

    pub(crate) fn take_median(&mut self, place: Place) {
        self.layout.columns[place].has_median = true;
    }

    pub(crate) fn is_label(&self, place: Place) -> bool {
        self.layout.columns[place].is_label
    }

    pub(crate) fn allowed(&self, place: Place) -> &'static [&'static str] {
        self.layout.columns[place].column.allowed_values
    }
}

/// The columns of features, then those of segments that are not among them; ids tell nothing.
fn candidates(wanted: Wanted) -> Vec<(&'static ColumnDef, bool)> {
    let features = CustomerFeatures::INFO.columns.iter().map(|column| (column, false));
    let is_new = |column: &&ColumnDef| CustomerFeatures::INFO.column(column.name).is_none();
    let labels = CustomerSegments::INFO
        .columns
        .iter()
        .filter(is_new)
        .map(|column| (column, true));
    features
        .chain(labels)
        .filter(|(column, _)| column.name != "customer_id" && wanted.takes(column.column_type))
        .collect()
}

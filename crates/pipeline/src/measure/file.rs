//! A plain file with a column of groups and columns of outcomes.

use std::collections::HashMap;
use std::path::PathBuf;

use cartera_activation::measure::{
    Contrast, MeasureError, Outcome, OutcomeKind, OutcomeSums, Study, StudyCell, Warning, measure,
};
use cartera_ingest::{PLAIN_ONE, PlainColumn, PlainDefect, PlainFile, PlainNumber, PlainRows};

use super::{MeasureReport, MeasureRequestError};
use crate::error::PipelineError;

/// More groups than these are a column of something else.
const MOST_ARMS: usize = 50;
/// More segments than these can be neither read nor tested.
const MOST_SEGMENTS: usize = 1_000;
/// Rows without a segment are one of their own.
const NO_SEGMENT: &str = "(none)";

/// What to measure of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileMeasureRequest {
    /// The file, of any format that is read.
    pub path: PathBuf,
    /// The column of groups.
    pub arm_column: String,
    /// The group that was held out.
    pub control: String,
    /// The columns of outcomes.
    pub outcomes: Vec<String>,
    /// The column of segments.
    pub by: Option<String>,
    /// What amounts are in, such as USD.
    pub unit: Option<String>,
    /// Shares that groups were drawn to have among each other.
    pub designed_shares: Vec<(String, f64)>,
    /// Cost of a contact in ten-thousandths.
    pub cost_per_contact: Option<i64>,
    /// The part of amounts that is margin; none where it is not known.
    pub margin_share: Option<f64>,
    /// Confidence of intervals.
    pub confidence: f64,
}

/// Compares each group of a file with the one that was held out. Outcomes of zeros and ones are rates, others means.
///
/// # Errors
/// When the file cannot be read, or has no such columns or group.
pub fn measure_file(request: &FileMeasureRequest) -> Result<MeasureReport, PipelineError> {
    let mut columns = vec![PlainColumn::Text(&request.arm_column)];
    columns.extend(request.by.as_deref().map(PlainColumn::Text));
    columns.extend(request.outcomes.iter().map(|name| PlainColumn::Number(name)));
    refuse_twice(request)?;
    if let Some(share) = request.margin_share.filter(|share| !(*share > 0.0 && *share <= 1.0)) {
        return Err(MeasureRequestError::MarginShare { share }.into());
    }
    let mut tallies = Tallies::new(request);
    let mut failure = None;
    let rejected = PlainFile::open(&request.path)?.read(&columns, &mut |rows| {
        if failure.is_none() {
            failure = tallies.add(rows).err();
        }
    })?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    report(request, tallies, rejected)
}

fn refuse_twice(request: &FileMeasureRequest) -> Result<(), MeasureRequestError> {
    let mut seen = vec![&request.arm_column];
    for column in request.by.iter().chain(&request.outcomes) {
        if seen.contains(&column) {
            return Err(MeasureRequestError::ColumnTwice { column: column.clone() });
        }
        seen.push(column);
    }
    Ok(())
}

/// What was added up so far.
struct Tallies<'r> {
    request: &'r FileMeasureRequest,
    /// Place of the first outcome among the columns.
    first_outcome: usize,
    arms: Names,
    segments: Names,
    cells: HashMap<(usize, usize), StudyCell>,
    without_arm: u64,
    /// For each outcome a cell that is no number.
    examples: Vec<Option<PlainDefect>>,
}

/// Names by the order of their first appearance.
#[derive(Default)]
struct Names {
    places: HashMap<String, usize>,
    names: Vec<String>,
}

impl Names {
    fn place(&mut self, name: &str, column: &str, limit: usize) -> Result<usize, MeasureRequestError> {
        if let Some(&place) = self.places.get(name) {
            return Ok(place);
        }
        if self.names.len() == limit {
            return Err(MeasureRequestError::TooManyGroups {
                column: column.to_owned(),
                limit,
            });
        }
        self.places.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        Ok(self.names.len() - 1)
    }
}

impl<'r> Tallies<'r> {
    fn new(request: &'r FileMeasureRequest) -> Self {
        Self {
            request,
            first_outcome: 1 + usize::from(request.by.is_some()),
            arms: Names::default(),
            segments: Names::default(),
            cells: HashMap::new(),
            without_arm: 0,
            examples: vec![None; request.outcomes.len()],
        }
    }

    fn add(&mut self, rows: &PlainRows<'_>) -> Result<(), MeasureRequestError> {
        let request = self.request;
        for row in 0..rows.count() {
            let Some(arm) = rows.text(0, row) else {
                self.without_arm += 1;
                continue;
            };
            let arm = self.arms.place(arm, &request.arm_column, MOST_ARMS)?;
            let segment = match &request.by {
                Some(by) => {
                    let segment = rows.text(1, row).unwrap_or(NO_SEGMENT);
                    self.segments.place(segment, by, MOST_SEGMENTS)?
                }
                None => self.segments.place("", "", 1)?,
            };
            let cell = self.cells.entry((segment, arm)).or_insert_with(|| StudyCell {
                segment: self.segments.names[segment].clone(),
                arm,
                customers: 0,
                outcomes: vec![OutcomeSums::default(); request.outcomes.len()],
            });
            cell.customers += 1;
            for (place, sums) in cell.outcomes.iter_mut().enumerate() {
                *sums = match rows.number(self.first_outcome + place, row) {
                    PlainNumber::Value(value) => sums.with(value, PLAIN_ONE).ok_or_else(|| MeasureError::TooLarge {
                        outcome: request.outcomes[place].clone(),
                    })?,
                    PlainNumber::Empty | PlainNumber::Unreadable => sums.with_missing(1),
                };
            }
        }
        for defect in rows.defects() {
            if let Some(place) = defect.column.checked_sub(self.first_outcome) {
                self.examples[place].get_or_insert(defect);
            }
        }
        Ok(())
    }

    /// The cells in the order of their names, and the arms sorted.
    fn sorted(self) -> (Vec<String>, Vec<StudyCell>) {
        let mut order: Vec<usize> = (0..self.arms.names.len()).collect();
        order.sort_by_key(|&place| &self.arms.names[place]);
        let mut new_places = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            new_places[old] = new;
        }
        let mut cells: Vec<StudyCell> = self.cells.into_values().collect();
        for cell in &mut cells {
            cell.arm = new_places[cell.arm];
        }
        cells.sort_by(|left, right| (&left.segment, left.arm).cmp(&(&right.segment, right.arm)));
        let names = order.iter().map(|&place| self.arms.names[place].clone());
        (names.collect(), cells)
    }
}

fn report(request: &FileMeasureRequest, tallies: Tallies<'_>, rejected: u64) -> Result<MeasureReport, PipelineError> {
    let (without_arm, examples) = (tallies.without_arm, tallies.examples.clone());
    let (arms, cells) = tallies.sorted();
    let place = |arm: &str| {
        let place = arms.iter().position(|known| known == arm);
        place.ok_or_else(|| MeasureRequestError::NoSuchArm {
            column: request.arm_column.clone(),
            control: arm.to_owned(),
            arms: arms.join(", "),
        })
    };
    let against = place(&request.control)?;
    let contrasts = (0..arms.len()).filter(|&arm| arm != against);
    let contrasts = contrasts.map(|arm| Contrast { arm, against }).collect();
    let mut designed_shares = Vec::new();
    for (arm, share) in &request.designed_shares {
        designed_shares.push((place(arm)?, *share));
    }
    check_shares(request, &designed_shares, &arms)?;
    let outcomes = outcomes(request, &cells)?;
    if request.margin_share.is_some() && outcomes.iter().all(|outcome| outcome.kind == OutcomeKind::Rate) {
        let columns = request.outcomes.join(", ");
        return Err(MeasureRequestError::MarginOfNoAmount { columns }.into());
    }
    let unit = |outcome: &Outcome| request.unit.clone().filter(|_| outcome.kind == OutcomeKind::Mean);
    let units = outcomes.iter().map(unit).collect();
    let study = Study {
        arms,
        outcomes,
        cells,
        by_segment: request.by.is_some(),
        contrasts,
        designed_shares,
        cost_per_contact: request.cost_per_contact,
        confidence: request.confidence,
    };
    let mut measurement = measure(&study).map_err(MeasureRequestError::from)?;
    for (place, example) in examples.into_iter().enumerate() {
        if let Some(defect) = example {
            tell_example(&mut measurement.warnings, &request.outcomes[place], &defect);
        }
    }
    if without_arm > 0 {
        measurement.warnings.push(Warning::RowsWithoutArm { rows: without_arm });
    }
    if rejected > 0 {
        measurement.warnings.push(Warning::UnreadableRows { rows: rejected });
    }
    let name = request.path.file_name();
    Ok(MeasureReport {
        subject: name.map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        units,
        study,
        measurement,
        window: None,
        by: request.by.clone(),
    })
}

/// All groups have their share, once, and together they are everybody; or none has one.
fn check_shares(
    request: &FileMeasureRequest,
    shares: &[(usize, f64)],
    arms: &[String],
) -> Result<(), MeasureRequestError> {
    if shares.is_empty() {
        return Ok(());
    }
    let mut named: Vec<usize> = shares.iter().map(|(arm, _)| *arm).collect();
    named.sort_unstable();
    if !named.into_iter().eq(0..arms.len()) {
        let named = request.designed_shares.iter().map(|(arm, _)| arm.as_str());
        return Err(MeasureRequestError::SharesOfOtherGroups {
            named: named.collect::<Vec<_>>().join(", "),
            column: request.arm_column.clone(),
            arms: arms.join(", "),
        });
    }
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    // Thirds are written with a few digits.
    if (sum - 1.0).abs() > 0.001 {
        return Err(MeasureRequestError::SharesDoNotAddUp { sum });
    }
    Ok(())
}

/// Adds where the first cell that is no number stands.
fn tell_example(warnings: &mut [Warning], column: &str, defect: &PlainDefect) {
    for warning in warnings {
        if let Warning::MissingOutcomes { outcome, rows, .. } = warning
            && outcome == column
        {
            let PlainDefect {
                line, value, reason, ..
            } = defect;
            rows.push_str(&format!("; first unreadable: {value:?} in line {line}, {reason}"));
        }
    }
}

/// The outcomes: rates where there is nothing but zeros and ones.
fn outcomes(request: &FileMeasureRequest, cells: &[StudyCell]) -> Result<Vec<Outcome>, MeasureRequestError> {
    let mut outcomes = Vec::new();
    for (place, name) in request.outcomes.iter().enumerate() {
        let sums = || cells.iter().map(move |cell| &cell.outcomes[place]);
        if sums().all(|sums| sums.customers() == 0) {
            return Err(MeasureRequestError::NoNumbers { column: name.clone() });
        }
        let is_rate = sums().all(OutcomeSums::is_binary);
        outcomes.push(Outcome {
            name: name.clone(),
            kind: if is_rate { OutcomeKind::Rate } else { OutcomeKind::Mean },
            one: PLAIN_ONE,
            margin_share: request.margin_share.filter(|_| !is_rate),
        });
    }
    Ok(outcomes)
}

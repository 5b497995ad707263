//! Who was to be contacted and who was held out, as a published run has it.

use std::collections::{BTreeMap, HashMap};

use cartera_table::contracts::{CustomerSegments, IdentityLinks, TargetDecisions, TargetLists};
use cartera_table::frame::{decimal, float64, text};
use cartera_table::{ColumnType, Contract};
use polars::prelude::DataFrame;

use crate::error::PipelineError;
use crate::measure::{ListMeasureRequest, MeasureRequestError};
use crate::store::read::{ReadOptions, read_frame};
use crate::store::{PublishedRun, RunRef, Warehouse};

/// Customers without a segment are one of their own.
const NO_SEGMENT: &str = "(none)";

/// What a customer was assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arm {
    Contact,
    Control,
    GlobalControl,
}

impl Arm {
    const ALL: [Self; 3] = [Self::Contact, Self::Control, Self::GlobalControl];

    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Control => "control",
            Self::GlobalControl => "global_control",
        }
    }
}

/// The assigned customers of a list, in the order of their ids.
#[derive(Debug)]
pub(super) struct Assigned {
    pub(super) run: RunRef,
    /// The row of each customer.
    pub(super) rows: HashMap<String, u32>,
    pub(super) arms: Vec<Arm>,
    /// The place of each customer's segment.
    pub(super) segments: Vec<u32>,
    pub(super) segment_names: Vec<String>,
    pub(super) campaign_id: Option<String>,
    pub(super) cost_per_contact: Option<i64>,
    control_share: f64,
    /// Share held out of all lists.
    global_share: f64,
    /// Source keys of each customer: any of them may be drawn.
    keys: Vec<u32>,
}

impl Assigned {
    pub(super) fn read(warehouse: &Warehouse, request: &ListMeasureRequest) -> Result<Self, PipelineError> {
        let run = find_run(warehouse, request)?;
        let lists = columns::<TargetLists>(&run, &["list", "campaign_id", "cost_per_contact", "control_share"])?;
        let names: Vec<&str> = text(&lists, "list")?.iter().flatten().collect();
        let Some(place) = names.iter().position(|name| *name == request.list) else {
            return Err(MeasureRequestError::NoSuchList {
                run: run.reference,
                list: request.list.clone(),
                lists: names.join(", "),
            }
            .into());
        };
        let cost = decimal(&lists, "cost_per_contact")?.get(place);
        let mut assigned = Self {
            run: run.reference,
            rows: HashMap::new(),
            arms: Vec::new(),
            segments: Vec::new(),
            segment_names: vec![String::new()],
            campaign_id: text(&lists, "campaign_id")?.get(place).map(str::to_owned),
            cost_per_contact: cost.and_then(|cost| i64::try_from(cost).ok()),
            control_share: float64(&lists, "control_share")?.get(place).unwrap_or(0.0),
            global_share: run.manifest.record.parameters["control"]["global_share"]
                .as_f64()
                .unwrap_or_default(),
            keys: Vec::new(),
        };
        assigned.read_decisions(&run, &request.list)?;
        assigned.segments = vec![0; assigned.arms.len()];
        if let Some(by) = &request.by {
            assigned.read_segments(&run, by)?;
        }
        assigned.read_keys(&run)?;
        Ok(assigned)
    }

    fn read_decisions(&mut self, run: &PublishedRun, list: &str) -> Result<(), PipelineError> {
        let decisions = columns::<TargetDecisions>(run, &["list", "customer_id", "decision"])?;
        let lists = text(&decisions, "list")?.iter();
        let customers = text(&decisions, "customer_id")?.iter();
        let customers = customers.zip(text(&decisions, "decision")?.iter());
        for (of, (customer, decision)) in lists.zip(customers) {
            let arm = Arm::ALL.into_iter().find(|arm| decision == Some(arm.slug()));
            if let (true, Some(customer), Some(arm)) = (of == Some(list), customer, arm) {
                let row = u32::try_from(self.arms.len()).unwrap_or(u32::MAX);
                self.rows.insert(customer.to_owned(), row);
                self.arms.push(arm);
            }
        }
        Ok(())
    }

    fn read_segments(&mut self, run: &PublishedRun, by: &str) -> Result<(), PipelineError> {
        let is_segmentation = |name: &str| name != "customer_id";
        let known = CustomerSegments::INFO.columns.iter();
        let known = known.filter(|column| column.column_type == ColumnType::Text && is_segmentation(column.name));
        let known: Vec<&str> = known.map(|column| column.name).collect();
        if !known.contains(&by) {
            return Err(MeasureRequestError::NoSuchSegmentation {
                column: by.to_owned(),
                columns: known.join(", "),
            }
            .into());
        }
        let frame = columns::<CustomerSegments>(run, &["customer_id", by])?;
        let mut places: HashMap<&str, u32> = HashMap::new();
        NO_SEGMENT.clone_into(&mut self.segment_names[0]);
        for (customer, segment) in text(&frame, "customer_id")?.iter().zip(text(&frame, by)?.iter()) {
            let row = customer.and_then(|customer| self.rows.get(customer));
            let (Some(&row), Some(segment)) = (row, segment) else {
                continue;
            };
            let names = &mut self.segment_names;
            let place = places.entry(segment).or_insert_with(|| {
                names.push(segment.to_owned());
                u32::try_from(names.len() - 1).unwrap_or(u32::MAX)
            });
            self.segments[row as usize] = *place;
        }
        Ok(())
    }

    fn read_keys(&mut self, run: &PublishedRun) -> Result<(), PipelineError> {
        self.keys = vec![0; self.arms.len()];
        let links = columns::<IdentityLinks>(run, &["customer_id"])?;
        for customer in text(&links, "customer_id")?.iter().flatten() {
            if let Some(&row) = self.rows.get(customer) {
                self.keys[row as usize] += 1;
            }
        }
        Ok(())
    }

    /// The places of these arms, with the shares that they were drawn to have among each other; none where one of them was
    /// not drawn. A customer with several keys is held out when any of them is drawn, and of all lists before of this one.
    #[expect(clippy::cast_precision_loss, reason = "counts of customers")]
    pub(super) fn drawn_shares(&self, arms: &[Arm]) -> Vec<(usize, f64)> {
        let is_drawn = |share: f64| share > 0.0 && share < 1.0;
        let is_known = |arm: &Arm| match arm {
            Arm::Contact => true,
            Arm::Control => is_drawn(self.control_share),
            Arm::GlobalControl => is_drawn(self.global_share),
        };
        if !arms.iter().all(is_known) {
            return Vec::new();
        }
        let mut by_keys: BTreeMap<u32, u64> = BTreeMap::new();
        for (_, keys) in self.arms.iter().zip(&self.keys).filter(|(arm, _)| arms.contains(arm)) {
            *by_keys.entry((*keys).max(1)).or_default() += 1;
        }
        let mut shares = vec![0.0; arms.len()];
        let all: u64 = by_keys.values().sum();
        for (keys, customers) in by_keys {
            let stays = |share: f64| (1.0 - share).powf(f64::from(keys));
            let (of_all, of_list) = (stays(self.global_share), stays(self.control_share));
            let chance = |arm: &Arm| match arm {
                Arm::GlobalControl => 1.0 - of_all,
                Arm::Control => of_all * (1.0 - of_list),
                Arm::Contact => of_all * of_list,
            };
            let any: f64 = arms.iter().map(chance).sum();
            for (share, arm) in shares.iter_mut().zip(arms) {
                *share += chance(arm) / any * customers as f64 / all as f64;
            }
        }
        shares.into_iter().enumerate().collect()
    }
}

/// The run that was asked for, else the newest one of a day before the window.
fn find_run(warehouse: &Warehouse, request: &ListMeasureRequest) -> Result<PublishedRun, PipelineError> {
    if let Some(selector) = &request.run {
        return Ok(warehouse.find(selector)?);
    }
    let listing = warehouse.runs()?;
    let is_before = |run: &PublishedRun| request.from.is_none_or(|from| run.reference.as_of.0 < from);
    let found = listing.runs.into_iter().find(is_before);
    let missing = || match request.from {
        Some(from) => MeasureRequestError::NoRunBefore { from },
        None => MeasureRequestError::NoRun,
    };
    Ok(found.ok_or_else(missing)?)
}

fn columns<T: Contract>(run: &PublishedRun, columns: &[&str]) -> Result<DataFrame, PipelineError> {
    let options = ReadOptions {
        columns: Some(columns.iter().map(|column| (*column).to_owned()).collect()),
        rows: None,
    };
    Ok(read_frame(&run.table_path(T::INFO.name)?, &T::INFO, &options)?)
}

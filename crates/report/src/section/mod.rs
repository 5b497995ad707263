//! The sections of the report, one file each, in the order in which a manager asks.

mod clusters;
mod clv;
mod cohorts;
mod drawing;
mod flow;
mod headline;
mod identity;
mod ledger;
mod lifecycle;
mod lists;
mod months;
mod pareto;
mod profitability;
mod quality;
mod rfm;
mod signals;
mod tips;

use serde::Serialize;

use crate::answer::Answer;
use crate::error::ReportError;
use crate::figure::{Figure, Question};
use crate::night::Night;
use crate::tables::Tables;
use crate::words::{Argument, Words};

/// A part of the page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Section {
    pub(crate) id: &'static str,
    pub(crate) title: String,
    /// The question that it answers.
    pub(crate) question: String,
    pub(crate) figures: Vec<Figure>,
    /// Why there is nothing to see, and what would change that.
    pub(crate) empty: Option<String>,
}

/// What sections are made of.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) tables: &'a dyn Tables,
    pub(crate) before: Option<&'a dyn Tables>,
    pub(crate) night: &'a Night,
    pub(crate) words: &'a Words,
}

impl Context<'_> {
    /// The answer of this run.
    pub(crate) fn ask(&self, question: &Question) -> Result<Answer, ReportError> {
        ask(self.tables, question)
    }

    /// The answer of the run before; none where there was none, or where an older version lacks what is asked for.
    pub(crate) fn ask_before(&self, question: &Question) -> Option<Answer> {
        self.before.and_then(|tables| ask(tables, question).ok())
    }

    /// The title of a question's figure, with what it found.
    pub(crate) fn title(&self, question: &Question, found: &[(&str, Argument)]) -> String {
        self.words.say_with(&format!("figure-{}-title", question.id), found)
    }

    /// Another title of the same figure, for what the usual one would say wrongly.
    pub(crate) fn title_of_case(&self, question: &Question, case: &str, found: &[(&str, Argument)]) -> String {
        self.words
            .say_with(&format!("figure-{}-title-{case}", question.id), found)
    }

    /// A section with its words of the catalogue. Without any figure it says what would fill it.
    pub(crate) fn section(&self, id: &'static str, figures: Vec<Figure>) -> Section {
        let empty = figures
            .is_empty()
            .then(|| self.words.say(&format!("section-{id}-empty")));
        Section {
            id,
            title: self.words.say(&format!("section-{id}-title")),
            question: self.words.say(&format!("section-{id}-question")),
            figures,
            empty,
        }
    }
}

fn ask(tables: &dyn Tables, question: &Question) -> Result<Answer, ReportError> {
    let frame = tables.query(question.sql).map_err(|source| ReportError::Query {
        figure: question.id,
        source,
    })?;
    Answer::new(frame, question.columns).map_err(|source| ReportError::Answer {
        figure: question.id,
        source,
    })
}

/// Makes a section.
type Build = fn(Context<'_>) -> Result<Section, ReportError>;

/// The sections by their names, in the order in which a manager asks.
const SECTIONS: [(&str, Build); 14] = [
    ("headline", headline::section),
    ("months", months::section),
    ("rfm", rfm::section),
    ("pareto", pareto::section),
    ("clv", clv::section),
    ("lifecycle", lifecycle::section),
    ("signals", signals::section),
    ("clusters", clusters::section),
    ("cohorts", cohorts::section),
    ("profitability", profitability::section),
    ("lists", lists::section),
    ("identity", identity::section),
    ("quality", quality::section),
    ("ledger", ledger::section),
];

/// All sections, in their order, and what went wrong: a section that cannot be made says so in its place, so that one
/// figure, such as of a table that an older version did not publish, does not take the page away.
pub(crate) fn sections(context: Context<'_>) -> (Vec<Section>, Vec<ReportError>) {
    let mut problems = Vec::new();
    let sections = SECTIONS.into_iter().map(|(id, build)| {
        build(context).unwrap_or_else(|error| {
            problems.push(error);
            Section {
                empty: Some(context.words.say("section-failed")),
                ..context.section(id, Vec::new())
            }
        })
    });
    (sections.collect(), problems)
}

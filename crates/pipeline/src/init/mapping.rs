//! Which table a file feeds, and which of its columns feed the table's, by their names.

use cartera_ingest::survey::{ColumnSurvey, ColumnType as Seen, Confidence, FileSurvey};

use cartera_table::{ColumnDef, ColumnType, Filling, SourceTable};

use super::targets::{LEAST_SCORE, TABLES, TableWords, Target, allowed_value};
use super::words::{has_meaning, words};

/// What feeds a column of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Feed {
    /// A column of the file, by its place in the survey, and what its values mean.
    Column {
        place: usize,
        values: Vec<(String, &'static str)>,
    },
    /// One value for all rows.
    Constant(&'static str),
    /// A person has to say; perhaps one of these columns.
    Ask { candidates: Vec<usize> },
}

/// A column of the table, as the pipeline will have it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnDraft {
    pub(super) target: &'static ColumnDef,
    pub(super) feed: Feed,
    pub(super) confidence: Confidence,
    pub(super) why: String,
}

impl ColumnDraft {
    /// The column of the file, if one was chosen.
    pub(super) fn place(&self) -> Option<usize> {
        match &self.feed {
            Feed::Column { place, .. } => Some(*place),
            Feed::Constant(_) | Feed::Ask { .. } => None,
        }
    }

    /// The column of the file that was chosen, or those that are offered with the question.
    pub(super) fn possible_places(&self) -> Vec<usize> {
        match &self.feed {
            Feed::Column { place, .. } => vec![*place],
            Feed::Ask { candidates } => candidates.clone(),
            Feed::Constant(_) => Vec::new(),
        }
    }
}

/// A file as a source of a table.
#[derive(Debug, Clone)]
pub(super) struct TableDraft {
    pub(super) table: SourceTable,
    pub(super) confidence: Confidence,
    pub(super) why: String,
    pub(super) columns: Vec<ColumnDraft>,
    /// Columns of the file that could feed the table, and why they do not.
    pub(super) remarks: Vec<String>,
    score: f64,
    /// Whether everything that is required is there or can be asked for.
    is_complete: bool,
}

impl TableDraft {
    pub(super) fn column(&self, target: &str) -> Option<&ColumnDraft> {
        self.columns.iter().find(|column| column.target.name == target)
    }

    pub(super) fn place(&self, target: &str) -> Option<usize> {
        self.column(target).and_then(ColumnDraft::place)
    }

    pub(super) fn remove(&mut self, target: &str) {
        self.columns.retain(|column| column.target.name != target);
    }

    /// Puts a column where the contract has it, in place of what was there.
    pub(super) fn set(&mut self, draft: ColumnDraft) {
        self.remove(draft.target.name);
        self.columns.push(draft);
        let order = |name: &str| {
            self.table
                .contract()
                .columns
                .iter()
                .position(|column| column.name == name)
        };
        self.columns.sort_by_key(|column| order(column.target.name));
    }

    /// Whether a source of that table can be made of it, for some table.
    pub(super) fn is_likely(&self) -> bool {
        self.is_complete && self.score >= 3.0
    }
}

/// The likeliest table of a file with named columns.
pub(super) fn likeliest(survey: &FileSurvey, stem: &str) -> TableDraft {
    let mut drafts: Vec<TableDraft> = TABLES.iter().map(|words| draft(survey, stem, words)).collect();
    drafts.sort_by(|one, other| {
        let key = |draft: &TableDraft| (draft.is_complete, draft.score);
        let ((complete, score), (other_complete, other_score)) = (key(one), key(other));
        other_complete.cmp(&complete).then(other_score.total_cmp(&score))
    });
    let second = drafts
        .get(1)
        .filter(|second| second.is_likely())
        .map(|second| (second.table.name(), second.score));
    let mut best = drafts.swap_remove(0);
    if let Some((name, score)) = second
        && score > best.score - 1.5
    {
        best.confidence = Confidence::Unsure(60);
        best.why = format!("{}; it could also be {name}", best.why);
    }
    best
}

/// A file as a source of one table.
pub(super) fn draft(survey: &FileSurvey, stem: &str, words_of_table: &TableWords) -> TableDraft {
    let contract = words_of_table.table.contract();
    let names: Vec<Vec<String>> = survey
        .columns
        .iter()
        .map(|column| words(column.name.as_deref().unwrap_or("")))
        .collect();
    let mut matches = Vec::new();
    for (target_place, target) in words_of_table.targets.iter().enumerate() {
        let Some(definition) = contract.column(target.name) else {
            continue;
        };
        for (place, column) in survey.columns.iter().enumerate() {
            let score = target.score(&names[place], &has_meaning);
            if score >= LEAST_SCORE && fits(definition, column) {
                matches.push((score, target_place, place));
            }
        }
    }
    // A household is the customer where no other column is.
    let index = |name: &str| words_of_table.targets.iter().position(|target| target.name == name);
    if let (Some(customer), Some(household)) = (index("customer_key"), index("household_key")) {
        let customers: Vec<usize> = matches
            .iter()
            // Names of households match both, so only a better name counts.
            .filter(|found| found.1 == customer && found.0 >= 88)
            .map(|found| found.2)
            .collect();
        matches.retain(|found| found.1 != household || customers.iter().any(|place| *place != found.2));
    }
    matches.sort_by_key(|&(score, target, place)| (std::cmp::Reverse(score), target, place));
    let mut draft = TableDraft {
        table: words_of_table.table,
        confidence: Confidence::Sure,
        why: String::new(),
        columns: Vec::new(),
        remarks: Vec::new(),
        score: 0.0,
        is_complete: true,
    };
    draft.assign(survey, words_of_table, &matches);
    draft.widest_category_first(survey);
    draft.ask_for_missing(survey, stem, words_of_table);
    draft.judge(survey, stem, words_of_table);
    draft
}

impl TableDraft {
    fn assign(&mut self, survey: &FileSurvey, words: &TableWords, matches: &[(u8, usize, usize)]) {
        let mut taken = vec![false; survey.columns.len()];
        for &(score, target_place, place) in matches {
            let target = &words.targets[target_place];
            let Some(definition) = self.table.contract().column(target.name) else {
                continue;
            };
            if taken[place] || self.column(target.name).is_some() {
                continue;
            }
            let rivals: Vec<usize> = matches
                .iter()
                .filter(|(other, its_target, its_place)| {
                    *its_target == target_place && *its_place != place && other + 5 >= score && !taken[*its_place]
                })
                .map(|(_, _, place)| *place)
                .collect();
            if let Some(column) = self.choose(survey, target, definition, score, place, &rivals) {
                taken[place] = true;
                self.score += target.weight;
                self.set(column);
            }
        }
    }

    /// The column for a target; none where it had better be left out.
    fn choose(
        &mut self,
        survey: &FileSurvey,
        target: &Target,
        definition: &'static ColumnDef,
        score: u8,
        place: usize,
        rivals: &[usize],
    ) -> Option<ColumnDraft> {
        let label = |place: usize| survey.columns[place].label();
        let column = &survey.columns[place];
        let is_needed = definition.filling != Filling::MappedIfPresent
            || matches!(target.name, "order_id" | "amount" | "unit_price" | "quantity");
        let names: Vec<String> = rivals.iter().map(|place| label(*place)).collect();
        let is_category = matches!(target.name, "category" | "subcategory");
        if !rivals.is_empty() && !is_needed && !is_category {
            let remark = format!(
                "{}: {} or {}? Only one can be it, so none is mapped",
                target.name,
                label(place),
                names.join(" or ")
            );
            if !self.remarks.contains(&remark)
                && !self
                    .remarks
                    .iter()
                    .any(|known| known.starts_with(&format!("{}:", target.name)))
            {
                self.remarks.push(remark);
            }
            return None;
        }
        let values = match values(definition, column) {
            Ok(values) => values,
            Err(problem) => {
                self.remarks
                    .push(format!("{}: {} is not mapped: {problem}", target.name, label(place)));
                return None;
            }
        };
        let (mut confidence, mut why) = match score {
            90.. => (Confidence::Sure, "by its name".to_owned()),
            percent => (
                Confidence::Unsure(percent),
                "by its name, which could mean something else".to_owned(),
            ),
        };
        if values.iter().any(|(theirs, _)| theirs.ends_with('+')) {
            confidence = Confidence::Unsure(70);
            why = "the last value stands for it and more".to_owned();
        }
        if !rivals.is_empty() && !is_category {
            confidence = Confidence::Unsure(60);
            why = format!("by its name, but {} could be it too", names.join(", "));
        }
        let is_typed = definition.column_type != ColumnType::Text;
        if let Some((count, first)) = column.misfits.as_ref().filter(|_| is_typed) {
            confidence = confidence.min(Confidence::Unsure(85));
            let kind = if column.column_type.is_date() {
                "dates"
            } else {
                "numbers"
            };
            why = format!("{why}; {count} values are no {kind} and will be set aside, first {first}");
        }
        Some(ColumnDraft {
            target: definition,
            feed: Feed::Column { place, values },
            confidence,
            why,
        })
    }

    /// The wider of two classes of goods is the category.
    fn widest_category_first(&mut self, survey: &FileSurvey) {
        let (Some(category), Some(subcategory)) = (
            self.table.contract().column("category"),
            self.table.contract().column("subcategory"),
        ) else {
            return;
        };
        let names: Vec<Vec<String>> = survey
            .columns
            .iter()
            .map(|column| words(column.name.as_deref().unwrap_or("")))
            .collect();
        let mut classes: Vec<usize> = (0..survey.columns.len())
            .filter(|&place| {
                names[place]
                    .iter()
                    .any(|word| word == "category" || word == "subcategory")
            })
            .filter(|&place| !survey.columns[place].column_type.is_date() && survey.columns[place].filled() > 0)
            .collect();
        classes.sort_by_key(|&place| survey.columns[place].distinct);
        if classes.len() < 2 {
            return;
        }
        for (definition, place) in [(category, classes[0]), (subcategory, classes[1])] {
            let counts = format!(
                "{} values; the class with the fewest is the widest",
                survey.columns[place].distinct
            );
            self.set(ColumnDraft {
                target: definition,
                feed: Feed::Column {
                    place,
                    values: Vec::new(),
                },
                confidence: Confidence::Unsure(80),
                why: counts,
            });
        }
    }

    /// What is required and was not found: a constant that the file's name tells, or a question.
    fn ask_for_missing(&mut self, survey: &FileSurvey, stem: &str, words_of_table: &TableWords) {
        let missing: Vec<&'static ColumnDef> = self
            .table
            .contract()
            .mappable()
            .filter(|definition| definition.filling == Filling::Mapped && self.column(definition.name).is_none())
            .collect();
        for definition in missing {
            let is_constant = words_of_table.constants.contains(&definition.name);
            let told = is_constant.then(|| constant_in_name(definition, stem)).flatten();
            let draft = match told {
                Some(value) => ColumnDraft {
                    target: definition,
                    feed: Feed::Constant(value),
                    confidence: Confidence::Unsure(75),
                    why: format!("the name of the file, {stem}, says so"),
                },
                None => ColumnDraft {
                    target: definition,
                    feed: Feed::Ask {
                        candidates: candidates(definition, survey, &self.columns),
                    },
                    confidence: Confidence::Open,
                    why: "no column is called so".to_owned(),
                },
            };
            if told.is_none() && !is_constant {
                self.is_complete = false;
                self.score -= 4.0;
            }
            self.set(draft);
        }
    }

    fn judge(&mut self, survey: &FileSurvey, stem: &str, words_of_table: &TableWords) {
        if self.table == SourceTable::OrderLines {
            let has_money = self.place("amount").is_some()
                || (self.place("quantity").is_some() && self.place("unit_price").is_some());
            if !has_money {
                self.is_complete = false;
                self.score -= 4.0;
            }
        }
        if !self.table.needs_one_of().is_empty()
            && !self
                .table
                .needs_one_of()
                .iter()
                .any(|target| self.place(target).is_some())
        {
            self.is_complete = false;
        }
        let stem_words = words(stem);
        let in_stem = |word: &str| word.split(' ').all(|part| stem_words.iter().any(|found| found == part));
        let file_word = words_of_table.file_words.iter().find(|word| in_stem(word));
        // Nothing but a key is required of suppressions, and most files have one.
        if self.table == SourceTable::Suppressions && file_word.is_none() && self.place("reason").is_none() {
            self.is_complete = false;
        }
        if let Some(word) = file_word {
            // A list of who must not be contacted has the columns of a list of customers; its name tells them apart.
            self.score += if self.table == SourceTable::Suppressions {
                6.0
            } else {
                2.0
            };
            self.why = format!("the file's name speaks of {word}; ");
        }
        if let Some(place) = words_of_table.unique.and_then(|target| self.place(target)) {
            let column = &survey.columns[place];
            // A few keys may come twice; in another table most of them do.
            let repeats = column.filled() - column.distinct;
            if repeats * 10 > column.filled() && self.place("valid_from").is_none() {
                self.is_complete = false;
                self.score -= 6.0;
            }
        }
        let found: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| column.place().is_some())
            .map(|column| column.target.name)
            .collect();
        self.why = format!("{}columns for {}", self.why, found.join(", "));
        if self.score < 5.0 {
            self.confidence = Confidence::Unsure(70);
        }
    }
}

/// Whether the values of a column could stand in a column of the table.
fn fits(definition: &ColumnDef, column: &ColumnSurvey) -> bool {
    let is_id =
        definition.name.ends_with("_id") || definition.name.ends_with("_key") || definition.name == "line_number";
    match definition.column_type {
        _ if column.column_type == Seen::Empty => false,
        ColumnType::Date | ColumnType::Timestamp => column.column_type.is_date(),
        ColumnType::Decimal { .. } | ColumnType::Float64 => column.column_type.is_number(),
        ColumnType::Int32 | ColumnType::Int64 => {
            column.column_type == Seen::Integer
                || column
                    .categories
                    .as_ref()
                    .is_some_and(|list| list.iter().all(|(value, _)| whole_or_more(value).is_some()))
        }
        ColumnType::Boolean => matches!(column.column_type, Seen::Boolean | Seen::Integer | Seen::Text),
        ColumnType::Text if is_id => !matches!(
            column.column_type,
            Seen::Date | Seen::Timestamp | Seen::Decimal | Seen::Boolean
        ),
        ColumnType::Text => !column.column_type.is_date(),
    }
}

/// `3` of `3` and of `3+`.
fn whole_or_more(value: &str) -> Option<&str> {
    let digits = value.strip_suffix('+').unwrap_or(value);
    (!digits.is_empty() && digits.len() < 9 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// What the values of a column mean in a closed list, or why they cannot be translated.
fn values(definition: &ColumnDef, column: &ColumnSurvey) -> Result<Vec<(String, &'static str)>, String> {
    if matches!(definition.column_type, ColumnType::Int32 | ColumnType::Int64) && column.column_type != Seen::Integer {
        let list = column.categories.iter().flatten();
        return Ok(list
            .filter(|(value, _)| value.ends_with('+'))
            .filter_map(|(value, _)| Some((value.clone(), number_word(whole_or_more(value)?)?)))
            .collect());
    }
    if definition.allowed_values.is_empty() {
        return Ok(Vec::new());
    }
    let Some(list) = &column.categories else {
        return Err(format!(
            "it has too many values for {}",
            definition.allowed_values.join(", ")
        ));
    };
    // H and M are hombre and mujer, M and F male and female.
    let is_spanish = definition.name == "gender"
        && list
            .iter()
            .any(|(value, _)| matches!(value.to_lowercase().as_str(), "h" | "v"));
    let mut values = Vec::new();
    for (theirs, count) in list {
        let ours = match (is_spanish, theirs.to_lowercase().as_str()) {
            (true, "h" | "v") => Some("male"),
            (true, "m") => Some("female"),
            _ => allowed_value(theirs, definition.allowed_values),
        };
        let Some(ours) = ours else {
            return Err(format!(
                "its value {theirs:?} ({count} times) is none of {}; write values = {{ .. }}",
                definition.allowed_values.join(", ")
            ));
        };
        if ours != theirs {
            values.push((theirs.clone(), ours));
        }
    }
    Ok(values)
}

fn number_word(digits: &str) -> Option<&'static str> {
    const WORDS: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    WORDS.into_iter().find(|word| *word == digits)
}

/// A value that the name of the file tells.
fn constant_in_name(definition: &'static ColumnDef, stem: &str) -> Option<&'static str> {
    let words = words(stem);
    let has = |word: &str| words.iter().any(|found| found == word);
    // A list of who is in a campaign is a list of contacts.
    let pairs: [(&str, &str); 11] = [
        ("redemption", "redemption"),
        ("response", "response"),
        ("visit", "visit"),
        ("call", "call"),
        ("sent", "contact"),
        ("interaction", "contact"),
        ("campaign", "contact"),
        ("complaint", "complaint"),
        ("survey", "survey"),
        ("question", "question"),
        ("case", "incident"),
    ];
    pairs.into_iter().find_map(|(word, value)| {
        definition
            .allowed_values
            .iter()
            .find(|allowed| has(word) && **allowed == value)
            .copied()
    })
}

/// Columns that could be it by their values alone.
fn candidates(definition: &'static ColumnDef, survey: &FileSurvey, taken: &[ColumnDraft]) -> Vec<usize> {
    let is_taken = |place: usize| taken.iter().any(|column| column.place() == Some(place));
    let is_key = definition.name.ends_with("_key") || definition.name.ends_with("_id");
    (0..survey.columns.len())
        .filter(|&place| !is_taken(place) && fits(definition, &survey.columns[place]))
        .filter(|&place| !is_key || survey.columns[place].distinct > 2)
        .take(4)
        .collect()
}

//! One condition as typed to a test that runs.

use std::collections::BTreeMap;

use super::error::SignalParamsError;
use super::layout::{LayoutBuilder, Wanted};
use super::params::{SignalConditionParams, SignalLimitParams};
use super::rule::{Bound, Direction, Limit, LooksAt, Measure, Place, Test, Times};

/// A condition while it is checked.
pub(crate) struct ConditionCheck<'c> {
    pub(crate) rule: &'c str,
    /// The condition within the rule, such as `when.0`.
    pub(crate) key: &'c str,
    pub(crate) condition: &'c SignalConditionParams,
    pub(crate) limits: &'c BTreeMap<String, f64>,
}

impl ConditionCheck<'_> {
    pub(crate) fn test(&self, layout: &mut LayoutBuilder<'_>) -> Result<Test, SignalParamsError> {
        let condition = self.condition;
        let texts = [
            condition.is.is_some(),
            condition.is_not.is_some(),
            condition.one_of.is_some(),
        ];
        let bounds = self.bounds();
        let looks_at = match (bounds.as_slice(), texts.iter().filter(|is_there| **is_there).count()) {
            ([(key, bound, limit)], 0) => LooksAt::Number {
                measure: self.measure(layout)?,
                bound: *bound,
                limit: self.limit(key, limit, layout)?,
            },
            ([], 1) => self.text(layout)?,
            _ => {
                let expected = "one of `above`, `at_least`, `below`, `at_most`, `is`, `is_not` and `one_of`";
                return Err(self.refused("", "does not say how it compares", expected));
            }
        };
        Ok(Test {
            looks_at,
            or_null: condition.or_null,
        })
    }

    fn bounds(&self) -> Vec<(&'static str, Bound, &SignalLimitParams)> {
        let condition = self.condition;
        [
            (Bound::Above, &condition.above),
            (Bound::AtLeast, &condition.at_least),
            (Bound::Below, &condition.below),
            (Bound::AtMost, &condition.at_most),
        ]
        .into_iter()
        .filter_map(|(bound, limit)| limit.as_ref().map(|limit| (bound.word(), bound, limit)))
        .collect()
    }

    /// The number that the condition looks at.
    pub(crate) fn measure(&self, layout: &mut LayoutBuilder<'_>) -> Result<Measure, SignalParamsError> {
        let SignalConditionParams {
            column,
            rise_of,
            fall_of,
            gap_to_next,
            ..
        } = self.condition;
        let per = self.optional_number("per", self.condition.per.as_deref(), layout)?;
        let of = |key: &str, name: &str, layout: &mut LayoutBuilder<'_>| self.number(key, name, layout);
        match (column, rise_of, fall_of, gap_to_next) {
            (Some(name), None, None, None) => Ok(Measure::Value {
                column: of("column", name, layout)?,
                per,
            }),
            (None, Some(name), None, None) | (None, None, Some(name), None) => {
                let (key, direction) = match rise_of {
                    Some(_) => ("rise_of", Direction::Rise),
                    None => ("fall_of", Direction::Fall),
                };
                let column = of(key, name, layout)?;
                for place in [Some(column), per].into_iter().flatten() {
                    self.compared(key, place, layout)?;
                }
                Ok(Measure::Change { column, per, direction })
            }
            (None, None, None, Some(segmentation)) if per.is_none() => {
                let gap = layout.gap(segmentation);
                gap.map(Measure::GapToNext)
                    .map_err(|valid| self.unknown("gap_to_next", segmentation, valid))
            }
            _ => {
                let expected = "one of `column`, `rise_of`, `fall_of` and `gap_to_next`, the last without `per`";
                Err(self.refused("", "does not say what it looks at", expected))
            }
        }
    }

    fn limit(
        &self,
        key: &str,
        typed: &SignalLimitParams,
        layout: &mut LayoutBuilder<'_>,
    ) -> Result<Limit, SignalParamsError> {
        let number = self.typed_number(key, typed)?;
        let condition = self.condition;
        let within_days = self.within_days()?;
        let times = match (&condition.times, &condition.times_before, &condition.times_median) {
            (None, None, None) => None,
            (Some(name), None, None) => Some(Times::Now(self.number("times", name, layout)?)),
            (None, Some(name), None) => {
                let place = self.number("times_before", name, layout)?;
                self.compared("times_before", place, layout)?;
                Some(Times::Before(place))
            }
            (None, None, Some(name)) => {
                let place = self.number("times_median", name, layout)?;
                layout.take_median(place);
                Some(Times::Median(place))
            }
            _ => {
                let expected = "at most one of `times`, `times_before` and `times_median`";
                return Err(self.refused("", "has several factors", expected));
            }
        };
        Ok(Limit {
            number,
            times,
            within_days,
        })
    }

    fn within_days(&self) -> Result<Option<f64>, SignalParamsError> {
        let key = "within_days";
        let Some(typed) = &self.condition.within_days else {
            return Ok(None);
        };
        if self.condition.rise_of.is_none() && self.condition.fall_of.is_none() {
            return Err(self.refused(key, "is said of what does not change", "it with `rise_of` or `fall_of`"));
        }
        let days = self.typed_number(key, typed)?;
        if days <= 0.0 {
            return Err(self.refused(key, &format!("is {days}"), "more than 0 days"));
        }
        Ok(Some(days))
    }

    /// A number that is typed, or that one of the limits is.
    fn typed_number(&self, key: &str, typed: &SignalLimitParams) -> Result<f64, SignalParamsError> {
        let number = match typed {
            SignalLimitParams::Number(number) => *number,
            SignalLimitParams::Named(name) => *self.limits.get(name).ok_or_else(|| {
                let valid = self.limits.keys().cloned().collect();
                self.unknown(key, name, valid)
            })?,
        };
        if !number.is_finite() {
            return Err(self.refused(key, &format!("is {number}"), "a number"));
        }
        Ok(number)
    }

    fn text(&self, layout: &mut LayoutBuilder<'_>) -> Result<LooksAt, SignalParamsError> {
        let SignalConditionParams {
            column,
            is,
            is_not,
            one_of,
            or_null,
            ..
        } = self.condition.clone();
        let only_texts = SignalConditionParams {
            column: column.clone(),
            is: is.clone(),
            is_not: is_not.clone(),
            one_of: one_of.clone(),
            or_null,
            ..SignalConditionParams::default()
        };
        let Some(name) = column.filter(|_| only_texts == *self.condition) else {
            let expected = "`column` and one of `is`, `is_not` and `one_of`, without keys for numbers";
            return Err(self.refused("", "compares texts", expected));
        };
        let place = layout
            .place(&name, Wanted::Text)
            .map_err(|valid| self.unknown("column", &name, valid))?;
        let key = ["is", "is_not", "one_of"][usize::from(is_not.is_some()) + 2 * usize::from(one_of.is_some())];
        let is_one = is_not.is_none();
        let texts: Vec<String> = one_of.unwrap_or_else(|| is.or(is_not).into_iter().collect());
        if texts.is_empty() {
            return Err(self.refused(key, "is an empty list", "at least one text"));
        }
        let allowed = layout.allowed(place);
        if let Some(text) = texts
            .iter()
            .find(|text| !allowed.is_empty() && !allowed.contains(&text.as_str()))
        {
            let valid = allowed.iter().map(|text| (*text).to_owned()).collect();
            return Err(self.unknown(key, text, valid));
        }
        Ok(LooksAt::Text {
            column: place,
            texts,
            is_one,
        })
    }

    fn optional_number(
        &self,
        key: &str,
        name: Option<&str>,
        layout: &mut LayoutBuilder<'_>,
    ) -> Result<Option<Place>, SignalParamsError> {
        name.map(|name| self.number(key, name, layout)).transpose()
    }

    fn number(&self, key: &str, name: &str, layout: &mut LayoutBuilder<'_>) -> Result<Place, SignalParamsError> {
        layout
            .place(name, Wanted::Number)
            .map_err(|valid| self.unknown(key, name, valid))
    }

    /// The run before is asked for features alone.
    fn compared(&self, key: &str, place: Place, layout: &mut LayoutBuilder<'_>) -> Result<(), SignalParamsError> {
        if layout.is_label(place) {
            let found = "names a column of customer_segments";
            return Err(self.refused(key, found, "a column of customer_features"));
        }
        layout.compare(place);
        Ok(())
    }

    fn unknown(&self, key: &str, value: &str, valid: Vec<String>) -> SignalParamsError {
        SignalParamsError::Unknown {
            rule: self.rule.to_owned(),
            key: self.within(key),
            value: value.to_owned(),
            valid,
        }
    }

    fn refused(&self, key: &str, found: &str, expected: &str) -> SignalParamsError {
        SignalParamsError::Refused {
            rule: self.rule.to_owned(),
            key: self.within(key),
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }

    fn within(&self, key: &str) -> String {
        if key.is_empty() {
            self.key.to_owned()
        } else {
            format!("{}.{key}", self.key)
        }
    }
}

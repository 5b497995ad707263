//! The likelihood of the Pareto/NBD over a whole base, without hypergeometric functions.
//!
//! For one repeat count the integral over the time of dropping out, from the last purchase to the end, is a difference
//! of two integrals to a day beyond all: `R(day) = I(day) + R(day + 1) f(day + 1) / f(day)`, each relative to `f` at its
//! own start, so that no power is ever formed. The gradient takes four more integrals by the same recursion.

use std::ops::Range;

use crate::fit::day_grid::{DayGrid, Moments};
use crate::fit::objective::{Evaluation, Objective, sum_of_blocks};
use crate::fit::rows::{Row, Rows};

/// What a block of work should cost, in rows; the integrals of a repeat count cost about as much as `COUNT_COST` rows.
const BLOCK_COST: usize = 8192;
const COUNT_COST: usize = 512;

/// Rows of one repeat count.
#[derive(Debug, Clone)]
struct Group {
    rows: Range<usize>,
    count: u32,
    first_day: usize,
    last_day: usize,
}

/// Groups that are worked off by one thread.
#[derive(Debug, Clone, Default)]
struct Block {
    groups: Vec<Group>,
}

pub(crate) struct ParetoGamma {
    rows: Rows,
    blocks: Vec<Block>,
    /// Customers by repeat count.
    customers: Vec<f64>,
    last_day: usize,
}

impl ParetoGamma {
    pub(crate) fn new(rows: Rows) -> Self {
        let mut customers = vec![0.0; rows.largest_count() + 1];
        for row in &rows.rows {
            customers[row.history.repeat_count as usize] += row.weight;
        }
        let blocks = blocks_of(&rows.rows);
        let last_day = rows.largest_age();
        Self {
            rows,
            blocks,
            customers,
            last_day,
        }
    }

    /// What every customer with the same repeat count has: `G(r + x) alpha^-x / G(r)`.
    fn shared(&self, r: f64, alpha: f64) -> Evaluation<4> {
        let mut sum = Evaluation::ZERO;
        let (mut rising, mut rising_by_r) = (0.0, 0.0);
        for (count, customers) in self.customers.iter().enumerate() {
            let x = count as f64;
            sum.value += customers * (rising + x * (r / alpha).ln());
            sum.gradient[0] += customers * rising_by_r;
            sum.gradient[1] -= customers * x;
            rising += (x / r).ln_1p();
            rising_by_r += r / (r + x);
        }
        sum
    }
}

/// Cuts the rows, ascending by repeat count, into blocks of about equal cost.
fn blocks_of(rows: &[Row]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = Block::default();
    let mut cost = 0;
    let mut start = 0;
    while start < rows.len() {
        let count = rows[start].history.repeat_count;
        let room = BLOCK_COST.saturating_sub(cost + COUNT_COST).max(COUNT_COST);
        let same = rows[start..]
            .iter()
            .take(room)
            .take_while(|row| row.history.repeat_count == count)
            .count();
        let of_group = &rows[start..start + same];
        block.groups.push(Group {
            rows: start..start + same,
            count,
            first_day: of_group.iter().map(|row| row.history.recency_days).min().unwrap_or(0) as usize,
            last_day: of_group.iter().map(|row| row.history.age_days).max().unwrap_or(0) as usize,
        });
        start += same;
        cost += same + COUNT_COST;
        if cost >= BLOCK_COST {
            blocks.push(std::mem::take(&mut block));
            cost = 0;
        }
    }
    if !block.groups.is_empty() {
        blocks.push(block);
    }
    blocks
}

/// The node values of the days of a block at the repeat count of its current group.
struct Nodes<'a> {
    grid: &'a DayGrid,
    first: usize,
    values: Vec<f64>,
    count: u32,
}

impl<'a> Nodes<'a> {
    fn new(grid: &'a DayGrid, block: &Block) -> Self {
        let first_day = block.groups.iter().map(|group| group.first_day).min().unwrap_or(0);
        let last_day = block.groups.iter().map(|group| group.last_day).max().unwrap_or(0);
        let range = grid.days[first_day].first_node..grid.days[last_day].first_node;
        let values = grid.nodes[range.clone()].iter().map(|node| node.value).collect();
        Self {
            grid,
            first: range.start,
            values,
            count: 0,
        }
    }

    fn advance_to(&mut self, count: u32) {
        let more = i32::try_from(count - self.count).unwrap_or(i32::MAX);
        let nodes = &self.grid.nodes[self.first..self.first + self.values.len()];
        match more {
            0 => {}
            1 => {
                for (value, node) in self.values.iter_mut().zip(nodes) {
                    *value *= node.factor;
                }
            }
            _ => {
                for (value, node) in self.values.iter_mut().zip(nodes) {
                    *value *= node.factor.powi(more);
                }
            }
        }
        self.count = count;
    }

    /// The moments from each day of the group to its last one, relative to `f` at the day.
    fn integrals(&mut self, group: &Group, integrals: &mut Vec<Moments>) {
        self.advance_to(group.count);
        let power = i32::try_from(group.count).unwrap_or(i32::MAX);
        integrals.clear();
        integrals.resize(group.last_day - group.first_day + 1, [0.0; 5]);
        let mut rest = [0.0; 5];
        for day in (group.first_day..group.last_day).rev() {
            let of_day = &self.grid.days[day];
            let fall = of_day.fall * of_day.fall_factor.powi(power);
            rest = rest.map(|moment| moment * fall);
            let range = self.grid.nodes_of(day);
            let values = &self.values[range.start - self.first..range.end - self.first];
            for (value, node) in values.iter().zip(&self.grid.nodes[range]) {
                rest[0] += value;
                for (moment, weight) in rest[1..].iter_mut().zip(node.weights) {
                    *moment += value * weight;
                }
            }
            integrals[day - group.first_day] = rest;
        }
    }
}

/// Parameters with their grid; `ln_rate` is `ln (s / beta)`.
struct Point<'a> {
    grid: &'a DayGrid,
    r: f64,
    s: f64,
    ln_rate: f64,
}

/// One row: the value and its derivatives by `ln r`, `ln alpha`, `ln s` and `ln beta`, without the shared terms.
fn of_row(row: &Row, point: &Point, group: &Group, integrals: &[Moments]) -> Evaluation<4> {
    let Point { grid, r, s, ln_rate } = *point;
    let shape = r + row.history.x();
    let recency = row.history.recency_days as usize;
    let age = row.history.age_days as usize;
    let [ln_age_alpha, share_age_alpha, ln_age_beta, share_age_beta] = grid.days[age].weights;
    let [ln_recency_alpha, _, ln_recency_beta, _] = grid.days[recency].weights;
    let alive = -shape * ln_age_alpha - s * ln_age_beta;
    let of_alive = [
        -r * ln_age_alpha,
        shape * share_age_alpha,
        -s * ln_age_beta,
        s * share_age_beta,
    ];
    let fall = shape * (ln_age_alpha - ln_recency_alpha) + (s + 1.0) * (ln_age_beta - ln_recency_beta);
    let at_age = (-fall).exp();
    let from = integrals[recency - group.first_day];
    let beyond = integrals[age - group.first_day];
    let integral = from[0] - beyond[0] * at_age;
    if recency == age || integral <= 0.0 {
        return Evaluation {
            value: alive,
            gradient: of_alive,
        };
    }
    let moment = |which: usize| (from[which] - beyond[which] * at_age) / integral;
    let dead = ln_rate - shape * ln_recency_alpha - (s + 1.0) * ln_recency_beta + integral.ln();
    let of_dead = [
        -r * moment(1),
        shape * moment(2),
        1.0 - s * moment(3),
        -1.0 + (s + 1.0) * moment(4),
    ];
    let small = (-(dead - alive).abs()).exp();
    let larger = (1.0 + small).recip();
    let (dead_share, alive_share) = if dead > alive {
        (larger, small * larger)
    } else {
        (small * larger, larger)
    };
    let mut gradient = [0.0; 4];
    for (derivative, (alive, dead)) in gradient.iter_mut().zip(of_alive.into_iter().zip(of_dead)) {
        *derivative = alive_share * alive + dead_share * dead;
    }
    Evaluation {
        value: dead.max(alive) + small.ln_1p(),
        gradient,
    }
}

impl Objective<4> for ParetoGamma {
    fn evaluate(&self, logs: &[f64; 4]) -> Evaluation<4> {
        let [r, alpha, s, beta] = logs.map(f64::exp);
        let grid = DayGrid::new([r, alpha, s, beta], self.last_day, self.customers.len() - 1);
        let point = Point {
            grid: &grid,
            r,
            s,
            ln_rate: logs[2] - logs[3],
        };
        let mut sum = sum_of_blocks(&self.blocks, |block| {
            let mut part = Evaluation::ZERO;
            let mut nodes = Nodes::new(&grid, block);
            let mut integrals = Vec::new();
            for group in &block.groups {
                nodes.integrals(group, &mut integrals);
                for row in &self.rows.rows[group.rows.clone()] {
                    part.add(&of_row(row, &point, group, &integrals).scaled(row.weight));
                }
            }
            part
        });
        sum.add(&self.shared(r, alpha));
        sum
    }
}

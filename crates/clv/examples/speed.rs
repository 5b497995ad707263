//! Times of fits and scores on a made-up base: `cargo run --release -p cartera-clv --example speed -- CUSTOMERS [CSV]`.
//!
//! With a path it also writes the base, for `benches/peers/clv_lifetimes.py` to do the same with. One line a step: wall
//! seconds, log-likelihood, outcome. `RAYON_NUM_THREADS=1` gives the seconds of one core.

#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::error::Error;
use std::io::{BufWriter, Write};
use std::time::Instant;

use cartera_clv::{Histories, History, Outlook, PurchaseModelKind, Scores, fit_gamma_gamma};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Beta, Distribution, Exp, Gamma, Uniform};

/// A customer: history, repeat purchases with a value, their mean.
type Customer = (History, u32, f64);

/// BG/NBD customers with r .6, alpha 10 weeks, a .8, b 2.5, first seen within two years; Gamma-Gamma spend of p 6, q 4,
/// gamma 15.
fn base(customers: usize) -> Result<Vec<Customer>, Box<dyn Error>> {
    let mut random = ChaCha8Rng::seed_from_u64(42);
    let (rates, dropouts) = (Gamma::new(0.6, 1.0 / 10.0)?, Beta::new(0.8, 2.5)?);
    let (spread, ages, share) = (
        Gamma::new(4.0, 1.0)?,
        Uniform::new_inclusive(1_u32, 730)?,
        Uniform::new(0.0, 1.0)?,
    );
    let mut made = Vec::with_capacity(customers);
    for _ in 0..customers {
        let (rate, dropout): (f64, f64) = (rates.sample(&mut random), dropouts.sample(&mut random));
        let age_days: u32 = ages.sample(&mut random);
        let gaps = Exp::new(rate.max(1e-9) / 7.0)?;
        let (mut time, mut repeat_count, mut recency_days) = (0.0, 0, 0);
        loop {
            time += gaps.sample(&mut random);
            let day = time.ceil();
            if day > f64::from(age_days) {
                break;
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "within two years"
            )]
            let day = day as u32;
            // Two purchases of one day are one.
            if day > recency_days {
                repeat_count += 1;
                recency_days = day;
            }
            if share.sample(&mut random) < dropout {
                break;
            }
        }
        let nu: f64 = spread.sample(&mut random) / 15.0;
        let mean = match repeat_count {
            0 => 0.0,
            count => Gamma::new(6.0 * f64::from(count), 1.0 / nu)?.sample(&mut random) / f64::from(count),
        };
        let history = History {
            repeat_count,
            recency_days,
            age_days,
        };
        made.push((history, repeat_count, mean));
    }
    Ok(made)
}

fn write(path: &str, base: &[Customer]) -> std::io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "frequency,recency,T,monetary_value")?;
    for (history, _, mean) in base {
        writeln!(
            file,
            "{},{},{},{mean}",
            history.repeat_count,
            history.t_x(),
            history.age()
        )?;
    }
    file.flush()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let customers = arguments.next().map_or(Ok(100_000), |count| count.parse())?;
    let base = base(customers)?;
    if let Some(path) = arguments.next() {
        write(&path, &base)?;
    }
    let start = Instant::now();
    let histories = Histories::new(base.iter().map(|customer| customer.0).collect());
    let distinct = histories.distinct().len();
    println!(
        "compress {:.3} s: {customers} customers, {distinct} distinct",
        start.elapsed().as_secs_f64()
    );
    let mut models = Vec::new();
    for kind in PurchaseModelKind::ALL {
        let start = Instant::now();
        let fit = kind.fit(&histories)?;
        let seconds = start.elapsed().as_secs_f64();
        let parameters: Vec<String> = fit
            .parameters
            .iter()
            .map(|one| format!("{} {:.4}", one.name, one.value))
            .collect();
        let (slug, outcome, evaluations) = (kind.slug(), &fit.outcome, fit.evaluations);
        println!(
            "{slug} {seconds:.3} s: {:.3} {outcome} {evaluations} {parameters:?}",
            fit.log_likelihood
        );
        models.push(fit);
    }
    let start = Instant::now();
    let values: Vec<(u32, f64)> = base.iter().filter(|one| one.1 > 0).map(|one| (one.1, one.2)).collect();
    let spend = fit_gamma_gamma(&values)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "gamma_gamma {seconds:.3} s: {:.3} {} {:?}",
        spend.log_likelihood, spend.outcome, spend.params
    );
    let outlook = Outlook::new(36, 0.1, 0.8)?;
    let keys: Vec<(History, u32)> = base.iter().map(|one| (one.0, one.1)).collect();
    for fit in &models {
        let start = Instant::now();
        let scores = Scores::of(&fit.params, Some(&spend.params), &keys, &outlook);
        let mut value = 0.0;
        for (history, count, mean) in &base {
            let score = scores.get(history, *count).ok_or("not scored")?;
            value += score
                .discounted_spend(&spend.params, *count, *mean)
                .map_or(0.0, |ends| ends[0]);
        }
        println!(
            "score {} {:.3} s: {value:.2}",
            fit.params.slug(),
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}

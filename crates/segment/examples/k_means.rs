//! Fits k-means to a matrix and says how well, in which time and with how much memory, beside
//! `benches/peers/k_means_sklearn.py`, which writes the matrix.
//!
//! `k_means MATRIX WIDTH CLUSTERS STARTS SEEDS`: the matrix is rows of little-endian doubles; one line a seed.
#![expect(clippy::print_stdout, reason = "an example that is run by hand")]

use std::error::Error;
use std::time::Instant;

use cartera_segment::{FitEffort, KMeansFit, Points};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, numbers @ ..] = arguments.as_slice() else {
        return Err("usage: k_means MATRIX WIDTH CLUSTERS STARTS SEEDS".into());
    };
    let numbers: Vec<usize> = numbers.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let [width, clusters, starts, seeds] = numbers[..] else {
        return Err("WIDTH, CLUSTERS, STARTS and SEEDS are whole numbers".into());
    };
    let values: Vec<f64> = std::fs::read(path)?
        .chunks_exact(8)
        .map(|bytes| bytes.try_into().map(f64::from_le_bytes))
        .collect::<Result<_, _>>()?;
    let points = Points::new(&values, width);
    println!(
        "{} points of {width} numbers, {clusters} clusters, {starts} starts",
        points.count()
    );
    for seed in 0..seeds as u64 {
        let effort = FitEffort {
            starts,
            max_iterations: 300,
            tolerance: 1e-3,
            seed,
        };
        let started = Instant::now();
        let fit = KMeansFit::of(points, clusters, effort)?;
        let seconds = started.elapsed().as_secs_f64();
        println!("seed {seed}: inertia {:.4}, {seconds:.3} s", fit.inertia);
    }
    Ok(())
}

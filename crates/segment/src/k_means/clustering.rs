//! From features to clusters: sample, scale, fit, assign, order.

use super::assign::assign;
use super::centroids::{evenly_spaced, fit};
use super::order::order_by_worth;
use super::params::KMeansValidParams;
use super::scaling::ScaledFeature;
use crate::error::SegmentError;
use crate::values::FeatureValues;

/// Customers in clusters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clustering {
    /// Index into `clusters` of each row that was clustered, in their order.
    pub(crate) labels: Vec<u16>,
    /// The clusters, highest mean worth first; none is empty.
    pub(crate) clusters: Vec<Cluster>,
    /// The features that took part.
    pub(crate) features: Vec<&'static str>,
    /// How many customers the fit looked at.
    pub(crate) fitted_customer_count: usize,
    /// Mean over all customers of the squared distance to their centroid, on the common scale.
    pub(crate) mean_squared_distance: f64,
    /// What was done otherwise than asked for, in words.
    pub(crate) notes: Vec<String>,
}

/// One cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cluster {
    /// Customers in it.
    pub(crate) customer_count: usize,
    /// What they are worth together.
    pub(crate) worth: i128,
    /// Its center, one number a feature, in the feature's own unit.
    pub(crate) center: Vec<f64>,
}

/// Clusters these rows of the features. `worth`, one number a customer, orders the clusters.
///
/// Every feature must be finite in these rows, and there must be at least one row.
pub(crate) fn cluster(
    features: &[FeatureValues],
    rows: &[u32],
    worth: &[i128],
    params: &KMeansValidParams,
) -> Result<Clustering, SegmentError> {
    let mut notes = Vec::new();
    let sample: Vec<u32> = evenly_spaced(rows.len(), params.fit_sample)
        .into_iter()
        .map(|index| rows[index])
        .collect();
    let scaled = scale(features, &sample, &mut notes);
    let centroids = fit(&scaled, &sample, params, &mut notes)?;
    let assignment = assign(&scaled, rows, &centroids);
    let order = order_by_worth(&assignment.labels, rows, worth, &centroids)?;
    if order.len() < centroids.nrows() {
        notes.push(format!(
            "{} clusters were nearest to no customer and were left out",
            centroids.nrows() - order.len()
        ));
    }
    let mut new_labels = vec![0_u16; centroids.nrows()];
    for (new, ranked) in order.iter().enumerate() {
        new_labels[ranked.label] = new as u16;
    }
    Ok(Clustering {
        labels: assignment
            .labels
            .iter()
            .map(|&label| new_labels[usize::from(label)])
            .collect(),
        clusters: order
            .iter()
            .map(|ranked| Cluster {
                customer_count: ranked.customer_count,
                worth: ranked.worth,
                center: scaled
                    .iter()
                    .zip(centroids.row(ranked.label))
                    .map(|(feature, &position)| feature.unscaled(position))
                    .collect(),
            })
            .collect(),
        features: scaled.iter().map(ScaledFeature::name).collect(),
        fitted_customer_count: sample.len(),
        mean_squared_distance: assignment.squared_distance / rows.len() as f64,
        notes,
    })
}

/// The features on one scale, without those that tell no customer from another.
fn scale<'a>(features: &'a [FeatureValues], sample: &[u32], notes: &mut Vec<String>) -> Vec<ScaledFeature<'a>> {
    let scaled: Vec<Option<ScaledFeature<'a>>> = features
        .iter()
        .map(|feature| ScaledFeature::fit(feature, sample))
        .collect();
    for (feature, _) in features.iter().zip(&scaled).filter(|(_, scaled)| scaled.is_none()) {
        notes.push(format!("feature {} has one value only and was left out", feature.name));
    }
    scaled.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::k_means::KMeansParams;
    use crate::k_means::assign::BLOCK_ROWS;
    use crate::values::Numbers;

    const FEATURES: [&str; 2] = ["order_count", "net_sales"];

    fn params(change: impl FnOnce(&mut KMeansParams)) -> KMeansValidParams {
        let mut params = KMeansParams {
            features: FEATURES.map(str::to_owned).to_vec(),
            clusters: 3,
            ..KMeansParams::default()
        };
        change(&mut params);
        params.check(&FEATURES).expect("valid")
    }

    fn features(order_count: &[i128], net_sales: &[i128]) -> [FeatureValues; 2] {
        let exact = |name, values: &[i128]| FeatureValues {
            name,
            numbers: Numbers::Exact {
                unscaled: values.to_vec(),
                scale: 0,
            },
            present: None,
        };
        [exact(FEATURES[0], order_count), exact(FEATURES[1], net_sales)]
    }

    /// Three groups far apart: about 1, 10 and 100 orders of about 10 each.
    fn three_groups(customers: usize) -> (Vec<i128>, Vec<i128>) {
        (0..customers as i128)
            .map(|customer| {
                let orders = 10_i128.pow((customer % 3) as u32) + customer % 2;
                (orders, orders * 10 + customer % 7)
            })
            .unzip()
    }

    fn all_rows(count: usize) -> Vec<u32> {
        (0..count as u32).collect()
    }

    fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool")
            .install(work)
    }

    #[test]
    fn far_groups_are_found_and_the_best_is_first() {
        let (orders, sales) = three_groups(90);
        let clustering = cluster(&features(&orders, &sales), &all_rows(90), &sales, &params(|_| {})).expect("fits");
        for (row, &label) in clustering.labels.iter().enumerate() {
            assert_eq!(usize::from(label), 2 - row % 3, "{row}");
        }
        let counts: Vec<usize> = clustering
            .clusters
            .iter()
            .map(|cluster| cluster.customer_count)
            .collect();
        assert_eq!(counts, [30, 30, 30]);
        assert!(
            clustering.clusters[0].center[0] > 90.0 && clustering.clusters[0].center[1] > 900.0,
            "{:?}",
            clustering.clusters
        );
        assert!(clustering.notes.is_empty());
    }

    #[test]
    fn threads_change_no_bit() {
        let customers = 3 * BLOCK_ROWS / 2;
        let (orders, sales): (Vec<i128>, Vec<i128>) = (0..customers as i128)
            .map(|id| (1 + id * id % 17, 5 + id * 7_919 % 10_007))
            .unzip();
        let features = features(&orders, &sales);
        let rows = all_rows(customers);
        let params = params(|params| {
            params.clusters = 5;
            params.fit_sample = 20_000;
            params.runs = 3;
        });
        let run = |threads| in_pool(threads, || cluster(&features, &rows, &sales, &params).expect("fits"));
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(4));
        assert_eq!(
            one.mean_squared_distance.to_bits(),
            run(3).mean_squared_distance.to_bits()
        );
        assert_eq!(
            one.clusters.iter().map(|cluster| cluster.customer_count).sum::<usize>(),
            customers
        );
    }

    #[test]
    fn labels_are_those_of_a_brute_force_nearest_center() {
        let (orders, sales): (Vec<i128>, Vec<i128>) =
            (0..500).map(|id| (1 + id * id % 17, 5 + id * 79 % 1_007)).unzip();
        let features = features(&orders, &sales);
        let rows = all_rows(500);
        let clustering = cluster(&features, &rows, &sales, &params(|params| params.fit_sample = 300)).expect("fits");
        let sample: Vec<u32> = evenly_spaced(500, 300).into_iter().map(|index| index as u32).collect();
        let scaled: Vec<ScaledFeature<'_>> = features
            .iter()
            .map(|feature| ScaledFeature::fit(feature, &sample).expect("varies"))
            .collect();
        for (row, &label) in clustering.labels.iter().enumerate() {
            let distance = |cluster: &Cluster| -> f64 {
                scaled
                    .iter()
                    .zip(&cluster.center)
                    .map(|(feature, &center)| (feature.scaled(row as u32) - feature.position(center)).powi(2))
                    .sum()
            };
            let best = clustering.clusters.iter().map(distance).fold(f64::INFINITY, f64::min);
            // Centers went to their own unit and back.
            assert!(
                distance(&clustering.clusters[usize::from(label)]) <= best + 1e-9,
                "{row}"
            );
        }
    }

    #[test]
    fn a_constant_feature_is_left_out_with_a_note() {
        let (_, sales) = three_groups(30);
        let clustering = cluster(&features(&[2; 30], &sales), &all_rows(30), &sales, &params(|_| {})).expect("fits");
        assert_eq!(clustering.features, ["net_sales"]);
        assert_eq!(
            clustering.notes,
            ["feature order_count has one value only and was left out"]
        );
        assert_eq!(clustering.clusters.len(), 3);
    }

    #[test]
    fn constant_features_alone_make_one_cluster() {
        let clustering = cluster(&features(&[2; 4], &[7; 4]), &all_rows(4), &[7; 4], &params(|_| {})).expect("fits");
        assert_eq!((clustering.labels, clustering.clusters.len()), (vec![0; 4], 1));
        assert_eq!(
            clustering.notes.last().map(String::as_str),
            Some("no feature tells customers apart: 1 cluster instead of 3")
        );
        assert_eq!(clustering.mean_squared_distance, 0.0);
    }

    #[test]
    fn fewer_distinct_customers_than_clusters_make_fewer_clusters() {
        let sales = [10, 10, 50, 50, 50];
        let clustering = cluster(
            &features(&[1, 1, 2, 2, 2], &sales),
            &all_rows(5),
            &sales,
            &params(|_| {}),
        )
        .expect("fits");
        assert_eq!(clustering.labels, [1, 1, 0, 0, 0]);
        assert_eq!(
            clustering.notes,
            ["customers have 2 distinct values of the features: 2 clusters instead of 3"]
        );
    }

    #[test]
    fn only_the_given_rows_are_clustered() {
        let sales = [10, 0, 50, 0, 50];
        let clustering = cluster(
            &features(&[1, 0, 2, 0, 2], &sales),
            &[0, 2, 4],
            &sales,
            &params(|params| params.clusters = 2),
        )
        .expect("fits");
        assert_eq!(clustering.labels, [1, 0, 0]);
    }

    #[test]
    fn another_seed_finds_the_same_far_groups() {
        let (orders, sales) = three_groups(60);
        let run = |seed| {
            cluster(
                &features(&orders, &sales),
                &all_rows(60),
                &sales,
                &params(|params| params.seed = seed),
            )
            .expect("fits")
            .labels
        };
        assert_eq!(run(1), run(2));
    }
}

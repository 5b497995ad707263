//! The bytes depend on the parameters alone.

use cartera_sample::{SampleParams, customer_truth, order_lines};

fn write_both(params: &SampleParams, threads: usize) -> (Vec<u8>, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let params = params.clone().check().unwrap();
    let (mut lines, mut truth) = (Vec::new(), Vec::new());
    pool.install(|| {
        order_lines(&params, &mut lines).unwrap();
        customer_truth(&params, &mut truth).unwrap();
    });
    (lines, truth)
}

#[test]
fn one_and_many_threads_write_the_same_bytes() {
    let params = SampleParams {
        defects_per_kind: 3,
        ..SampleParams::new(6_000, 11)
    };
    let one = write_both(&params, 1);
    assert!(one.0.len() > 10_000_000, "too small to fill several groups of chunks");
    assert!(one == write_both(&params, 2));
    assert!(one == write_both(&params, 5));
}

#[test]
fn another_seed_is_another_retailer() {
    let one = write_both(&SampleParams::new(50, 1), 1);
    let two = write_both(&SampleParams::new(50, 2), 1);
    assert!(one.0 != two.0 && one.1 != two.1);
}

#[test]
fn a_customer_is_the_same_in_a_sample_of_any_size() {
    let (_, small) = write_both(&SampleParams::new(700, 5), 1);
    let (_, large) = write_both(&SampleParams::new(1_500, 5), 1);
    assert!(large.starts_with(&small));
}

#[test]
fn a_refused_write_is_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let params = SampleParams::new(10, 1).check().unwrap();
    assert!(order_lines(&params, &mut Full).is_err());
    assert!(customer_truth(&params, &mut Full).is_err());
}

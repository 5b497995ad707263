//! The bytes depend on the parameters alone.

use cartera_sample::{SampleFile, SampleParams, order_lines, write_sample};

use crate::read::Sample;

fn write_all(params: &SampleParams, threads: usize) -> Sample {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| Sample::write(params.clone()))
}

#[test]
fn one_and_many_threads_write_the_same_bytes() {
    let params = SampleParams {
        defects_per_kind: 3,
        ..SampleParams::new(14_000, 11)
    };
    let one = write_all(&params, 1);
    assert!(
        one.files[&SampleFile::OrderLines].len() > 20_000_000,
        "too small for several groups of chunks"
    );
    for threads in [2, 5] {
        let many = write_all(&params, threads);
        assert_eq!(one.contents, many.contents);
        assert!(one.files == many.files);
    }
}

#[test]
fn the_lines_alone_are_those_of_the_whole_sample() {
    let params = SampleParams {
        defects_per_kind: 1,
        ..SampleParams::new(300, 12)
    };
    let whole = Sample::write(params.clone());
    let mut lines = Vec::new();
    let totals = order_lines(&params.check().unwrap(), &mut lines).unwrap();
    assert!(lines == whole.files[&SampleFile::OrderLines]);
    assert_eq!(totals, whole.contents.lines);
}

#[test]
fn another_seed_is_another_retailer() {
    let one = Sample::write(SampleParams::new(50, 1));
    let two = Sample::write(SampleParams::new(50, 2));
    let same = |file: &SampleFile| one.files[file] == two.files[file];
    let equal: Vec<&SampleFile> = one.files.keys().filter(|file| same(file)).collect();
    assert_eq!(equal, [&SampleFile::TruthParameters, &SampleFile::TruthDefects]);
}

#[test]
fn a_customer_is_the_same_in_a_sample_of_any_size() {
    let small = Sample::write(SampleParams::new(700, 5));
    let large = Sample::write(SampleParams::new(1_500, 5));
    // The other files about people name orders, and those are numbered over the whole sample.
    for file in [
        SampleFile::Customers,
        SampleFile::Consents,
        SampleFile::Interactions,
        SampleFile::TruthCustomers,
        SampleFile::TruthIdentity,
        SampleFile::TruthAssignments,
    ] {
        assert!(large.files[&file].starts_with(&small.files[&file]), "{}", file.name());
    }
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
    for full in SampleFile::ALL
        .into_iter()
        .filter(|&file| file != SampleFile::OrderLinesNew)
    {
        let mut write = |file, _: &[u8]| {
            if file == full {
                Err(std::io::ErrorKind::StorageFull.into())
            } else {
                Ok(())
            }
        };
        assert!(write_sample(&params, &mut write).is_err(), "{}", full.name());
    }
}

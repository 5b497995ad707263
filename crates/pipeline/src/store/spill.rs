//! The frames that do not fit in memory, on disk until they are needed.
//!
//! Frames stay in memory as long as they fit into a budget. Then the largest partitions go to disk,
//! which frees the most memory for the fewest files.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cartera_table::{Spill, TableError};
use polars::prelude::{
    CompatLevel, DataFrame, DataType, IntoColumn, IntoSeries, IpcCompression, IpcStreamReader, IpcStreamWriter,
    SerReader, SerWriter, StringChunked,
};

/// Keeps frames by partition, in memory up to a budget and then in files of a folder.
#[derive(Debug)]
pub struct DiskSpill {
    folder: PathBuf,
    budget_bytes: usize,
    bytes_in_memory: AtomicUsize,
    bytes_on_disk: AtomicU64,
    partitions: Vec<Partition>,
}

#[derive(Debug, Default)]
struct Partition {
    /// Size of the frames in memory; beside the lock, so that the largest is found without it.
    bytes: AtomicUsize,
    content: Mutex<Content>,
}

/// Files are older than frames: together they are in the order in which they came.
#[derive(Debug, Default)]
struct Content {
    files: Vec<PathBuf>,
    frames: Vec<DataFrame>,
}

impl DiskSpill {
    /// A store of that many partitions. The folder must exist, is for this store alone, and is
    /// written to only when the budget is exceeded.
    #[must_use]
    pub fn new(folder: PathBuf, partitions: usize, budget_bytes: usize) -> Self {
        let partitions = (0..partitions).map(|_| Partition::default()).collect();
        Self {
            folder,
            budget_bytes,
            bytes_in_memory: AtomicUsize::new(0),
            bytes_on_disk: AtomicU64::new(0),
            partitions,
        }
    }

    /// Bytes written to disk so far, for progress and the manifest.
    #[must_use]
    pub fn bytes_on_disk(&self) -> u64 {
        self.bytes_on_disk.load(Ordering::Relaxed)
    }

    fn over_budget(&self) -> bool {
        self.bytes_in_memory.load(Ordering::Relaxed) > self.budget_bytes
    }

    /// Writes the largest partition to disk; false when all are empty.
    fn spill_largest(&self) -> Result<bool, TableError> {
        let sizes = self
            .partitions
            .iter()
            .enumerate()
            .map(|(index, partition)| (partition.bytes.load(Ordering::Relaxed), index));
        let Some((1.., index)) = sizes.max() else {
            return Ok(false);
        };
        let mut content = self.partitions[index].lock();
        let frames = self.take_frames(index, &mut content);
        // Another thread may have written it meanwhile; the caller looks again.
        if let Some(frame) = concatenated(frames)? {
            let path = self
                .folder
                .join(format!("partition-{index}-{}.arrow", content.files.len()));
            let bytes = write_file(&path, frame)?;
            self.bytes_on_disk.fetch_add(bytes, Ordering::Relaxed);
            content.files.push(path);
        }
        Ok(true)
    }

    /// The frames of a partition, no longer counted as in memory.
    fn take_frames(&self, index: usize, content: &mut MutexGuard<'_, Content>) -> Vec<DataFrame> {
        let bytes = self.partitions[index].bytes.swap(0, Ordering::Relaxed);
        self.bytes_in_memory.fetch_sub(bytes, Ordering::Relaxed);
        std::mem::take(&mut content.frames)
    }
}

impl Spill for DiskSpill {
    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn push(&self, partition: usize, frame: DataFrame) -> Result<(), TableError> {
        if frame.height() == 0 {
            return Ok(());
        }
        let frame = without_shared_text(frame)?;
        let bytes = frame.estimated_size();
        {
            let partition = &self.partitions[partition];
            let mut content = partition.lock();
            content.frames.push(frame);
            // Under the lock, so that frames and their size are taken together.
            partition.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.bytes_in_memory.fetch_add(bytes, Ordering::Relaxed);
        }
        while self.over_budget() && self.spill_largest()? {}
        Ok(())
    }

    fn take(&self, partition: usize) -> Result<Vec<DataFrame>, TableError> {
        let (files, frames) = {
            let mut content = self.partitions[partition].lock();
            (
                std::mem::take(&mut content.files),
                self.take_frames(partition, &mut content),
            )
        };
        let mut taken = Vec::with_capacity(files.len() + frames.len());
        for path in &files {
            taken.push(read_file(path)?);
            fs::remove_file(path).map_err(failed(path))?;
        }
        taken.extend(frames);
        Ok(taken)
    }
}

impl Partition {
    /// A thread that panicked left whole frames: nothing is changed by halves under the lock.
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Long texts of a frame that was cut out of a larger one are views into the larger one's buffers.
/// Those would stay in memory, and be counted, once for each partition.
fn without_shared_text(mut frame: DataFrame) -> Result<DataFrame, TableError> {
    let shared: Vec<StringChunked> = frame
        .columns()
        .iter()
        .filter(|column| *column.dtype() == DataType::String)
        .filter_map(|column| column.str().ok())
        .filter(|text| {
            text.downcast_iter()
                .any(|chunk| chunk.total_buffer_len() > 2 * chunk.total_bytes_len())
        })
        .cloned()
        .collect();
    for text in shared {
        let chunks = text.downcast_iter().map(|chunk| chunk.clone().gc());
        let own = StringChunked::from_chunk_iter(text.name().clone(), chunks);
        frame.replace(text.name(), own.into_series().into_column())?;
    }
    Ok(frame)
}

fn concatenated(frames: Vec<DataFrame>) -> Result<Option<DataFrame>, TableError> {
    let mut frames = frames.into_iter();
    let Some(mut all) = frames.next() else { return Ok(None) };
    for frame in frames {
        all.vstack_mut_owned(frame)?;
    }
    Ok(Some(all))
}

fn write_file(path: &Path, mut frame: DataFrame) -> Result<u64, TableError> {
    // For the owner alone, wherever the folder lies: it holds customers' keys.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut writer = BufWriter::new(file.map_err(failed(path))?);
    // One batch a file: hundreds of small frames would come back as hundreds of small frames.
    frame.rechunk_mut();
    IpcStreamWriter::new(&mut writer)
        .with_compression(Some(IpcCompression::LZ4))
        .with_compat_level(CompatLevel::newest())
        .finish(&mut frame)
        .map_err(failed(path))?;
    writer.flush().map_err(failed(path))?;
    writer
        .get_ref()
        .metadata()
        .map(|metadata| metadata.len())
        .map_err(failed(path))
}

fn read_file(path: &Path) -> Result<DataFrame, TableError> {
    let file = File::open(path).map_err(failed(path))?;
    IpcStreamReader::new(BufReader::new(file))
        .finish()
        .map_err(failed(path))
}

/// For `map_err`: where, and what the system said.
fn failed<E: std::fmt::Display>(path: &Path) -> impl FnOnce(E) -> TableError {
    move |error| TableError::Spill {
        path: path.display().to_string(),
        message: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cartera_table::frame;
    use polars::prelude::df;
    use rayon::prelude::*;

    use super::*;

    const LONG: &str = "an order id that is longer than twelve bytes";

    fn part(first: i64, rows: i64) -> DataFrame {
        let numbers: Vec<i64> = (first..first + rows).collect();
        let texts: Vec<Option<String>> = numbers
            .iter()
            .map(|number| (number % 3 != 0).then(|| format!("{LONG} {number}")))
            .collect();
        let mut frame = df!("number" => &numbers, "text" => texts).expect("one height");
        frame
            .with_column(frame::sum_column(
                "amount",
                numbers.iter().map(|&number| i128::from(number) << 70).collect(),
            ))
            .expect("one height");
        let days = polars::prelude::Int32Chunked::from_iter(numbers.iter().map(|&number| Some(number as i32)));
        frame.with_column(frame::date_column("day", days)).expect("one height");
        frame
    }

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).expect("listed").count()
    }

    #[test]
    fn what_fits_stays_in_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().to_owned(), 2, 1 << 20);
        spill.push(0, part(0, 10)).expect("kept");
        spill.push(0, part(10, 10)).expect("kept");
        assert_eq!(files(folder.path()), 0);
        assert_eq!(spill.take(0).expect("taken"), [part(0, 10), part(10, 10)]);
        assert!(spill.take(0).expect("taken").is_empty(), "handed over once");
        assert!(spill.take(1).expect("taken").is_empty());
        assert_eq!(spill.bytes_in_memory.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_largest_partition_goes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let budget = part(0, 1_000).estimated_size() + 2 * part(0, 10).estimated_size();
        let spill = DiskSpill::new(folder.path().to_owned(), 3, budget);
        spill.push(0, part(0, 10)).expect("kept");
        spill.push(1, part(0, 1_000)).expect("kept");
        assert_eq!(files(folder.path()), 0);
        spill.push(2, part(0, 20)).expect("kept");
        let names: Vec<_> = fs::read_dir(folder.path())
            .expect("listed")
            .map(|entry| entry.expect("listed").file_name())
            .collect();
        assert_eq!(names, ["partition-1-0.arrow"]);
        let file = fs::metadata(folder.path().join("partition-1-0.arrow")).expect("there");
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions());
        assert_eq!(mode & 0o777, 0o600);
        assert!(spill.bytes_on_disk() > 0);
    }

    #[test]
    fn frames_come_back_as_they_went_and_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().to_owned(), 1, part(0, 100).estimated_size());
        let mut expected = part(0, 60);
        spill.push(0, part(0, 60)).expect("kept");
        for first in (60..600).step_by(60) {
            spill.push(0, part(first, 60)).expect("kept");
            expected.vstack_mut(&part(first, 60)).expect("one schema");
        }
        assert!(files(folder.path()) > 1);
        let taken = concatenated(spill.take(0).expect("taken"))
            .expect("one schema")
            .expect("there");
        assert_eq!(taken.schema(), expected.schema());
        assert!(taken.equals_missing(&expected));
        assert_eq!(files(folder.path()), 0, "files go when they are taken");
    }

    #[test]
    fn a_budget_of_nothing_keeps_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().to_owned(), 2, 0);
        spill.push(1, part(0, 5)).expect("kept");
        spill.push(1, DataFrame::empty()).expect("nothing to keep");
        assert_eq!(spill.bytes_in_memory.load(Ordering::Relaxed), 0);
        assert_eq!(spill.take(1).expect("taken"), [part(0, 5)]);
    }

    #[test]
    fn threads_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().to_owned(), 8, 4 * part(0, 100).estimated_size());
        (0..200_i64)
            .into_par_iter()
            .for_each(|index| spill.push((index % 8) as usize, part(index * 100, 100)).expect("kept"));
        assert!(spill.bytes_on_disk() > 0);
        let mut seen = BTreeMap::<i64, usize>::new();
        for partition in 0..8 {
            for frame in spill.take(partition).expect("taken") {
                for number in frame::int64(&frame, "number").expect("integers").iter().flatten() {
                    assert_eq!(number / 100 % 8, partition as i64, "a row changed its partition");
                    *seen.entry(number).or_default() += 1;
                }
            }
        }
        assert_eq!(seen.len(), 20_000);
        assert!(seen.values().all(|&times| times == 1));
        assert_eq!(spill.bytes_in_memory.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_cut_does_not_keep_the_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().to_owned(), 1, usize::MAX);
        let whole = part(0, 10_000);
        spill.push(0, whole.slice(5_000, 10)).expect("kept");
        let kept = spill.bytes_in_memory.load(Ordering::Relaxed);
        assert!(
            kept < whole.estimated_size() / 100,
            "{kept} bytes for 10 of 10,000 rows"
        );
        assert!(spill.take(0).expect("taken")[0].equals_missing(&whole.slice(5_000, 10)));
    }

    #[test]
    fn a_disk_that_refuses_is_an_error_with_the_path() {
        let folder = tempfile::tempdir().expect("a folder");
        let spill = DiskSpill::new(folder.path().join("absent"), 1, 0);
        let error = spill.push(0, part(0, 5)).expect_err("no folder").to_string();
        assert!(
            error.starts_with("cannot spill to ") && error.contains("absent/partition-0-0.arrow"),
            "{error}"
        );
    }
}

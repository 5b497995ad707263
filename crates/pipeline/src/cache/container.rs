//! A file of frames that are read one by one, each with its hash, and some facts about them all.
//!
//! ```text
//! frame 0 | frame 1 | .. | contents as JSON | length of the contents, 8 bytes | hash of the contents, 32 bytes
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use polars::prelude::{CompatLevel, DataFrame, IpcCompression, IpcStreamReader, IpcStreamWriter, SerReader, SerWriter};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::PipelineError;

/// Length and hash of the contents, at the end of the file.
const TRAILER_BYTES: u64 = 8 + 32;

/// A file that is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("{} is damaged", path.display())]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, if the system said so.
    #[source]
    pub cause: Option<std::io::Error>,
}

/// An opened file of frames.
#[derive(Debug)]
pub(crate) struct Container {
    path: PathBuf,
    file: File,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Place {
    start: u64,
    bytes: u64,
    hash: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Contents<F> {
    places: Vec<Place>,
    facts: F,
}

impl Container {
    /// Writes a file for the owner alone, visible when it is whole.
    pub(crate) fn write(
        path: &Path,
        frames: impl IntoIterator<Item = Result<Vec<u8>, PipelineError>>,
        facts: &impl Serialize,
    ) -> Result<(), PipelineError> {
        write_private(path, |file| {
            let mut places = Vec::new();
            let mut start = 0;
            for frame in frames {
                let frame = frame.map_err(io::Error::other)?;
                file.write_all(&frame)?;
                let bytes = frame.len() as u64;
                places.push(Place {
                    start,
                    bytes,
                    hash: *blake3::hash(&frame).as_bytes(),
                });
                start += bytes;
            }
            let contents = serde_json::to_vec(&Contents { places, facts })?;
            file.write_all(&contents)?;
            file.write_all(&(contents.len() as u64).to_le_bytes())?;
            file.write_all(blake3::hash(&contents).as_bytes())
        })
    }

    /// Opens a file and reads its contents.
    pub(crate) fn open<F: DeserializeOwned>(path: &Path) -> Result<(Self, F), Damage> {
        let failed = |cause| Damage {
            path: path.to_owned(),
            cause: Some(cause),
        };
        let damaged = || Damage {
            path: path.to_owned(),
            cause: None,
        };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let end = size.checked_sub(TRAILER_BYTES).ok_or_else(damaged)?;
        let mut trailer = [0; TRAILER_BYTES as usize];
        file.read_exact_at(&mut trailer, end).map_err(failed)?;
        let (length, hash) = trailer.split_at(8);
        let length = u64::from_le_bytes(length.try_into().unwrap_or_default());
        let start = end.checked_sub(length).ok_or_else(damaged)?;
        let mut contents = vec![0; usize::try_from(length).map_err(|_| damaged())?];
        file.read_exact_at(&mut contents, start).map_err(failed)?;
        if blake3::hash(&contents).as_bytes() != hash {
            return Err(damaged());
        }
        let Contents { places, facts } = serde_json::from_slice(&contents).map_err(|error| failed(error.into()))?;
        let path = path.to_owned();
        Ok((Self { path, file, places }, facts))
    }

    /// What stands in the place of a frame as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, index: usize) -> Result<T, Damage> {
        let bytes = self.frame(index)?;
        serde_json::from_slice(&bytes).map_err(|error| Damage {
            path: self.path.clone(),
            cause: Some(error.into()),
        })
    }

    /// The bytes of a frame; empty where nothing was written.
    pub(crate) fn frame(&self, index: usize) -> Result<Vec<u8>, Damage> {
        let Some(place) = self.places.get(index).filter(|place| place.bytes > 0) else {
            return Ok(Vec::new());
        };
        let damaged = |cause| Damage {
            path: self.path.clone(),
            cause,
        };
        let mut bytes = vec![0; usize::try_from(place.bytes).map_err(|_| damaged(None))?];
        self.file
            .read_exact_at(&mut bytes, place.start)
            .map_err(|cause| damaged(Some(cause)))?;
        if *blake3::hash(&bytes).as_bytes() != place.hash {
            return Err(damaged(None));
        }
        Ok(bytes)
    }
}

/// A frame as bytes; none for a frame without rows.
pub(crate) fn frame_bytes(frame: &DataFrame) -> Result<Vec<u8>, PipelineError> {
    bytes_of(frame, None)
}

/// The same, compressed: for what is large and seldom read.
pub(crate) fn packed_bytes(frame: &DataFrame) -> Result<Vec<u8>, PipelineError> {
    bytes_of(frame, Some(IpcCompression::LZ4))
}

fn bytes_of(frame: &DataFrame, compression: Option<IpcCompression>) -> Result<Vec<u8>, PipelineError> {
    let mut bytes = Vec::new();
    if frame.height() > 0 {
        let mut frame = frame.clone();
        frame.rechunk_mut();
        IpcStreamWriter::new(&mut bytes)
            .with_compression(compression)
            .with_compat_level(CompatLevel::newest())
            .finish(&mut frame)
            .map_err(cartera_table::TableError::from)?;
    }
    Ok(bytes)
}

/// The frame of such bytes.
pub(crate) fn frame_of(bytes: &[u8]) -> Result<Option<DataFrame>, PipelineError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let frame = IpcStreamReader::new(std::io::Cursor::new(bytes))
        .finish()
        .map_err(cartera_table::TableError::from)?;
    Ok(Some(frame))
}

/// Writes a file that only its owner may read, under another name until it is whole.
pub(super) fn write_private(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), PipelineError> {
    let unfinished = path.with_extension(format!("unfinished-{}", std::process::id()));
    let whole = || {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        let mut file = BufWriter::with_capacity(1 << 20, file);
        write(&mut file)?;
        file.flush()?;
        fs::rename(&unfinished, path)
    };
    whole().map_err(|cause| PipelineError::Write {
        path: path.to_owned(),
        cause,
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    fn written(folder: &Path) -> PathBuf {
        let path = folder.join("some.lines");
        let frame = df!("number" => [1i64, 2, 3], "text" => ["a", "b", "a longer text than twelve"]).expect("a frame");
        let frames = [frame_bytes(&frame), Ok(Vec::new())];
        Container::write(&path, frames, &"facts".to_owned()).expect("written");
        path
    }

    #[test]
    fn frames_come_back_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let (container, facts) = Container::open::<String>(&written(folder.path())).expect("whole");
        assert_eq!(facts, "facts");
        let frame = frame_of(&container.frame(0).expect("whole"))
            .expect("read")
            .expect("there");
        assert_eq!((frame.height(), frame.width()), (3, 2));
        assert!(frame_of(&container.frame(1).expect("whole")).expect("read").is_none());
        assert!(container.frame(2).expect("nothing there").is_empty());
    }

    #[test]
    fn any_changed_byte_and_any_cut_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = written(folder.path());
        let whole = fs::read(&path).expect("read");
        let is_sound = || {
            Container::open::<String>(&path)
                .is_ok_and(|(container, _)| (0..2).all(|index| container.frame(index).is_ok()))
        };
        assert!(is_sound());
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x10;
            fs::write(&path, &damaged).expect("written");
            assert!(!is_sound(), "byte {place} is changed and nobody notices");
        }
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).expect("written");
            assert!(!is_sound(), "cut at {length} and nobody notices");
        }
    }

    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let mode = fs::metadata(written(folder.path()))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

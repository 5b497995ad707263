//! Documents about cartera itself, written where a person wants them.

use std::fs;
use std::path::Path;

use crate::error::PipelineError;

/// Writes documents into a folder, in place of those that are there; the folder is made where it is missing.
///
/// # Errors
/// When the disk refuses.
pub fn write_documents(folder: &Path, documents: &[(String, Vec<u8>)]) -> Result<(), PipelineError> {
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |cause| PipelineError::Write { path, cause }
    };
    fs::create_dir_all(folder).map_err(refused(folder))?;
    for (name, content) in documents {
        let path = folder.join(name);
        fs::write(&path, content).map_err(refused(&path))?;
    }
    Ok(())
}

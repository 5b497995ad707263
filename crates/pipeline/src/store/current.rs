//! The symlink `current`, for tools that read the newest run by one fixed path.
//!
//! It is derived: cartera itself asks the runs folder, so a stale link misleads nobody inside, and
//! the next holder of the lock repairs it.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::durable::{remove_any, sync_folder};
use super::error::StoreError;
use super::run_ref::RunRef;

const CURRENT: &str = "current";

/// Points `current` to the run, or removes it when there is none. Says whether it had to change.
pub(crate) fn point_to(root: &Path, staging: &Path, run: Option<RunRef>) -> Result<bool, StoreError> {
    let link = root.join(CURRENT);
    let wanted: Option<PathBuf> = run.map(RunRef::folder);
    let found = match fs::read_link(&link) {
        Ok(target) => Some(target),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(StoreError::io("read the symlink", &link)(error)),
    };
    if found == wanted {
        return Ok(false);
    }
    match wanted {
        // A rename replaces the old link in one step: there is a valid link at every moment.
        Some(target) => {
            let fresh = staging.join(CURRENT);
            remove_any(&fresh)?;
            symlink(target, &fresh).map_err(StoreError::io("create the symlink", &fresh))?;
            fs::rename(&fresh, &link).map_err(StoreError::io("replace the symlink", &link))?;
        }
        None => fs::remove_file(&link).map_err(StoreError::io("remove the symlink", &link))?,
    }
    sync_folder(root)?;
    Ok(true)
}

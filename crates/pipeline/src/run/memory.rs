//! How much memory a run may take, and how much it took.

use std::fs;

use rustix::process::{Resource, getrlimit};

/// Bytes that the frames of parts of orders may take before they go to disk, of what a run may take in all.
///
/// The rest is for blocks of raw files on their way, for one partition a thread, and for customers.
pub(super) fn spill_budget_bytes(memory_bytes: u64) -> usize {
    usize::try_from(memory_bytes / 3).unwrap_or(usize::MAX)
}

/// Half of what the control group, the process's own limit or the machine allows, whichever is least.
#[must_use]
pub fn default_memory_bytes() -> u64 {
    let limits = [control_group_limit(), process_limit(), machine_memory()];
    let limit = limits.into_iter().flatten().min();
    limit.map_or(FALLBACK_BYTES, |bytes| bytes / 2)
}

/// Where the system tells nothing.
const FALLBACK_BYTES: u64 = 2 << 30;

fn control_group_limit() -> Option<u64> {
    [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ]
    .iter()
    .filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok())
    .next()
}

/// What `ulimit -v` allows.
fn process_limit() -> Option<u64> {
    getrlimit(Resource::As).current
}

fn machine_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kibibytes: u64 = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?
        .trim()
        .strip_suffix(" kB")?
        .parse()
        .ok()?;
    Some(kibibytes * 1024)
}

/// The most memory that the process has held so far.
pub(super) fn peak_memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes: u64 = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .trim()
        .strip_suffix(" kB")?
        .parse()
        .ok()?;
    Some(kibibytes * 1024)
}

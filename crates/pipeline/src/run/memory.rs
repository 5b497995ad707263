//! How much memory a run may take, and how much it took.

use std::fs;
use std::path::Path;

use rustix::process::{Resource, getrlimit};

/// Bytes that waiting tags of lines may take before they go to disk, of what a run may take in all.
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

/// The least limit of the process's control group and of those above it.
fn control_group_limit() -> Option<u64> {
    const ROOT: &str = "/sys/fs/cgroup";
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let own = groups.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/");
    let unified = Path::new(own).ancestors().map(|group| {
        let group = group.strip_prefix("/").unwrap_or(group);
        Path::new(ROOT).join(group).join("memory.max")
    });
    let legacy = Path::new(ROOT).join("memory/memory.limit_in_bytes");
    unified
        .chain([legacy])
        .filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok())
        .min()
}

/// What `ulimit -v` allows.
fn process_limit() -> Option<u64> {
    getrlimit(Resource::As).current
}

fn machine_memory() -> Option<u64> {
    kibibytes("/proc/meminfo", "MemTotal:")
}

/// The most memory that the process has held so far.
pub(super) fn peak_memory_bytes() -> Option<u64> {
    kibibytes("/proc/self/status", "VmHWM:")
}

/// A line `Label:  123 kB` of a file of the system, in bytes.
fn kibibytes(path: &str, label: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let number = text
        .lines()
        .find_map(|line| line.strip_prefix(label))?
        .trim()
        .strip_suffix(" kB")?;
    Some(number.parse::<u64>().ok()? * 1024)
}

//! What this machine is, how busy it is, and what a process takes of it.

use std::fs;
use std::path::Path;

/// Facts without which no figure means anything.
pub(crate) fn facts(root: &Path) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("unknown").to_owned();
    let busy = load.parse::<f64>().is_ok_and(|load| load > 0.5);
    let state = if busy { "busy: others were working" } else { "quiet" };
    let build = if cfg!(debug_assertions) { "dev (smoke only)" } else { "bench" };
    vec![
        ("cores", cores.to_string()),
        ("processor", field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned())),
        ("load before", format!("{load} ({state})")),
        ("file system", file_system(root).unwrap_or_else(|| "unknown".to_owned())),
        ("build", build.to_owned()),
        ("SQLite", rusqlite::version().to_owned()),
    ]
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The type of the file system that a folder is on. In memory a flush costs nothing, and no figure
/// that names durability means anything.
pub(crate) fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    let above = mounts.filter(|(at, _)| folder.starts_with(at));
    above.max_by_key(|(at, _)| at.len()).map(|(_, kind)| kind)
}

/// Processor time of a process so far, in ms; 0 where the system does not say.
pub(crate) fn cpu_ms(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold spaces; what follows it does not.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = |n: usize| rest.split_whitespace().nth(n).and_then(|t| t.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) * 10.0
}

/// Memory of a process in MB: what it holds now, and the most it ever held.
pub(crate) fn memory_mb(pid: u32) -> (f64, f64) {
    let of = |name| {
        let text = field(&format!("/proc/{pid}/status"), name).unwrap_or_default();
        text.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    };
    (of("VmRSS"), of("VmHWM"))
}

/// The middle of some times.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

/// The value below which a share of all lie.
pub(crate) fn quantile(mut times: Vec<f64>, share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = (times.len() as f64 * share).ceil() as usize;
    times.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// The least of some times: the run that was disturbed least.
pub(crate) fn best(times: &[f64]) -> f64 {
    times.iter().copied().reduce(f64::min).unwrap_or(0.0)
}

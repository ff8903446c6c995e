//! How things are measured: the processor time of this thread, and instructions as callgrind counts them.

use std::path::Path;
use std::process::Command;

use rustix::time::{ClockId, clock_gettime};

/// The processor time of this thread so far, in nanoseconds.
pub fn thread_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// The nanoseconds of this thread that `work` takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> u64 {
    let before = thread_time();
    let made = work();
    let spent = thread_time() - before;
    drop(std::hint::black_box(made));
    spent.max(1)
}

/// The middle of some numbers.
pub fn median(mut numbers: Vec<u64>) -> u64 {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or(0)
}

/// Runs this program again under callgrind with these arguments, counting only inside the function whose name has
/// this word in it; the instructions that it counted.
pub fn instructions(function: &str, arguments: &[&str]) -> Result<u64, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let keep = std::env::var_os("CHATFLOW_CALLGRIND_OUT");
    let out = keep.as_deref().map_or(Path::new("/dev/null"), Path::new);
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", &format!("--toggle-collect=*{function}*")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(this)
        .args(arguments)
        .output()
        .map_err(|error| format!("valgrind cannot be run ({error}); install it to count instructions"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("the measured run failed:\n{said}"));
    }
    let line = said
        .lines()
        .find_map(|line| line.split_once("Collected :").map(|(_, count)| count.trim().to_owned()));
    let count = line
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| format!("callgrind counted nothing:\n{said}"))?;
    if count == 0 {
        return Err(format!("callgrind never saw the function `{function}`"));
    }
    Ok(count)
}

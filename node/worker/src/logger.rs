//! The log: one line for each event, on standard error.

use std::{
    fmt,
    io::{self, Write},
    time::{SystemTime, UNIX_EPOCH},
};

use log::{Level, LevelFilter, Log, Metadata, Record};

struct Lines;

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Of libraries only what is wrong.
        let ours = !metadata.target().contains("::") && !metadata.target().starts_with("jsonrpsee");
        ours || metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            let (time, level) = (time(seconds), record.level());
            write(&mut io::stderr(), format_args!("{time} {level:5} {}: {}", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

/// Writes a line. What cannot be written, as on a full disk, is lost: `eprintln!` panics then, and with it ends the task
/// that had something to say.
fn write(to: &mut impl Write, line: fmt::Arguments<'_>) {
    let _lost = writeln!(to, "{line}");
}

/// Writes events of `level` and above from now on.
pub fn start(level: LevelFilter) {
    if log::set_logger(&Lines).is_ok() {
        log::set_max_level(level);
    }
}

/// Seconds since 1970 as `2026-01-31 23:59:59`, in UTC. The date is by Howard Hinnant's `civil_from_days`.
fn time(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days.saturating_add(719_468);
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn a_log_that_takes_nothing_ends_nobody() {
        write(&mut Full, format_args!("{}", 1));
        let mut taken = Vec::new();
        write(&mut taken, format_args!("{}", 2));
        assert_eq!(taken, b"2\n");
    }

    #[test]
    fn dates_are_right() {
        assert_eq!(time(0), "1970-01-01 00:00:00");
        assert_eq!(time(951_826_154), "2000-02-29 12:09:14");
        assert_eq!(time(1_767_225_599), "2025-12-31 23:59:59");
        assert_eq!(time(1_767_225_600), "2026-01-01 00:00:00");
    }
}

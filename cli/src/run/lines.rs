//! Where the lines of a chat come from, and what time it is meanwhile.
//!
//! A script is read as it goes, and its clock stands still. A person's lines are read on a thread of their own, so that
//! a deadline can pass while the prompt waits.

use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use chatflow_runtime::Timestamp;

/// The lines of a chat.
pub enum Lines<'i> {
    /// A script.
    Script(&'i mut dyn BufRead),
    /// Somebody types them.
    Person(Typed),
}

/// What somebody types, and the clock that goes on meanwhile.
pub struct Typed {
    lines: Receiver<io::Result<Vec<u8>>>,
    began: Instant,
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub enum Came {
    /// A line.
    Line(Vec<u8>),
    /// The input is over.
    End,
    /// Nothing until the time that was given.
    Nothing,
}

impl Lines<'_> {
    /// Lines that somebody types, from now on.
    pub fn typed(mut input: impl BufRead + Send + 'static) -> Lines<'static> {
        let (sender, lines) = channel();
        // It ends with the input, or with the process: a line that is being typed cannot be called back.
        thread::spawn(move || {
            loop {
                let mut line = Vec::new();
                let read = input.read_until(b'\n', &mut line);
                let last = !matches!(read, Ok(1..));
                let sent = match read {
                    Ok(0) => break,
                    Ok(_) => sender.send(Ok(line)),
                    Err(error) => sender.send(Err(error)),
                };
                if last || sent.is_err() {
                    break;
                }
            }
        });
        Lines::Person(Typed { lines, began: Instant::now() })
    }

    /// Whether somebody types them right now.
    pub fn by_person(&self) -> bool {
        matches!(self, Lines::Person(_))
    }

    /// The next line; where somebody types, it is waited for so many milliseconds at most.
    ///
    /// # Errors
    /// If the input cannot be read.
    pub fn next(&mut self, at_most: Option<i64>) -> io::Result<Came> {
        match self {
            Lines::Script(input) => {
                let mut line = Vec::new();
                let read = input.read_until(b'\n', &mut line)?;
                Ok(if read == 0 { Came::End } else { Came::Line(line) })
            }
            Lines::Person(typed) => typed.next(at_most),
        }
    }

    /// The time now of a chat that began at a time: a script's does not move by itself.
    pub fn time(&self, begin: Timestamp) -> Timestamp {
        match self {
            Lines::Script(_) => begin,
            Lines::Person(typed) => {
                begin.after(i64::try_from(typed.began.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl Typed {
    fn next(&self, at_most: Option<i64>) -> io::Result<Came> {
        let came = match at_most {
            None => self.lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(milliseconds) => {
                let milliseconds = u64::try_from(milliseconds).unwrap_or(0);
                self.lines.recv_timeout(Duration::from_millis(milliseconds))
            }
        };
        match came {
            Ok(line) => line.map(Came::Line),
            Err(RecvTimeoutError::Timeout) => Ok(Came::Nothing),
            Err(RecvTimeoutError::Disconnected) => Ok(Came::End),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input where nothing comes until the test is over.
    struct Silent(Receiver<()>);

    impl io::Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(0)
        }
    }

    #[test]
    fn a_person_is_waited_for_only_so_long() {
        let (end, silent) = channel();
        let mut lines = Lines::typed(io::BufReader::new(Silent(silent)));
        assert_eq!(lines.next(Some(5)).unwrap(), Came::Nothing);
        assert!(lines.time(Timestamp(1000)) >= Timestamp(1005));
        drop(end);
        assert_eq!(lines.next(None).unwrap(), Came::End);
    }

    #[test]
    fn lines_come_as_they_are_typed() {
        let mut lines = Lines::typed(&b"one\ntwo"[..]);
        assert_eq!(lines.next(None).unwrap(), Came::Line(b"one\n".to_vec()));
        assert_eq!(lines.next(Some(10_000)).unwrap(), Came::Line(b"two".to_vec()));
        assert_eq!(lines.next(None).unwrap(), Came::End);
    }

    #[test]
    fn the_clock_of_a_script_stands_still() {
        let mut input = &b"one\n"[..];
        let mut lines = Lines::Script(&mut input);
        assert_eq!(lines.next(Some(0)).unwrap(), Came::Line(b"one\n".to_vec()));
        assert_eq!(lines.time(Timestamp(7)), Timestamp(7));
    }
}

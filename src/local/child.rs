//! A process of our own with all that it starts: its lines are read, and it is asked to end before it is ended.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Lines longer than this are cut, so that a service that writes no line ends fills no memory.
const LONGEST: u64 = 64 * 1024;

/// A process in a group of its own.
pub(super) struct Process {
    child: Child,
}

impl Process {
    /// Starts a command; `line` is called with each line that it writes, from threads of its own.
    pub(super) fn start(command: &mut Command, line: impl Fn(String) + Clone + Send + 'static) -> io::Result<Process> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = command.spawn()?;
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        for stream in streams.into_iter().flatten() {
            let line = line.clone();
            thread::spawn(move || read_lines(stream, &line));
        }
        Ok(Process { child })
    }

    /// How it ended, where it has.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Its number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end.
    pub(super) fn ask(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::Ask);
        }
    }

    /// Waits until it has ended; ends it, and what it started, when the deadline comes first.
    pub(super) fn wait(&mut self, deadline: Instant) {
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        self.signal(Signal::End);
        let _ = self.child.wait();
    }

    #[cfg(unix)]
    fn signal(&mut self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        let signal = match signal {
            Signal::Ask => rustix::process::Signal::TERM,
            Signal::End => rustix::process::Signal::KILL,
        };
        if let Some(group) = group {
            // Nothing is left of a group that has ended, which is what is wanted.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _: Signal) {
        let _ = self.child.kill();
    }
}

enum Signal {
    Ask,
    End,
}

fn read_lines(stream: impl Read, line: &dyn Fn(String)) {
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match reader.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => line(String::from_utf8_lossy(&bytes).trim_end().to_owned()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn start(script: &str) -> (Process, mpsc::Receiver<String>) {
        let (sender, lines) = mpsc::channel();
        let command = &mut Command::new("sh");
        (Process::start(command.args(["-c", script]), move |line| drop(sender.send(line))).unwrap(), lines)
    }

    #[test]
    fn lines_of_both_streams_are_read() {
        let (mut process, lines) = start("echo one; echo two >&2");
        process.wait(Instant::now() + Duration::from_secs(10));
        let mut found: Vec<String> = lines.iter().collect();
        found.sort();
        assert_eq!(found, ["one", "two"]);
    }

    #[test]
    fn what_does_not_end_when_asked_is_ended_with_all_that_it_started() {
        let (mut process, lines) = start("trap '' TERM; sleep 600 & echo $!; wait; sleep 600");
        let inner: i32 = lines.recv().unwrap().parse().unwrap();
        process.ask();
        process.wait(Instant::now() + Duration::from_millis(200));
        assert!(process.ended().is_some());
        let inner = rustix::process::Pid::from_raw(inner).unwrap();
        let gone = || rustix::process::test_kill_process(inner).is_err();
        let deadline = Instant::now() + Duration::from_secs(5);
        // Someone else has to collect it, as it is no child of ours.
        while !gone() && Instant::now() < deadline {
            let state = std::fs::read_to_string(format!("/proc/{}/stat", inner.as_raw_nonzero())).unwrap_or_default();
            if state.contains(") Z ") {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        assert!(gone());
    }
}

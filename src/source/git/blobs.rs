//! The content of objects, from one process of git that is asked again and again.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::super::parse::MAX_FILE_BYTES;
use super::revision::git;

/// A running `git cat-file --batch`: an object id in, the object out.
#[derive(Debug)]
pub(super) struct BlobReader {
    child: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

pub(super) enum Blob {
    Bytes(Vec<u8>),
    Missing,
    TooLarge(u64),
}

impl BlobReader {
    pub(super) fn start(root: &Path) -> io::Result<Self> {
        let mut command = git(root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(ask), Some(answer)) => Ok(BlobReader { child, ask, answer: BufReader::new(answer) }),
            _ => Err(io::Error::other("git gave no pipes")),
        }
    }

    pub(super) fn read(&mut self, id: &str) -> io::Result<Blob> {
        writeln!(self.ask, "{id}")?;
        self.ask.flush()?;
        let mut header = String::new();
        self.answer.read_line(&mut header)?;
        // "<id> <type> <size>", or "<id> missing".
        let mut words = header.split_ascii_whitespace().skip(1);
        let size = match (words.next(), words.next().map(str::parse::<u64>)) {
            (Some("missing"), _) => return Ok(Blob::Missing),
            (Some(_), Some(Ok(size))) => size,
            _ => return Err(io::Error::other("git ended early")),
        };
        if size > MAX_FILE_BYTES as u64 {
            return Ok(Blob::TooLarge(size));
        }
        let mut bytes = vec![0; size as usize];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(Blob::Bytes(bytes))
    }
}

impl Drop for BlobReader {
    fn drop(&mut self) {
        // It may still be writing a blob that nobody wants. That it is gone already is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

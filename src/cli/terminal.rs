//! Where results go: standard output for what was asked for, standard error for what was said about it.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::report::{Style, printable_lines};

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two streams of a run.
pub(crate) struct Terminal {
    out: BufWriter<Outlet<Stdout>>,
    color: Color,
}

impl Terminal {
    pub(crate) fn new(color: Color) -> Self {
        Terminal { out: BufWriter::new(Outlet(Some(io::stdout()))), color }
    }

    /// How the human report is set: colour only on a terminal, its width, and no signs outside ASCII where the locale has
    /// none.
    pub(crate) fn style(&self) -> Style {
        let is_terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !set("NO_COLOR") && std::env::var("TERM").as_deref() != Ok("dumb"),
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        Style { color, width: columns.filter(|_| is_terminal).unwrap_or(120), unicode: true }
    }

    /// Whether anybody still reads standard output.
    pub(crate) fn is_heard(&self) -> bool {
        self.out.get_ref().0.is_some()
    }

    /// Text of files on standard output: as it is, but where a terminal would obey what stands in it.
    pub(crate) fn show(&mut self, text: &str) -> io::Result<()> {
        match io::stdout().is_terminal() {
            true => self.write_all(printable_lines(text).as_bytes()),
            false => self.write_all(text.as_bytes()),
        }
    }

    /// A line about the run, for people: on standard error.
    pub(crate) fn say(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        self.out.flush()?;
        writeln!(Outlet(Some(io::stderr())), "{}", printable_lines(&text.to_string()))
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A stream whose reader may go away (`agentspec … | head`): what is said from then on is for nobody, and the run goes on to
/// its end, with the files that it writes and with its own exit code.
struct Outlet<W>(Option<W>);

impl<W: Write> Outlet<W> {
    fn unless_gone<T>(&mut self, gone: T, act: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        let Some(stream) = &mut self.0 else { return Ok(gone) };
        match act(stream) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(gone)
            }
            outcome => outcome,
        }
    }
}

impl<W: Write> Write for Outlet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_gone(bytes.len(), |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_gone((), Write::flush)
    }
}

/// So many of something, as a person says it: `1 file`, `2 files`.
pub(crate) fn amount(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

//! Services that run together: started, watched until they are ready, and stopped together.

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::generate::Step;

use super::child::Process;
use super::{Job, probe};

/// How often services are looked at.
const TICK: Duration = Duration::from_millis(50);
/// How long a service may take until it is ready: imports alone take seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// How long services get to end what they are doing.
const GRACE: Duration = Duration::from_secs(10);

/// What happens to services.
#[derive(Debug)]
pub enum Event {
    /// A service wrote a line.
    Line {
        /// Index of the service.
        service: usize,
        /// The line without its end.
        text: String,
    },
    /// A service is ready.
    Ready {
        /// Index of the service.
        service: usize,
        /// The number of its process.
        process: u32,
        /// How long it took.
        after: Duration,
    },
    /// A service ended, which it should not.
    Ended {
        /// Index of the service.
        service: usize,
        /// How, in words.
        how: String,
    },
    /// A service is not ready in time.
    Late {
        /// Index of the service.
        service: usize,
    },
    /// A service cannot be started.
    Failed {
        /// Why, in words.
        how: String,
    },
    /// The run is to end.
    Stop,
}

/// Services that run; they are stopped when this is dropped.
pub struct Fleet {
    jobs: Vec<Job>,
    running: Vec<Running>,
    events: Receiver<Event>,
    sender: Sender<Event>,
}

/// A service of a run.
struct Running {
    /// Nothing while it waits for those that it is started after.
    process: Option<Process>,
    started: Instant,
    ready: bool,
}

impl Running {
    /// How it ended, where it has.
    fn ended(&mut self) -> Option<ExitStatus> {
        self.process.as_mut()?.ended()
    }
}

impl Fleet {
    /// Nothing runs yet; what stops it can be put in place.
    pub fn new() -> Fleet {
        let (sender, events) = channel();
        Fleet { jobs: Vec::new(), running: Vec::new(), events, sender }
    }

    /// Starts services, those that wait for others once these are ready; each is asked whether it is ready by a thread of
    /// its own.
    ///
    /// # Errors
    /// When a command cannot be started.
    pub fn start(&mut self, jobs: &[Job]) -> io::Result<()> {
        self.jobs = jobs.to_vec();
        let waiting = || Running { process: None, started: Instant::now(), ready: false };
        self.running = jobs.iter().map(|_| waiting()).collect();
        self.start_next()
    }

    /// Starts what waits for nothing more.
    fn start_next(&mut self) -> io::Result<()> {
        for service in 0..self.jobs.len() {
            let job = &self.jobs[service];
            let ready = |name: &String| {
                let mut known = self.jobs.iter().zip(&self.running).filter(|(job, _)| job.name == *name);
                known.all(|(_, running)| running.ready)
            };
            if self.running[service].process.is_some() || !job.after.iter().all(ready) {
                continue;
            }
            let line = self.sender.clone();
            let mut command = command(&job.folder, &job.launch.start);
            command.envs(job.variables.iter().cloned());
            let process = Process::start(&mut command, move |text| drop(line.send(Event::Line { service, text })))
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", job.launch.start.shown())))?;
            let (ready, port, started) = (self.sender.clone(), job.port, Instant::now());
            let id = process.id();
            thread::spawn(move || watch(service, port, id, started, &ready));
            self.running[service] = Running { process: Some(process), started, ready: false };
        }
        Ok(())
    }

    /// What ends the run when it is called, from any thread.
    pub fn stopper(&self) -> impl Fn() + Send + Sync + 'static {
        let sender = self.sender.clone();
        move || drop(sender.send(Event::Stop))
    }

    /// The next event; waits for it.
    pub fn next_event(&mut self) -> Event {
        loop {
            let event = match self.events.recv_timeout(TICK) {
                Ok(event) => event,
                Err(RecvTimeoutError::Disconnected) => return Event::Stop,
                Err(RecvTimeoutError::Timeout) => match self.ended() {
                    Some(event) => event,
                    None => continue,
                },
            };
            match &event {
                Event::Ready { service, .. } => {
                    self.running[*service].ready = true;
                    if let Err(error) = self.start_next() {
                        let _ = self.sender.send(Event::Failed { how: error.to_string() });
                    }
                }
                // A service that has ended is told as such, not as late.
                Event::Late { service } if self.running[*service].ended().is_some() => continue,
                _ => {}
            }
            return event;
        }
    }

    /// Whether every service is ready.
    pub fn is_ready(&self) -> bool {
        self.running.iter().all(|running| running.ready)
    }

    /// Asks all services to end, and waits for them; gives what they wrote until then.
    pub fn stop(&mut self) -> Vec<Event> {
        let mut processes: Vec<Process> = self.running.drain(..).filter_map(|running| running.process).collect();
        processes.iter_mut().for_each(Process::ask);
        let deadline = Instant::now() + GRACE;
        processes.iter_mut().for_each(|process| process.wait(deadline));
        self.events.try_iter().filter(|event| matches!(event, Event::Line { .. })).collect()
    }

    fn ended(&mut self) -> Option<Event> {
        self.running.iter_mut().enumerate().find_map(|(service, running)| {
            let status = running.ended()?;
            let how = format!("{} after {:.1} s", words(status), running.started.elapsed().as_secs_f32());
            Some(Event::Ended { service, how })
        })
    }
}

impl Default for Fleet {
    fn default() -> Fleet {
        Fleet::new()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        drop(self.stop());
    }
}

fn watch(service: usize, port: u16, process: u32, started: Instant, events: &Sender<Event>) {
    while started.elapsed() < PATIENCE {
        if probe::is_ready(port) {
            let _ = events.send(Event::Ready { service, process, after: started.elapsed() });
            return;
        }
        thread::sleep(TICK);
    }
    let _ = events.send(Event::Late { service });
}

fn words(status: ExitStatus) -> String {
    status.code().map_or_else(|| "was ended by a signal".to_owned(), |code| format!("ended with code {code}"))
}

fn command(folder: &Path, step: &Step) -> Command {
    // A path is one from the service's folder; a plain name is looked for in PATH.
    let program = if step.program.contains('/') { folder.join(&step.program) } else { step.program.clone().into() };
    let mut command = Command::new(program);
    command.args(&step.arguments).current_dir(folder).envs(step.variables.iter().cloned());
    command
}

/// Runs one command of a service to its end, on the streams of this process.
///
/// # Errors
/// When it cannot be started.
pub fn run_step(job: &Job, step: &Step) -> io::Result<bool> {
    let status = command(&job.folder, step).status();
    let status = status.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", step.shown())))?;
    Ok(status.success())
}

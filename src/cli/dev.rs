//! `agentspec dev`.

use std::io::Write;

use anyhow::Context;
use serde_json::json;

use super::Exit;
use super::options::{Global, known_service, nothing};
use super::terminal::Terminal;
use crate::generate;
use crate::local::{self, Event, Fleet, Job, Secrets};
use crate::model::{Broker, Platform};

/// Start the generated services on this machine, with free ports and databases of their own, until Ctrl-C.
///
/// Each service gets PORT, DATABASE_URL (SQLite below .agentspec/dev), JWT_SECRET, BROKER_URL and the addresses of the
/// services that it calls. JWT_SECRET, BROKER_URL and CACHE_URL of the environment are passed on. Where no broker is named, and
/// services speak with RabbitMQ, events go over a broker that this command keeps in memory. Where the service that is asked
/// about tokens is not started, and the environment does not name its address, tokens are checked by signature and expiry alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this service; a gateway with those that it passes requests on to.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The port of the first service; the others take those behind it [default: free ones].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Install the packages of each service first, with its language's own tool (uses the network).
    #[arg(long)]
    install: bool,
    /// One line of JSON for each service that is ready; what services write goes to standard error.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let only = known_service(&workspace, args.service.as_deref())?;
    // Whether a service issues tokens, or asks another about them, is told by schemas.
    let workspace = workspace.lower_schemas();
    let broker = broker(&workspace.platform, only)?;
    let started = with_those_behind(&workspace.platform, only);
    let (jobs, secrets) = local::prepare(&global.root()?, &workspace.platform, &started, args.port, broker.as_ref())?;
    if jobs.is_empty() {
        terminal.say("nothing to start: no service has a contract and a language that code is generated for")?;
        return Ok(Exit::Nothing);
    }
    super::test::install(&jobs, args.install, terminal)?;
    build(&jobs, terminal)?;
    // Services are in process groups of their own: a signal that ended this process alone would leave them behind.
    let mut fleet = Fleet::new();
    ctrlc::set_handler(fleet.stopper()).context("signals cannot be handled")?;
    fleet.start(&jobs)?;
    let events = match broker {
        Some(broker) => Some(format!("Events go over a broker in memory, as long as this runs: {}", broker.url())),
        None if is_lonely(&workspace.platform, only) => {
            Some("Events stay inside each service; BROKER_URL=kafka://… in the environment connects them.".to_owned())
        }
        None => None,
    };
    let mut session = Session { jobs: &jobs, secrets: &secrets, json: args.json, events, ready: Vec::new() };
    session.follow(fleet, terminal)
}

/// The services that are to be started, all where none is named: a gateway comes with those that it passes requests on to.
fn with_those_behind<'a>(platform: &'a Platform, only: Option<&'a str>) -> Vec<&'a str> {
    let gateway = only.and_then(|name| platform.service(name));
    let behind = gateway.map(|service| generate::behind(platform, service)).unwrap_or_default();
    only.into_iter().chain(behind).collect()
}

/// Whether services have events for each other, and the environment names no broker.
fn is_lonely(platform: &Platform, only: Option<&str>) -> bool {
    let named = std::env::var_os("BROKER_URL").is_some();
    !named && only.is_none() && platform.services.iter().any(|service| !service.consumes.is_empty())
}

/// A broker for this run, where services need one that speaks as RabbitMQ does.
fn broker(platform: &Platform, only: Option<&str>) -> anyhow::Result<Option<local::Broker>> {
    match platform.technology.broker {
        Broker::Rabbitmq | Broker::Other if is_lonely(platform, only) => {
            Ok(Some(local::Broker::start().context("no broker can be started on this machine")?))
        }
        _ => Ok(None),
    }
}

/// Makes what is started, where a language wants that.
fn build(jobs: &[Job], terminal: &mut Terminal) -> anyhow::Result<()> {
    for job in jobs {
        for step in &job.launch.build {
            terminal.say(format_args!("{}: {}", job.name, step.shown()))?;
            if !local::run_step(job, step)? {
                anyhow::bail!("{}: `{}` failed", job.name, step.shown());
            }
        }
    }
    Ok(())
}

/// What is told of the services.
struct Session<'a> {
    jobs: &'a [Job],
    secrets: &'a Secrets,
    json: bool,
    /// What becomes of events, in words.
    events: Option<String>,
    /// Index of each service that is ready, and the seconds that it took.
    ready: Vec<(usize, f32)>,
}

impl Session<'_> {
    fn follow(&mut self, mut fleet: Fleet, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        loop {
            let event = fleet.next_event();
            // For nobody nothing is kept running.
            if !terminal.is_heard() {
                return self.end(fleet, None, terminal);
            }
            match event {
                Event::Line { service, text } => self.line(service, &text, terminal)?,
                Event::Ready { service, process, after } => {
                    self.ready.push((service, after.as_secs_f32()));
                    if self.json {
                        self.ready_line(service, process, terminal)?;
                    } else if fleet.is_ready() {
                        self.table(terminal)?;
                    }
                    terminal.flush()?;
                }
                Event::Ended { service, how } => {
                    return self.end(fleet, Some(format!("{} {how}", self.jobs[service].name)), terminal);
                }
                Event::Late { service } => {
                    let name = &self.jobs[service].name;
                    let why = format!("{name} does not answer /ready with 200; what it wrote stands above");
                    return self.end(fleet, Some(why), terminal);
                }
                Event::Failed { how } => return self.end(fleet, Some(how), terminal),
                Event::Stop => return self.end(fleet, None, terminal),
            }
        }
    }

    fn line(&self, service: usize, text: &str, terminal: &mut Terminal) -> anyhow::Result<()> {
        let width = self.jobs.iter().map(|job| job.name.len()).max().unwrap_or_default();
        let name = &self.jobs[service].name;
        // The six colours of a terminal that are neither black nor white.
        let paint = |text: String| match terminal.style().color && !self.json {
            true => format!("\x1b[{}m{text}\x1b[0m", 31 + service % 6),
            false => text,
        };
        let line = format!("{} {text}", paint(format!("{name:width$} |")));
        if self.json {
            terminal.say(line)?;
        } else {
            writeln!(terminal, "{line}")?;
            terminal.flush()?;
        }
        Ok(())
    }

    fn ready_line(&self, service: usize, process: u32, terminal: &mut Terminal) -> anyhow::Result<()> {
        let job = &self.jobs[service];
        let mut line = json!({
            "service": job.name,
            "url": job.url(),
            "token": self.secrets.token,
            "process": process,
        });
        if job.variables.iter().any(|(name, _)| name == "API_KEY") {
            line["apiKey"] = json!(self.secrets.key);
        }
        writeln!(terminal, "{line}")?;
        Ok(())
    }

    /// Where each service answers, once all do.
    fn table(&self, terminal: &mut Terminal) -> anyhow::Result<()> {
        let width = self.jobs.iter().map(|job| job.name.len()).max().unwrap_or_default().max("service".len());
        let mut ready = self.ready.clone();
        ready.sort_by_key(|(service, _)| *service);
        writeln!(terminal, "\nAll services are ready.\n\n  {:width$}  {:23}  ready after", "service", "address")?;
        for (service, after) in ready {
            let job = &self.jobs[service];
            writeln!(terminal, "  {:width$}  {:23}  {after:.1} s", job.name, job.url())?;
        }
        writeln!(terminal, "\n  token for a day, with every scope:\n  {}", self.secrets.token)?;
        if let Some(events) = &self.events {
            writeln!(terminal, "\n  {events}")?;
        }
        writeln!(terminal, "\nCtrl-C stops them.\n")?;
        Ok(())
    }

    fn end(&self, mut fleet: Fleet, why: Option<String>, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        for event in fleet.stop() {
            if let Event::Line { service, text } = event {
                self.line(service, &text, terminal)?;
            }
        }
        let Some(why) = why else {
            terminal.say("All services are stopped.")?;
            return Ok(Exit::Clean);
        };
        terminal.say(format_args!("{why}\nAll services are stopped."))?;
        Ok(Exit::Findings)
    }
}

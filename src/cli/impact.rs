//! `agentspec impact`.

use anyhow::anyhow;

use super::Exit;
use super::options::{Global, nothing};
use super::terminal::Terminal;
use crate::compat::consumers::{impact, target};
use crate::report::impact::{ImpactFormat, write};

/// Show who uses a service, an operation, an event or a field of one, directly and beyond, by owner
///
/// Names: `order-service`, `getUser`, `GET /users/{id}`, `order.created`. A field stands behind a colon:
/// `order.created:items[].sku`, `getUser:response.email`, `listUsers:query.limit`. Where several services have an operation
/// of the name, write `user-service:getHealth`.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The service, operation, event or field.
    #[arg(value_name = "SERVICE|OPERATION|EVENT|FIELD")]
    name: String,
    /// How to report.
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Short for --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum FormatName {
    /// For people.
    #[default]
    Human,
    /// One versioned document.
    Json,
    /// A Markdown summary.
    Markdown,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(workspace) = global.workspace()? else { return nothing(global, terminal) };
    let platform = workspace.lower_schemas().platform;
    let target = target::find(&platform, &args.name).map_err(|unknown| anyhow!(unknown))?;
    let report = impact::impact(&platform, &target);
    let format = match args.format {
        _ if args.json => ImpactFormat::Json,
        FormatName::Human => ImpactFormat::Human,
        FormatName::Json => ImpactFormat::Json,
        FormatName::Markdown => ImpactFormat::Markdown,
    };
    let style = terminal.style();
    write(format, &report, terminal, style)?;
    Ok(Exit::Clean)
}

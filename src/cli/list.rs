//! `agentspec list`.

use std::io::Write;

use super::terminal::Terminal;
use super::{Exit, example};
use crate::rules::Family;
use crate::template::Engine;
use crate::{compat, generate, rules};

/// List rules, kinds of breaking changes, targets, templates or examples.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to list.
    #[arg(value_enum, default_value_t = What::Rules)]
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// The rules by family.
    Rules,
    /// The kinds of changes that a comparison reports.
    Changes,
    /// The targets of `generate`.
    Targets,
    /// The built-in templates, for `eject`.
    Templates,
    /// The examples, for `init --example`.
    Examples,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match args.what {
        What::Rules => {
            for family in Family::ALL {
                writeln!(terminal, "{}", family.name())?;
                for rule in rules::all().filter(|rule| rule.family == family) {
                    writeln!(terminal, "  {:<34} {:<8} {}", rule.id, rule.severity.name(), rule.summary)?;
                }
            }
        }
        What::Changes => {
            for row in compat::ROWS {
                writeln!(terminal, "  {:<34} {}", row.id, row.summary)?;
            }
        }
        What::Targets => {
            for target in generate::TARGETS {
                writeln!(terminal, "  {:<12} {}", target.name, target.summary)?;
            }
            writeln!(terminal, "  {:<12} the service catalog with the dependency graph", crate::catalog::TARGET)?;
        }
        What::Templates => {
            for name in Engine::built_in().keys() {
                writeln!(terminal, "  {name}")?;
            }
        }
        What::Examples => {
            for (name, about, _) in example::EXAMPLES {
                writeln!(terminal, "  {name:<12} {about}")?;
            }
        }
    }
    Ok(Exit::Clean)
}

//! Prints who would be told of an alert, when and by which ways: the engine itself says so, on a simulated clock.

mod moment;
mod story;

use std::process::ExitCode;
use std::time::SystemTime;

use domain::Timestamp;
use engine::simulate_escalation;
use rules::Rules;

use crate::cli::{self, EscalateArguments, EscalateCommand, SimulateArguments};
use crate::say;
pub(crate) use moment::Moment;
use story::{Answer, Happening, Simulation};

pub(crate) fn run(arguments: &EscalateArguments) -> anyhow::Result<ExitCode> {
    let EscalateCommand::Simulate(arguments) = &arguments.command;
    simulate(arguments)
}

fn simulate(arguments: &SimulateArguments) -> anyhow::Result<ExitCode> {
    let folder = cli::folder(arguments.config.as_ref());
    let rules = folder.as_deref().map_or_else(|| Ok(Rules::built_in()), Rules::load_folder)?;
    // Whole seconds read better, and nobody is told to the microsecond.
    let now = Timestamp::from_millis(Timestamp::from(SystemTime::now()).as_micros().div_euclid(1_000_000) * 1_000);
    let at = arguments.at.map_or(now, |moment| moment.at_or_after(now));
    let events = simulate_escalation(&rules, arguments.priority, at, arguments.acknowledge_after);
    let simulation = Simulation {
        priority: arguments.priority,
        opened_at: at,
        chaos_until: rules.escalation.chaos_until(at),
        acknowledge_after_seconds: arguments.acknowledge_after.map(|after| after.as_secs_f64()),
        happenings: events.iter().filter_map(|event| Happening::of(event, at)).collect(),
    };
    let lines = match arguments.json {
        true => vec![serde_json::to_string(&Answer { simulation })?],
        false => simulation.lines(&rules.escalation),
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(ExitCode::SUCCESS)
}

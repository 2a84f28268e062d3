use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use domain::{Subject, Timestamp};

use crate::backtest::InForce;
use crate::cli;

#[derive(Args, Debug)]
#[command(after_help = "The dashboards show that night as if it were now, ten times as fast:\n  \
        iskra replay --at 2026-01-04T03:00:00Z --speed 10 --for 1h\n\n\
        The samples are judged anew, by the rules in force or by those of --config. Nothing is written to the log that is \
        replayed, and nobody is told anything. It takes the ports of the settings; beside a running suite others: \
        --set ports.pulse=4001 and so on.")]
pub(crate) struct ReplayArguments {
    /// From which moment on, e.g. 2026-01-04T03:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Timestamp,
    /// So many times as fast as it was; 0.01 to 1000
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = speed)]
    pub(crate) speed: f64,
    /// How much of the past [default: until now]
    #[arg(long = "for", value_name = "DURATION", value_parser = cli::duration)]
    pub(crate) lasts: Option<Duration>,
    /// Only this subject; may be repeated [default: all]
    #[arg(long = "subject", value_name = "SUBJECT")]
    pub(crate) subjects: Vec<Subject>,
    /// Folder of the rules to judge by [default: the rules in force]
    #[arg(long, value_name = "DIR")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: InForce,
}

fn speed(text: &str) -> Result<f64, &'static str> {
    let speed = text.parse().ok().filter(|speed| (0.01..=1_000.0).contains(speed));
    speed.ok_or("expected a number from 0.01 to 1000")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_speed_is_a_number_that_a_clock_can_follow() {
        assert_eq!((super::speed("10"), super::speed("0.5"), super::speed("1000")), (Ok(10.0), Ok(0.5), Ok(1_000.0)));
        for wrong in ["0", "-1", "NaN", "inf", "1001", "fast", ""] {
            assert!(super::speed(wrong).is_err(), "{wrong}");
        }
    }
}

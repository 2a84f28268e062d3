use std::time::Duration;

use clap::Args;
use domain::Subject;
use load::Plan;
use url::{Host, Url};

use crate::cli;

/// How often it is told how it goes.
const EVERY: Duration = Duration::from_secs(5);
/// When a subject that sends nothing is stale, as the shipped rules have it.
const STALE: Duration = Duration::from_secs(60);

#[derive(Args, Debug)]
#[command(
    after_help = "Samples are due at a fixed rate, whatever becomes of those before, and every delay counts from when a \
        sample was due: a service that holds its producers up cannot look fast. Viewers check that nothing is missing:\n  \
        iskra load                                                 1,000/s to 100 viewers, for a minute\n  \
        iskra load --rate 20000 --batch 100 --viewers 0            only what it takes in\n  \
        iskra load --rate 100 --viewers 2000 --for 5m              only what it gives out\n  \
        iskra load --rate 10000 --batch 100 --look-at 5            pages that show five subjects each\n  \
        iskra load --dashboard http://127.0.0.1:3002 --dashboard http://127.0.0.1:3003\n                                                             \
        viewers of Seams and of Voices\n  \
        iskra load --url https://iskra.example.com/pulse --yes     elsewhere, over TLS, with the token of ISKRA_TOKEN\n\n\
        THE SAMPLES ARE STORED, and count in every statistic, under the subjects load-1, load-2, …; take an installation \
        of its own for this where you can. They lie well within OK. A minute after the end the subjects are stale, of \
        which people would be told: that rule of theirs is muted for 7 days (--no-mute leaves it).\n\n\
        A viewer costs what it looks at: run this on another machine than the service where you look for its limits. The \
        report says how much CPU this program took itself. docs/load.md explains the figures.\n\
        Exit code: 0 no gap, 1 something is missing, nothing was acknowledged, or it could not be run."
)]
pub(crate) struct LoadArguments {
    /// Where Pulse listens, which takes the samples
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    pub(crate) url: Url,
    /// Where viewers look: any dashboard; may be repeated, and they take turns [default: that of --url]
    #[arg(long = "dashboard", value_name = "URL")]
    pub(crate) dashboards: Vec<Url>,
    /// WebSockets that look on
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub(crate) viewers: usize,
    /// Viewers that know each sample by its time; the others count, which costs less
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    pub(crate) watch: usize,
    /// Subjects that each viewer looks at, as a page does: each at others [default: all]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=256))]
    pub(crate) look_at: Option<u64>,
    /// Samples a second
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) rate: u64,
    /// Subjects that take turns
    #[arg(long, value_name = "COUNT", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) subjects: u64,
    /// What their names begin with, before -1: several that load at once need different ones
    #[arg(long, value_name = "NAME", default_value = "load")]
    pub(crate) prefix: Subject,
    /// Samples in one request; they are due together
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    pub(crate) batch: u64,
    /// Requests that may be under way at once; what is due meanwhile waits, and its delay counts
    #[arg(long, value_name = "COUNT", default_value_t = 32)]
    pub(crate) connections: usize,
    /// How long it is measured, e.g. 90s, 10m, 2h
    #[arg(long = "for", value_name = "DURATION", default_value = "60s", value_parser = cli::duration)]
    pub(crate) lasts: Duration,
    /// How long before that, which is not measured
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = cli::duration)]
    pub(crate) warm_up: Duration,
    /// How long a request may take, and how long is waited at the end for what is still missing
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = cli::duration)]
    pub(crate) patience: Duration,
    /// Yes, that suite elsewhere may be loaded, and store the samples
    #[arg(long)]
    pub(crate) yes: bool,
    /// Lets people be told when the subjects are stale
    #[arg(long)]
    pub(crate) no_mute: bool,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl LoadArguments {
    /// What cannot be meant is said before anything is sent.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.lasts.is_zero(), "--for needs a time in which something can be measured");
        anyhow::ensure!(self.connections > 0, "--connections: nothing can be sent without one");
        anyhow::ensure!(!self.patience.is_zero(), "--patience needs a time in which a request can be answered");
        anyhow::ensure!(
            self.no_mute || self.longest_silence() < STALE,
            "each of {} subjects would send nothing for {} s at --rate {} with --batch {}, and people are told of who is \
            silent for {} s: name fewer --subjects, send more or in smaller batches, or let people be told (--no-mute)",
            self.subjects,
            self.longest_silence().as_secs(),
            self.rate,
            self.batch,
            STALE.as_secs()
        );
        let elsewhere = std::iter::once(&self.url).chain(&self.dashboards).find(|url| !is_here(url));
        if let Some(url) = elsewhere.filter(|_| !self.yes) {
            anyhow::bail!(
                "{url} is not this machine: people may rely on it, and it would store {} samples; --yes says that it may \
                be loaded",
                Plan::from(self).samples(self.warm_up + self.lasts)
            );
        }
        Ok(())
    }

    /// How long a subject that takes turns with all others sends nothing, while the load goes on.
    fn longest_silence(&self) -> Duration {
        // Batches are sent whole.
        let samples = self.subjects.next_multiple_of(self.batch);
        Duration::from_secs_f64(samples as f64 / self.rate as f64).min(self.warm_up + self.lasts)
    }
}

impl From<&LoadArguments> for Plan {
    fn from(arguments: &LoadArguments) -> Self {
        Self {
            viewers: arguments.viewers,
            watchers: arguments.watch.min(arguments.viewers),
            look_at: arguments.look_at,
            rate: arguments.rate,
            subjects: arguments.subjects,
            prefix: arguments.prefix.to_string(),
            batch: arguments.batch,
            connections: arguments.connections,
            warm_up: arguments.warm_up,
            length: arguments.lasts,
            patience: arguments.patience,
            every: EVERY,
        }
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser as _;

    use super::{LoadArguments, is_here};
    use crate::cli::{Cli, Command};

    /// What these flags say.
    pub(crate) fn parsed(flags: &str) -> LoadArguments {
        let words = ["iskra", "load"].into_iter().chain(flags.split_whitespace());
        match Cli::try_parse_from(words).unwrap().command {
            Command::Load(arguments) => arguments,
            other => panic!("that is no load: {other:?}"),
        }
    }

    fn refused(flags: &str) -> String {
        parsed(flags).check().unwrap_err().to_string()
    }

    #[test]
    fn without_patience_nothing_can_be_acknowledged() {
        assert!(refused("--patience 0s").contains("--patience"));
        parsed("--patience 1ms").check().unwrap();
    }

    #[test]
    fn nobody_is_told_of_subjects_that_wait_too_long_for_their_turn() {
        parsed("").check().unwrap();
        for flags in ["--rate 1", "--rate 10 --subjects 600", "--rate 10 --subjects 1 --batch 600"] {
            assert!(refused(flags).contains("--no-mute"), "{flags}");
            parsed(&format!("{flags} --no-mute")).check().unwrap();
            parsed(&format!("{flags} --for 50s")).check().unwrap();
        }
        parsed("--rate 10 --subjects 590").check().unwrap();
    }

    #[test]
    fn only_this_machine_is_here() {
        let is_here = |text: &str| is_here(&text.parse().unwrap());
        assert!(["http://127.0.0.1:3001", "http://localhost", "http://[::1]:3001/pulse/"].into_iter().all(is_here));
        let elsewhere = [
            "http://192.0.2.1:3001",
            "https://iskra.example.com",
            "http://localhost.example.com",
            "http://[2001:db8::1]",
        ];
        assert!(!elsewhere.into_iter().any(is_here));
    }
}

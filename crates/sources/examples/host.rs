//! Prints the vitals of this host and the figures behind them, once a second: for calibrating `config/sources.yml`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::time::{Duration, SystemTime};

use domain::{SignalValue, Subject, Timestamp};
use sources::{HostProbe, Sources};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sources = match std::env::args_os().nth(1) {
        Some(path) => Sources::load(path.as_ref())?,
        None => Sources::built_in(),
    };
    let mut probe = HostProbe::new(Subject::new("host")?, sources.host, "/proc".into());
    loop {
        if let Some(draft) = probe.read(Timestamp::from(SystemTime::now()))? {
            for (vital, score) in draft.vitals.present() {
                print!("{vital} {:.2}  ", score.get());
            }
            for (name, value) in &draft.signals {
                if let SignalValue::Number(value) = value {
                    print!(" {name}={value:.3}");
                }
            }
            println!();
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

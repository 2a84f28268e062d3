use std::sync::{Arc, LazyLock};

use domain::Language;
use rules::Rules;

use super::*;

mod shipped;

static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::built_in()));

fn script(text: &str) -> Arc<Script> {
    Arc::new(Script::parse("experiment.yml", text, &RULES).unwrap_or_else(|error| panic!("{error}")))
}

fn run(text: &str) -> Report {
    Simulation::new(script(text), "Ann").finish()
}

use std::collections::BTreeMap;
use std::time::Duration;

use conditions::Condition;
use domain::{Priority, Text, Voice};

/// What is done by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Actions {
    /// The one switch for all of them.
    pub is_enabled: bool,
    /// Each.
    pub list: Vec<ActionRule>,
    /// Groups of actions that work against each other: while its effect lasts, one holds the others of its group back.
    pub exclusive: Vec<Vec<usize>>,
    /// Who is told of actions that reach outside.
    pub webhooks: Vec<Webhook>,
}

/// One automatic action.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionRule {
    /// Its name, e.g. `stabilize_system`.
    pub id: String,
    /// How it is shown.
    pub name: Text,
    /// When.
    pub when: Condition,
    /// How urgent: orders and colours it.
    pub priority: Priority,
    /// Not again for so long.
    pub cooldown: Duration,
    /// How long its effect lasts, and holds back what works against it.
    pub lasts: Duration,
    /// So many times an hour for one subject.
    pub an_hour: u8,
    /// Whether it asks for something outside.
    pub reaches_outside: bool,
    /// Whether it is only tried: recorded and shown, nobody is asked.
    pub is_dry_run: bool,
    /// Whether the veto stops it.
    pub obeys_veto: bool,
    /// The voices that it activates.
    pub voices: Vec<Voice>,
    /// What it does to an experiment on the subject.
    pub experiments: Option<Interference>,
    /// What it asks for.
    pub parameters: BTreeMap<String, f64>,
    /// What it does, one sentence.
    pub does: Text,
    /// What is said behind the numbers of its reason: "a little chaos is asked for".
    pub says: Text,
}

/// What an action does to an experiment on its subject. It does so inside: also when it is only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interference {
    /// It ends it.
    Stop,
    /// While its effect lasts, nothing is injected.
    Pause,
}

/// A program that is told of actions.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Where.
    pub url: String,
    /// The environment variable (or, with `_FILE`, the file named by it) that holds the key to sign with.
    pub secret: String,
    /// Which actions; all of them when empty.
    pub actions: Vec<String>,
}

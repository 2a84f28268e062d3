//! The names that a story may use: a misspelt one must not pass as something that never happens.

use domain::{Outcome, Vital, Voice};
use rules::Rules;
use yaml_file::{Complaint, most_similar};

use crate::key::Key;

/// The names of the rules.
#[derive(Debug)]
pub struct Names {
    alerts: Vec<String>,
    sent: Vec<String>,
    signals: Vec<String>,
    actions: Vec<String>,
    symbols: Vec<String>,
    tones: Vec<String>,
    states: Vec<String>,
    conflicts: Vec<String>,
    synergies: Vec<String>,
    parameters: Vec<String>,
    phases: Vec<String>,
}

/// What is added to the name of an alert of which people hear something else than that it fires.
pub(crate) const RESOLVED: &str = " resolved";
pub(crate) const LAPSED: &str = " lapsed";
/// The name of nothing.
pub(crate) const NONE: &str = "none";
/// The tone that is none.
pub(crate) const NEUTRAL: &str = "neutral";
/// The state before all states.
pub(crate) const UNKNOWN: &str = "UNKNOWN";
/// Of an experiment that goes on.
pub(crate) const RUNNING: &str = "running";
pub(crate) const PAUSED: &str = "paused";
/// What a seam measures.
pub(crate) const SEAM_NUMBERS: [&str; 4] = ["took", "intensity", "velocity", "confidence"];

impl Names {
    /// Those of `rules`.
    pub fn new(rules: &Rules) -> Self {
        let edges = rules.bands.iter().flat_map(|band| &band.edges).map(|edge| edge.rule.clone());
        let burns = rules
            .objectives
            .burns
            .iter()
            .flat_map(|burn| Vital::ALL.into_iter().map(move |vital| format!("{}_{}", vital.name(), burn.id)));
        let pairs = |list: &[[Voice; 2]]| list.iter().map(|pair| pair_name(*pair)).collect();
        let polyphony = &rules.voices.polyphony;
        Self {
            alerts: edges.chain(burns).chain(["stale".to_owned()]).collect(),
            sent: rules.signals.produced.iter().map(|(name, _)| name.to_string()).collect(),
            signals: rules
                .signals
                .derived
                .iter()
                .filter(|signal| signal.is_told)
                .map(|signal| signal.name.clone())
                .collect(),
            actions: rules.actions.list.iter().map(|action| action.id.clone()).collect(),
            symbols: rules.symbols.iter().map(|symbol| symbol.id.clone()).collect(),
            tones: rules.tones.iter().map(|tone| tone.id.clone()).chain([NEUTRAL.to_owned()]).collect(),
            states: rules.states.list.iter().map(|state| state.id.clone()).chain([UNKNOWN.to_owned()]).collect(),
            conflicts: pairs(&polyphony.conflicts),
            synergies: pairs(&polyphony.synergies),
            parameters: rules.actions.list.iter().flat_map(|action| action.parameters.keys().cloned()).collect(),
            phases: Vec::new(),
        }
    }

    /// With the phases of an experiment.
    #[must_use]
    pub fn with_phases(self, phases: Vec<String>) -> Self {
        Self { phases, ..self }
    }

    /// The name as it is compared, or what is wrong with it.
    pub(crate) fn read(&self, key: Key, name: &str) -> Result<String, Complaint> {
        let as_it_is = |()| name.to_owned();
        match key {
            Key::Levels | Key::Budgets | Key::Vitals => known("vital", name, Vital::ALL.map(Vital::name)).map(as_it_is),
            Key::Light => known("light", name, ["green", "yellow", "red", "black"]).map(as_it_is),
            Key::Alerts => self.alert(name).map(as_it_is),
            Key::Told => {
                let alert = name.strip_suffix(RESOLVED).or_else(|| name.strip_suffix(LAPSED)).unwrap_or(name);
                self.alert(alert).map(as_it_is)
            }
            Key::Signals => known("told signal", name, texts(&self.signals)).map(as_it_is),
            Key::Leader if name == NONE => Ok(name.to_owned()),
            Key::Voices | Key::Leader | Key::Moods | Key::Activity | Key::VoicesBefore | Key::VoicesAfter => {
                voice(name).map(as_it_is)
            }
            Key::Conflicts => pair("conflict", name, &self.conflicts),
            Key::Synergies => pair("synergy", name, &self.synergies),
            Key::Strengths => {
                let pairs: Vec<String> = self.synergies.iter().chain(&self.conflicts).cloned().collect();
                pair("pair", name, &pairs)
            }
            Key::Parameters => known("parameter", name, texts(&self.parameters)).map(as_it_is),
            Key::Seam => {
                let sides = ["before", "after"];
                let sides = sides.iter().flat_map(|side| Vital::ALL.map(|vital| format!("{vital}_{side}")));
                let names: Vec<String> = SEAM_NUMBERS.map(str::to_owned).into_iter().chain(sides).collect();
                known("number of a seam", name, texts(&names)).map(as_it_is)
            }
            Key::Reasons => {
                let lists = [&self.signals, &self.actions, &self.symbols, &self.tones, &self.states, &self.conflicts];
                let names = lists.into_iter().flat_map(|list| texts(list)).chain(Voice::ALL.map(Voice::name));
                known("reason of", name, names).map(as_it_is)
            }
            Key::Actions => known("action", name, texts(&self.actions)).map(as_it_is),
            Key::Suppressed => {
                known("action or symbol", name, texts(&self.actions).chain(texts(&self.symbols))).map(as_it_is)
            }
            Key::Symbols => known("symbol", name, texts(&self.symbols)).map(as_it_is),
            Key::Tone => known("tone", name, texts(&self.tones)).map(as_it_is),
            Key::State => self.state(name).map(as_it_is),
            Key::Seams => {
                let (from, to) = name.split_once("->").ok_or_else(|| {
                    Complaint::new(format!("`{name}` is no seam")).hint("write BALANCED -> CRISIS_MODE")
                })?;
                let (from, to) = (from.trim(), to.trim());
                self.state(from)?;
                self.state(to)?;
                Ok(seam_name(from, to))
            }
            Key::Bifurcations => {
                let states: Vec<&str> = name.split(" or ").map(str::trim).collect();
                states.iter().try_for_each(|state| self.state(state))?;
                Ok(bifurcation_name(&states))
            }
            Key::Artifacts => self.alert(name).map(as_it_is),
            Key::Experiment => {
                let outcomes = Outcome::ALL.map(Outcome::name);
                known("outcome", name, [NONE, RUNNING, PAUSED].into_iter().chain(outcomes)).map(as_it_is)
            }
            Key::Phase => known("phase", name, texts(&self.phases)).map(as_it_is),
            Key::Harmony | Key::Readiness | Key::Dose => Ok(name.to_owned()),
        }
    }

    /// Whether `name` is that of an alert.
    pub(crate) fn alert(&self, name: &str) -> Result<(), Complaint> {
        known("alert", name, texts(&self.alerts))
    }

    /// Whether a producer may send `name` and some rule asks for it.
    pub(crate) fn sent(&self, name: &str) -> Result<(), Complaint> {
        known("signal from producers", name, texts(&self.sent))
    }

    fn state(&self, name: &str) -> Result<(), Complaint> {
        known("state", name, texts(&self.states))
    }
}

/// Two voices in the order in which voices are judged, so that both spellings are one name.
pub(crate) fn pair_name(mut pair: [Voice; 2]) -> String {
    pair.sort();
    format!("{}-{}", pair[0].name(), pair[1].name())
}

/// A transition.
pub(crate) fn seam_name(from: &str, to: &str) -> String {
    format!("{from} -> {to}")
}

/// States in the order of their names.
pub(crate) fn bifurcation_name<T: AsRef<str> + Ord + Clone>(states: &[T]) -> String {
    let mut states = states.to_vec();
    states.sort();
    states.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" or ")
}

fn texts(names: &[String]) -> impl Iterator<Item = &str> + Clone {
    names.iter().map(String::as_str)
}

fn voice(name: &str) -> Result<(), Complaint> {
    known("voice", name, Voice::ALL.map(Voice::name))
}

fn pair(what: &str, name: &str, names: &[String]) -> Result<String, Complaint> {
    let voices =
        name.split_once('-').and_then(|(a, b)| Some([Voice::from_name(a.trim())?, Voice::from_name(b.trim())?]));
    let name = voices.map_or_else(|| name.to_owned(), pair_name);
    known(what, &name, texts(names)).map(|()| name)
}

fn known<'a, I>(what: &str, name: &str, names: I) -> Result<(), Complaint>
where
    I: IntoIterator<Item = &'a str>,
    I::IntoIter: Clone,
{
    const LISTED: usize = 12;
    let names = names.into_iter();
    if names.clone().any(|known| known == name) {
        return Ok(());
    }
    let complaint = Complaint::new(format!("the rules have no {what} `{name}`"));
    Err(match most_similar(name, names.clone()) {
        Some(similar) => complaint.hint(format!("did you mean `{similar}`?")),
        None => {
            let listed: Vec<&str> = names.clone().take(LISTED).collect();
            let more = if names.count() > LISTED { ", …" } else { "" };
            complaint.hint(format!("there are {}{more}", listed.join(", ")))
        }
    })
}

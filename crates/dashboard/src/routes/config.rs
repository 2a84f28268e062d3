use axum::Json;
use axum::extract::State;
use domain::{EscalationStep, Level, Priority, Side, Text, Timestamp, Vital, Voice};
use rules::{
    ActionRule, Band, Edge, EscalationRules, Files, Loaded, Objectives, Refused, StateRule, Symbol, Tone, VoiceRule,
};
use serde::Serialize;
use settings::Ports;
use utoipa::ToSchema;

use crate::Dashboard;

/// What is in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneConfig {
    config: ConfigBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Config)]
struct ConfigBody {
    /// Which service answers.
    service: &'static str,
    version: &'static str,
    /// After how long without a value a vital is stale.
    staleness_seconds: f64,
    /// Whether an Alertmanager is set; if none is, alerts are only shown.
    is_paging: bool,
    /// On which port each page is served where no proxy stands before them.
    ports: PortsBody,
    /// Of the rules in force: verdicts name it.
    config_hash: String,
    /// What was wrong with the rules that were read last, if they were refused: those before go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<RefusedBody>,
    /// One for each vital.
    bands: Vec<BandBody>,
    /// One for each vital.
    objectives: Vec<ObjectiveBody>,
    chains: ChainsBody,
    /// The seven.
    voices: Vec<VoiceBody>,
    /// Automatic actions.
    actions: Vec<RuleBody>,
    symbols: Vec<RuleBody>,
    /// The first that holds.
    tones: Vec<RuleBody>,
    /// The first that holds.
    states: Vec<RuleBody>,
}

/// 0: any that was free, which is not told here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ports)]
struct PortsBody {
    #[schema(example = 3001)]
    pulse: u16,
    #[schema(example = 3002)]
    seams: u16,
    #[schema(example = 3003)]
    voices: u16,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedRules)]
struct RefusedBody {
    /// When they were read.
    at: Timestamp,
    /// In which file the first mistake is.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(example = "states.yml")]
    file: String,
    /// In which line.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// What it is, in a few words.
    message: String,
    /// All mistakes, with the lines that they are in.
    error: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoiceConfig)]
struct VoiceBody {
    voice: Voice,
    name: Text,
    archetype: Text,
    /// As CSS writes it.
    colour: String,
    pitch_hertz: f64,
    waveform: String,
    /// 1 goes first.
    rank: u8,
}

/// A rule that watches a condition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rule)]
struct RuleBody {
    #[schema(example = "stabilize_system")]
    id: String,
    /// What of it is shown, besides the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    glyph: Option<String>,
    name: Text,
    /// The condition.
    #[schema(example = "chaos > 0.8")]
    when: String,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<Voice>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Band)]
struct BandBody {
    vital: Vital,
    name: Text,
    /// The best part of the OK zone, from and to.
    optimum: [f64; 2],
    /// What to aim for.
    target: f64,
    /// How far inside its edge a value must come back before the edge's alert can end.
    hysteresis: f64,
    /// Least time between two notifications of a subject about this vital, unless the priority rises.
    cooldown_seconds: f64,
    edges: Vec<EdgeBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Edge)]
struct EdgeBody {
    /// The rule's id.
    #[schema(example = "pain_warn_low")]
    rule: String,
    side: Side,
    priority: Priority,
    level: Level,
    /// Where it stands.
    at: f64,
    /// Whether a value on the edge itself is beyond it.
    inclusive: bool,
    /// The alert's name.
    #[schema(example = "PainWarnLow")]
    name: String,
    /// How long a value must be beyond it before the alert opens.
    for_seconds: f64,
    /// How long the alert goes on after the value came back.
    keep_firing_seconds: f64,
    /// Why it matters.
    reason: Text,
    /// What to do first.
    recommendation: Text,
    /// In which file its number stands, and in which line of it as it is in force.
    #[schema(example = "slo-thresholds-matrix.yml")]
    file: &'static str,
    line: usize,
}

/// What share of the time a vital should be inside its OK zone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Objective)]
struct ObjectiveBody {
    vital: Vital,
    /// From 0 to 1.
    #[schema(example = 0.99)]
    share: f64,
    /// Over how long.
    period_seconds: f64,
}

/// Who is told of an alert, step by step, while nobody acknowledges it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Chains)]
#[serde(rename_all = "UPPERCASE")]
struct ChainsBody {
    p0: Vec<EscalationStep>,
    p1: Vec<EscalationStep>,
    p2: Vec<EscalationStep>,
}

/// The bands by which samples are judged.
#[utoipa::path(
    get, path = "/api/v1/config", tag = "config",
    responses((status = OK, body = OneConfig, description = "What is in force now"))
)]
pub(super) async fn config(State(dashboard): State<Dashboard>) -> Json<OneConfig> {
    Json(OneConfig { config: ConfigBody::new(&dashboard) })
}

impl ConfigBody {
    fn new(dashboard: &Dashboard) -> Self {
        let Dashboard { name: service, is_paging, ports: Ports { pulse, seams, voices, .. }, .. } = *dashboard;
        let Loaded { rules, files } = dashboard.rules.loaded();
        let staleness_seconds = rules.staleness.after.as_secs_f64();
        let bands = rules.bands.iter().map(|band| BandBody::new(band, &files)).collect();
        Self {
            service,
            version: telemetry::VERSION,
            staleness_seconds,
            is_paging,
            ports: PortsBody { pulse, seams, voices },
            config_hash: rules.hash.clone(),
            refused: dashboard.rules.refused().as_deref().map(RefusedBody::from),
            bands,
            objectives: ObjectiveBody::all(&rules.objectives),
            chains: ChainsBody::from(&rules.escalation),
            voices: rules.voices.voices.iter().map(VoiceBody::from).collect(),
            actions: rules.actions.list.iter().map(RuleBody::from).collect(),
            symbols: rules.symbols.iter().map(RuleBody::from).collect(),
            tones: rules.tones.iter().map(RuleBody::from).collect(),
            states: rules.states.list.iter().map(RuleBody::from).collect(),
        }
    }
}

impl From<&Refused> for RefusedBody {
    fn from(refused: &Refused) -> Self {
        let Refused { at, error, brief } = refused;
        let line = Some(brief.line).filter(|line| *line > 0);
        let (file, message) = (brief.file.clone(), brief.message.clone());
        Self { at: *at, file, line, message, error: error.to_string() }
    }
}

impl From<&VoiceRule> for VoiceBody {
    fn from(rule: &VoiceRule) -> Self {
        let VoiceRule { voice, pitch_hertz, rank, .. } = *rule;
        Self {
            voice,
            name: rule.name.clone(),
            archetype: rule.archetype.clone(),
            colour: rule.colour.clone(),
            pitch_hertz,
            waveform: rule.waveform.clone(),
            rank,
        }
    }
}

impl From<&ActionRule> for RuleBody {
    fn from(rule: &ActionRule) -> Self {
        let when = rule.when.to_string();
        Self { id: rule.id.clone(), glyph: None, name: rule.name.clone(), when, voice: None }
    }
}

impl From<&Symbol> for RuleBody {
    fn from(rule: &Symbol) -> Self {
        let (glyph, when) = (Some(rule.glyph.clone()), rule.when.to_string());
        Self { id: rule.id.clone(), glyph, name: rule.name.clone(), when, voice: Some(rule.voice) }
    }
}

impl From<&Tone> for RuleBody {
    fn from(rule: &Tone) -> Self {
        let when = rule.when.to_string();
        Self { id: rule.id.clone(), glyph: None, name: rule.name.clone(), when, voice: Some(rule.voice) }
    }
}

impl From<&StateRule> for RuleBody {
    fn from(rule: &StateRule) -> Self {
        let when = rule.when.to_string();
        Self { id: rule.id.clone(), glyph: None, name: rule.name.clone(), when, voice: None }
    }
}

impl BandBody {
    fn new(band: &Band, files: &Files) -> Self {
        Self {
            vital: band.vital,
            name: band.name.clone(),
            optimum: band.optimum.into(),
            target: band.target,
            hysteresis: band.hysteresis,
            cooldown_seconds: band.cooldown.as_secs_f64(),
            edges: band.edges.iter().map(|edge| EdgeBody::new(edge, files)).collect(),
        }
    }
}

impl EdgeBody {
    fn new(edge: &Edge, files: &Files) -> Self {
        let Edge { side, priority, at, inclusive, .. } = *edge;
        let (file, line) = files.place_of_edge(&edge.rule).expect("an edge comes from its file");
        Self {
            rule: edge.rule.clone(),
            side,
            priority,
            level: edge.level(),
            at,
            inclusive,
            name: edge.alert.clone(),
            for_seconds: edge.hold.as_secs_f64(),
            keep_firing_seconds: edge.keep_firing.as_secs_f64(),
            reason: edge.reason.clone(),
            recommendation: edge.recommendation.clone(),
            file,
            line,
        }
    }
}

impl ObjectiveBody {
    fn all(objectives: &Objectives) -> Vec<Self> {
        let period_seconds = objectives.period.as_secs_f64();
        let shares = Vital::ALL.into_iter().zip(objectives.shares);
        shares.map(|(vital, share)| Self { vital, share, period_seconds }).collect()
    }
}

impl From<&EscalationRules> for ChainsBody {
    fn from(rules: &EscalationRules) -> Self {
        let [p0, p1, p2] = Priority::ALL.map(|priority| rules.chain(priority).to_vec());
        Self { p0, p1, p2 }
    }
}

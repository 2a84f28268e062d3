//! `POST /api/v1/silences`: "Do not tell us of this for a while." `DELETE` ends one early.

use std::sync::Arc;
use std::time::Duration;

use access::Caller;
use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use domain::{Command, Silence, SilenceEnd, Subject, limits};
use durable_log::{EventFilter, Log, partition_of};
use http_service::{Made, Problem};
use hub::Hub;
use rules::LiveRules;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::person;
use super::samples::problem;

/// How long the answer waits for the engine to take note.
const PATIENCE: Duration = Duration::from_secs(2);
/// One that is not in force is looked for among so many changes of silences.
const LATEST_CHANGES: u32 = 1_000;
/// So much of a name that nothing has is told back.
const SHOWN: usize = 32;

/// What the routes need. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SilenceDesk {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) rules: Arc<LiveRules>,
}

/// What is to be silenced, for how long, and who says so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AskForSilence)]
pub(crate) struct Ask {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    /// Only the alerts of this rule; without it all of the subject.
    #[schema(example = "pain_critical_high")]
    rule: Option<String>,
    /// For how long: seconds, or like `30m`, `1h30m`, `7d`; from 1 min to 7 days.
    #[serde(rename = "for")]
    lasts: Span,
    /// How the person names themselves: 1 to 128 bytes without control characters. Where a token speaks, its name counts.
    #[serde(default)]
    #[schema(example = "Ann")]
    by: String,
    /// A remark, up to 1,024 bytes.
    #[serde(default)]
    #[schema(example = "we are on it")]
    note: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a number of seconds, or a text like 30m, 1h, 1h30m, 1d")]
#[schema(as = SilenceSpan)]
enum Span {
    Seconds(u64),
    #[schema(example = "1h")]
    Written(String),
}

/// Who ends it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct End {
    /// How the person names themselves.
    #[param(example = "Ann")]
    by: Option<String>,
}

/// The silence, as it is now known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SilenceBody {
    silence: Silence,
}

type Answer = Result<(StatusCode, Extension<Made>, Json<SilenceBody>), Problem>;

pub(crate) fn router(desk: SilenceDesk) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(end)).with_state(desk)
}

/// Mutes a subject, or one of its rules, for a while: what happens is judged and shown all the same, and the end of what
/// people were told of is told.
#[utoipa::path(
    post, path = "/api/v1/silences", tag = "silences",
    request_body = Ask,
    responses(
        (status = OK, body = SilenceBody, description = "It is in force"),
        (status = ACCEPTED, body = SilenceBody, description = "It is in the log; the engine has not come to it yet"),
        (status = NOT_FOUND, body = Problem, description = "The subject was never judged"),
        (status = CONFLICT, body = Problem, description = "Too many silences of the subject are in force"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "A rule, a time, a name or a note that is not allowed"),
    )
)]
async fn create(
    State(desk): State<SilenceDesk>,
    Extension(caller): Extension<Caller>,
    Json(mut ask): Json<Ask>,
) -> Answer {
    ask.by = caller.speaks_as(ask.by);
    let lasts = ask.check(&desk)?;
    let Ask { subject, rule, by, note, .. } = ask;
    if desk.log.subject_state(&subject).await.map_err(problem)?.is_none() {
        return Err(Problem::not_found(format!(
            "the subject `{subject}` was never judged: there is nothing to silence"
        )));
    }
    desk.has_room(&subject)?;
    let (seconds, from) = (lasts.as_secs(), desk.log.now());
    let command = Command::Silence { rule: rule.clone(), seconds, by: by.clone(), note: note.clone() };
    let seq = desk.log.append_command(subject.clone(), command).await.map_err(problem)?;
    let id = Silence::id_of(partition_of(&subject, desk.log.partitions()).0, seq);
    let is_in_force = |all: &[Silence]| all.iter().any(|silence| silence.id == id);
    if desk.hub.wait_for_silences(&subject, is_in_force, PATIENCE).await
        && let Some(silence) = desk.in_force(&id)
    {
        return Ok(answer(StatusCode::OK, silence));
    }
    // Others may have taken the last places meanwhile.
    desk.has_room(&subject)?;
    let until = from.plus(lasts);
    let silence = Silence { id, subject, rule, from, until, by, note, ended: None };
    Ok(answer(StatusCode::ACCEPTED, silence))
}

/// Ends a silence early: people are told at once of what it held back and still fires.
#[utoipa::path(
    delete, path = "/api/v1/silences/{id}", tag = "silences",
    params(("id" = String, Path, description = "The silence's id", example = "3-1043.silence"), End),
    responses(
        (status = OK, body = SilenceBody, description = "It is over, now or before"),
        (status = ACCEPTED, body = SilenceBody, description = "It is in the log; the engine has not come to it yet"),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "A name that is not allowed"),
    )
)]
async fn end(
    State(desk): State<SilenceDesk>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(End { by }): Query<End>,
) -> Answer {
    let by = caller.name().map(str::to_owned).or(by);
    if let Some(by) = &by {
        person::check(by, "", "bad_silence")?;
    }
    let mut silence = match desk.in_force(&id) {
        Some(silence) => silence,
        None => desk.latest_change(&id).await?.ok_or_else(|| {
            let shown: String = id.chars().take(SHOWN).collect();
            Problem::not_found(format!("there is no silence `{shown}`"))
        })?,
    };
    if silence.ended.is_some() {
        return Ok(answer(StatusCode::OK, silence));
    }
    let (subject, at) = (silence.subject.clone(), desk.log.now());
    let command = Command::Unsilence { silence: id.clone(), by: by.clone() };
    desk.log.append_command(subject.clone(), command).await.map_err(problem)?;
    let is_over = |all: &[Silence]| all.iter().all(|silence| silence.id != id);
    if desk.hub.wait_for_silences(&subject, is_over, PATIENCE).await {
        silence.ended = Some(SilenceEnd { at, by });
        // As the engine says it, where it can be read.
        silence = desk.latest_change(&id).await?.filter(|known| known.ended.is_some()).unwrap_or(silence);
        return Ok(answer(StatusCode::OK, silence));
    }
    Ok(answer(StatusCode::ACCEPTED, silence))
}

fn answer(status: StatusCode, silence: Silence) -> (StatusCode, Extension<Made>, Json<SilenceBody>) {
    (status, Extension(Made(silence.id.clone())), Json(SilenceBody { silence }))
}

impl SilenceDesk {
    /// The silence with this id, while it is in force.
    fn in_force(&self, id: &str) -> Option<Silence> {
        let subjects = self.hub.subjects();
        let mut all = subjects.iter().flat_map(|now| &now.presence.silences);
        all.find(|silence| silence.id == id).cloned()
    }

    /// The silence with this id, as it last changed.
    async fn latest_change(&self, id: &str) -> Result<Option<Silence>, Problem> {
        let filter =
            EventFilter { kinds: vec!["silence"], subject: None, limit: LATEST_CHANGES, ..EventFilter::default() };
        let events = self.log.events(filter).await.map_err(problem)?;
        let mut silences = events.into_iter().filter_map(|event| match event.body {
            domain::EventBody::Silence { silence, .. } => Some(silence),
            _ => None,
        });
        Ok(silences.find(|silence| silence.id == id))
    }

    fn has_room(&self, subject: &Subject) -> Result<(), Problem> {
        let in_force = self.hub.subject(subject).map_or(0, |now| now.presence.silences.len());
        if in_force < limits::SILENCES {
            return Ok(());
        }
        let most = limits::SILENCES;
        let detail = format!("{most} silences of `{subject}` are in force, the most there can be: end one first");
        Err(Problem::new(StatusCode::CONFLICT, "too_many_silences", detail))
    }
}

impl Ask {
    /// Checks everything, and answers for how long.
    fn check(&self, desk: &SilenceDesk) -> Result<Duration, Problem> {
        let refuse = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_silence", detail);
        person::check(&self.by, &self.note, "bad_silence")?;
        // A silence of a rule that is misspelt would mute nothing, and nobody would know.
        if let Some(rule) = &self.rule
            && !engine::alert_rules(&desk.rules.current()).contains(rule)
        {
            let shown: String = rule.chars().take(SHOWN).collect();
            return Err(refuse(format!("no rule that alerts is named `{shown}`: GET /api/v1/explain names them")));
        }
        let lasts = match &self.lasts {
            Span::Seconds(seconds) => Some(Duration::from_secs(*seconds)),
            Span::Written(text) => yaml_file::parse_duration(text).ok(),
        };
        let is_allowed = |lasts: &Duration| (limits::SHORTEST_SILENCE..=limits::LONGEST_SILENCE).contains(lasts);
        lasts
            .filter(is_allowed)
            .ok_or_else(|| refuse("`for` is a number of seconds, or like 30m, 1h, 1h30m, 1d, from 1m to 7d".to_owned()))
    }
}

//! How a subject stands by the rules, and why: worked out from what its engine has saved, at most a second ago.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::{Chorus, Subject, Timestamp, ToneNow, Verdict, Vitals};
use engine::{BudgetNow, RestoreError, RuleNow, View, Views};
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::unreadable;
use crate::Dashboard;

/// Subjects in an answer about all of them.
const MOST: u32 = 1_000;
/// So much of a name that nothing has is told back.
const SHOWN: usize = 32;

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfRule {
    /// Of whom.
    #[param(value_type = String, example = "agent-7")]
    subject: Subject,
    /// Only the rule of this name; if there is none, those whose names begin so.
    #[param(example = "pain_critical_high")]
    rule: Option<String>,
}

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfSubject {
    /// Only of this subject; without it of all, at most 1,000.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
}

/// Why it fired, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneExplanation {
    explanation: Explanation,
}

#[derive(Debug, Serialize, ToSchema)]
struct Explanation {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    /// As of when: now, or the moment up to which what the engine saved is known to hold, where it has not looked since.
    at: Timestamp,
    /// The engine's clock when it last said anything of this subject's partition.
    judged_until: Timestamp,
    /// The rules by which this is explained: those in force here.
    config_hash: String,
    /// Whether the verdict was given under other rules, as between a reload and the next sample.
    rules_differ: bool,
    /// The latest judged values.
    vitals: Vitals,
    verdict: Verdict,
    /// Each rule, in the order in which they are looked at.
    rules: Vec<RuleNow>,
}

/// Objectives.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Slo {
    /// By subject.
    slo: Vec<SubjectBudgets>,
    /// Whether there are more subjects: they are to be asked for by name.
    truncated: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct SubjectBudgets {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    /// As of when: now, or the moment up to which what the engine saved is known to hold, where it has not looked since.
    at: Timestamp,
    /// The engine's clock when it last said anything of this subject's partition.
    judged_until: Timestamp,
    /// One for each vital that was ever measured.
    budgets: Vec<BudgetNow>,
}

/// Voices.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Voices {
    /// By subject.
    voices: Vec<SubjectVoices>,
    /// Whether there are more subjects: they are to be asked for by name.
    truncated: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct SubjectVoices {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    chorus: Chorus,
    #[serde(skip_serializing_if = "Option::is_none")]
    tone: Option<ToneNow>,
}

/// Why each rule fired on a subject, and why it did not: values, how long they have held, cooldowns, what holds back.
#[utoipa::path(
    get, path = "/api/v1/explain", tag = "rules", params(OfRule),
    responses(
        (status = OK, body = OneExplanation, description = "How each rule stands"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = NOT_FOUND, body = Problem, description = "The subject was never judged, or there is no such rule"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn explain(
    State(dashboard): State<Dashboard>,
    Query(of): Query<OfRule>,
) -> Result<Json<OneExplanation>, Problem> {
    let Looked { subject, judged_until, view } = look(&dashboard, &of.subject).await?;
    let mut rules = view.explain();
    if let Some(wanted) = of.rule.as_deref() {
        let is_name = rules.iter().any(|rule| rule.rule == wanted);
        rules.retain(|rule| if is_name { rule.rule == wanted } else { rule.rule.starts_with(wanted) });
        if rules.is_empty() {
            let shown: String = wanted.chars().take(SHOWN).collect();
            return Err(Problem::not_found(format!("no rule's name begins with `{shown}`")));
        }
    }
    let (config_hash, verdict) = (view.config_hash().to_owned(), view.verdict().clone());
    let explanation = Explanation {
        subject,
        at: view.at(),
        judged_until,
        rules_differ: verdict.config_hash != config_hash,
        config_hash,
        vitals: view.vitals(),
        verdict,
        rules,
    };
    Ok(Json(OneExplanation { explanation }))
}

/// Objectives over time: how much of each error budget is left, and how fast it burns.
#[utoipa::path(
    get, path = "/api/v1/slo", tag = "rules", params(OfSubject),
    responses(
        (status = OK, body = Slo, description = "By subject"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = NOT_FOUND, body = Problem, description = "The subject was never judged"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn slo(State(dashboard): State<Dashboard>, Query(of): Query<OfSubject>) -> Result<Json<Slo>, Problem> {
    let (looked, truncated) = match &of.subject {
        Some(subject) => (vec![look(&dashboard, subject).await?], false),
        None => look_at_all(&dashboard).await?,
    };
    let budgets = |Looked { subject, judged_until, view }| SubjectBudgets {
        subject,
        at: view.at(),
        judged_until,
        budgets: view.budgets(),
    };
    Ok(Json(Slo { slo: looked.into_iter().map(budgets).collect(), truncated }))
}

/// The voices of subjects, as of the last time that they changed noticeably.
#[utoipa::path(
    get, path = "/api/v1/voices", tag = "rules", params(OfSubject),
    responses(
        (status = OK, body = Voices, description = "By subject; only those of which something was told"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
    )
)]
pub(super) async fn voices(State(dashboard): State<Dashboard>, Query(of): Query<OfSubject>) -> Json<Voices> {
    let subjects = match of.subject {
        Some(subject) => dashboard.hub.subject(&subject).into_iter().collect(),
        None => dashboard.hub.subjects(),
    };
    let mut voices = subjects.iter().filter_map(|now| {
        let (subject, presence) = (now.subject.clone(), now.presence.clone());
        Some(SubjectVoices { subject, chorus: presence.chorus?, tone: presence.tone })
    });
    let shown = voices.by_ref().take(MOST as usize).collect();
    Json(Voices { voices: shown, truncated: voices.next().is_some() })
}

/// A subject as its engine has saved it.
pub(super) struct Looked {
    pub(super) subject: Subject,
    judged_until: Timestamp,
    pub(super) view: View,
}

/// Looks at one subject.
pub(super) async fn look(dashboard: &Dashboard, subject: &Subject) -> Result<Looked, Problem> {
    let saved = dashboard.log.subject_state(subject).await.map_err(unreadable)?;
    let Some((judged_until, saved)) = saved else {
        return Err(Problem::not_found(format!("the subject `{subject}` was never judged")));
    };
    let views = Views::new(dashboard.rules.current());
    looked(&views, dashboard.log.now(), (subject.clone(), judged_until, saved))
}

/// Looks at the first [`MOST`] subjects by name, and tells whether there are more.
pub(super) async fn look_at_all(dashboard: &Dashboard) -> Result<(Vec<Looked>, bool), Problem> {
    let mut saved = dashboard.log.subject_states(MOST + 1).await.map_err(unreadable)?;
    let is_more = saved.len() > MOST as usize;
    saved.truncate(MOST as usize);
    let (views, now) = (Views::new(dashboard.rules.current()), dashboard.log.now());
    // It takes long enough to be in the way of frames.
    let look = move || saved.into_iter().map(|saved| looked(&views, now, saved)).collect::<Result<_, _>>();
    let all = tokio::task::spawn_blocking(look).await.map_err(Problem::internal)??;
    Ok((all, is_more))
}

fn looked(
    views: &Views,
    now: Timestamp,
    (subject, judged_until, saved): (Subject, Timestamp, String),
) -> Result<Looked, Problem> {
    let unreadable = |error: RestoreError| {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Problem::new(status, "state_unreadable", "what the engine saved cannot be read").because(error)
    };
    let view = views.of(subject.clone(), judged_until, now, &saved).map_err(unreadable)?;
    Ok(Looked { subject, judged_until, view })
}

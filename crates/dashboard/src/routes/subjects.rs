use axum::Json;
use axum::extract::{Path, State};
use domain::Subject;
use http_service::Problem;

use super::bodies::{OneSubject, SubjectBody, Subjects};
use crate::Dashboard;

/// Every subject: its light, its latest sample and what the engine says of it.
#[utoipa::path(
    get, path = "/api/v1/subjects", tag = "subjects",
    responses((status = OK, body = Subjects, description = "By name"))
)]
pub(super) async fn all(State(dashboard): State<Dashboard>) -> Json<Subjects> {
    Json(Subjects { subjects: dashboard.hub.subjects().iter().map(|now| SubjectBody::from(&**now)).collect() })
}

/// One subject.
#[utoipa::path(
    get, path = "/api/v1/subjects/{subject}", tag = "subjects",
    params(("subject" = String, Path, description = "Its name", example = "agent-7")),
    responses(
        (status = OK, body = OneSubject, description = "Its present"),
        (status = NOT_FOUND, body = Problem, description = "Nothing was ever said of it"),
    )
)]
pub(super) async fn one(
    State(dashboard): State<Dashboard>,
    Path(subject): Path<Subject>,
) -> Result<Json<OneSubject>, Problem> {
    match dashboard.hub.subject(&subject) {
        Some(now) => Ok(Json(OneSubject { subject: SubjectBody::from(&*now) })),
        None => Err(Problem::not_found(format!("nothing is known of the subject `{subject}`"))),
    }
}

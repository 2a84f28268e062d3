use domain::{Subject, Timestamp};

/// Which artifacts are wanted, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArtifactFilter {
    /// Only those of this subject.
    pub subject: Option<Subject>,
    /// Only those that belong to this alert.
    pub alert: Option<String>,
    /// Only those that belong to this experiment.
    pub experiment: Option<String>,
    /// Only those that name this event.
    pub event: Option<String>,
    /// Only those after this one in the order of the answer: when the last one of the page before was kept, and its id.
    pub after: Option<(Timestamp, String)>,
    /// At most this many.
    pub limit: u32,
}

impl ArtifactFilter {
    /// What they must belong to: each with the word for it.
    pub fn links(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let links = [("alert", &self.alert), ("experiment", &self.experiment), ("event", &self.event)];
        links.into_iter().filter_map(|(kind, about)| Some((kind, about.as_deref()?)))
    }
}

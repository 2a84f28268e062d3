use std::time::Duration;

use yaml_file::{Findings, Located, Place};

use crate::file::CommandFile;
use crate::names::Names;

/// Who does what nobody is named for.
const SOMEBODY: &str = "Ann";

/// "I have seen this alert."
#[derive(Debug)]
pub struct Acknowledge {
    /// Since the story's start.
    pub at: Duration,
    /// Where it is written.
    pub place: Place,
    /// The rule of the alert.
    pub rule: String,
    /// By whom.
    pub by: String,
}

impl Acknowledge {
    /// What a person does; what is wrong is added to the findings.
    pub fn read(command: &Located<CommandFile>, names: &Names, findings: &mut Findings) -> Option<Self> {
        let file = &command.value;
        let at = file.at.read(findings);
        let rule = file.acknowledge.read(findings);
        let by = file.by.as_ref().map_or_else(|| Some(SOMEBODY.to_owned()), |by| by.read(findings));
        let rule = rule.filter(|rule| match names.alert(rule) {
            Ok(()) => true,
            Err(complaint) => {
                findings.complain(file.acknowledge.place, complaint);
                false
            }
        });
        Some(Self { at: at?, place: command.place, rule: rule?, by: by? })
    }
}

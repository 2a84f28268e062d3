use std::error::Error as _;
use std::fmt;
use std::path::Path;

use yaml_file::Place;

use crate::live::Objection;

/// Most characters of a message where there is little room; the whole is in the log.
const BRIEF: usize = 200;

/// What is wrong first, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The name of the file without its folder; empty when the files are good and somebody objects to them.
    pub file: String,
    /// Its line; 0 when the file as a whole is meant.
    pub line: usize,
    /// Where in the line, in characters, from 1; 0 when the file as a whole is meant.
    pub column: usize,
    /// What is wrong; nothing of the file is quoted from a line that holds a secret.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// All that is wrong with the files of the rules, or what a guard has against them.
#[derive(Debug)]
pub struct Error {
    files: Vec<yaml_file::Error>,
    objection: Option<Objection>,
}

impl Error {
    pub(crate) const fn new(files: Vec<yaml_file::Error>) -> Self {
        Self { files, objection: None }
    }

    pub(crate) const fn objection(objection: Objection) -> Self {
        Self { files: Vec::new(), objection: Some(objection) }
    }

    /// What is wrong with each file, in the order in which they are read; nothing when a guard objects to good files.
    pub fn files(&self) -> &[yaml_file::Error] {
        &self.files
    }

    /// What is wrong first.
    pub fn brief(&self) -> Brief {
        let whole = |name: String, message: String| (name, Place::default(), message, None);
        let (name, place, message, hint) = match (&self.objection, self.files.first()) {
            (Some(objection), _) => whole(String::new(), objection.to_string()),
            (None, Some(yaml_file::Error::Wrong(report))) => match report.first().cloned() {
                Some(finding) => (report.name.clone(), finding.place, finding.message, finding.hint),
                None => whole(report.name.clone(), String::new()),
            },
            (None, Some(yaml_file::Error::Read { path, source })) => {
                whole(path.display().to_string(), source.to_string())
            }
            (None, Some(yaml_file::Error::TooLarge { name, .. })) => whole(name.clone(), "it is too large".to_owned()),
            (None, None) => whole(String::new(), String::new()),
        };
        let file = Path::new(&name).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut message: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if let Some((end, _)) = message.char_indices().nth(BRIEF) {
            message.truncate(end);
            message.push('…');
        }
        Brief { file, line: place.line, column: place.column, message, hint }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(objection) = &self.objection {
            return write!(f, "{objection}");
        }
        for (index, error) in self.files.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{error}")?;
            // There is no one source of several errors, so each brings its own.
            if let Some(source) = error.source() {
                write!(f, ": {source}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

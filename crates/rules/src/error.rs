use std::error::Error as _;
use std::fmt;

use crate::live::Objection;

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

use std::error::Error as _;
use std::fmt;

/// All that is wrong with the files of the rules.
#[derive(Debug)]
pub struct Error(Vec<yaml_file::Error>);

impl Error {
    pub(crate) const fn new(files: Vec<yaml_file::Error>) -> Self {
        Self(files)
    }

    /// What is wrong with each file, in the order in which they are read; at least one.
    pub fn files(&self) -> &[yaml_file::Error] {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
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

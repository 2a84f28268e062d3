use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use domain::Timestamp;

use crate::{Error, Rules};

mod fingerprint;
#[cfg(test)]
mod tests;

use fingerprint::Fingerprint;

/// The rules in force, which a reload replaces as a whole. Readers ask for them anew whenever they begin something.
#[derive(Debug)]
pub struct LiveRules {
    /// Where the files are; none when all are built in.
    folder: Option<PathBuf>,
    current: ArcSwap<Rules>,
    refused: ArcSwapOption<Refused>,
    looks: Mutex<Looks>,
}

/// That the files as they are now cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// When they were read.
    pub at: Timestamp,
    /// What is wrong with them.
    pub error: Arc<str>,
}

/// How the files looked.
#[derive(Debug, Default)]
struct Looks {
    /// When they were last read, for good or bad.
    read: Fingerprint,
    /// The last time that somebody asked.
    last: Fingerprint,
}

impl LiveRules {
    /// Those of a folder, which a reload reads again.
    ///
    /// # Errors
    ///
    /// As [`Rules::load_folder`].
    pub fn load_folder(folder: &Path) -> Result<Self, Error> {
        // Looked at before they are read: a change in between is seen as one.
        let look = Fingerprint::of(folder);
        let rules = Rules::load_folder(folder)?;
        let looks = Mutex::new(Looks { read: look.clone(), last: look });
        let current = ArcSwap::from_pointee(rules);
        Ok(Self { folder: Some(folder.to_owned()), current, refused: ArcSwapOption::empty(), looks })
    }

    /// Those that are built in; a reload changes nothing.
    pub fn built_in() -> Self {
        let current = ArcSwap::from_pointee(Rules::built_in());
        Self { folder: None, current, refused: ArcSwapOption::empty(), looks: Mutex::default() }
    }

    /// Those in force now.
    pub fn current(&self) -> Arc<Rules> {
        self.current.load_full()
    }

    /// Why the files as they are now are not in force; none if they are.
    pub fn refused(&self) -> Option<Arc<Refused>> {
        self.refused.load_full()
    }

    /// Reads all files again and puts them in force together; if anything is wrong in any of them, the old rules go on.
    ///
    /// # Errors
    ///
    /// As [`Rules::load_folder`]; [`LiveRules::refused`] tells it until a reload is good.
    pub fn reload(&self) -> Result<Arc<Rules>, Error> {
        let Some(folder) = &self.folder else { return Ok(self.current()) };
        // One reload after the other: the lock is held until what was read is in force.
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.read = Fingerprint::of(folder);
        match Rules::load_folder(folder) {
            Ok(rules) => {
                // Equal rules stay the same object, so that nobody has to begin anew.
                if *self.current.load_full() != rules {
                    self.current.store(Arc::new(rules));
                }
                self.refused.store(None);
                Ok(self.current())
            }
            Err(error) => {
                let at = std::time::SystemTime::now().into();
                self.refused.store(Some(Arc::new(Refused { at, error: error.to_string().into() })));
                Err(error)
            }
        }
    }

    /// Whether the files have changed since they were last read, and no longer change: a file that is being written
    /// looks otherwise at each look. To be asked every few seconds; only times and sizes are looked at.
    pub fn has_changed(&self) -> bool {
        let Some(folder) = &self.folder else { return false };
        let now = Fingerprint::of(folder);
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let has_settled = now == looks.last;
        let has_changed = now != looks.read;
        looks.last = now;
        has_changed && has_settled
    }
}

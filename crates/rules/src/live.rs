use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use domain::Timestamp;

use crate::{Brief, Error, Loaded, Rules};

mod fingerprint;
mod guard;
#[cfg(test)]
mod tests;

use fingerprint::Fingerprint;
use guard::Guard;
pub(crate) use guard::Objection;

/// The rules in force, which a reload replaces as a whole. Readers ask for them anew whenever they begin something.
#[derive(Debug)]
pub struct LiveRules {
    /// Where the files are; none when all are built in.
    folder: Option<PathBuf>,
    current: ArcSwap<Loaded>,
    refused: ArcSwapOption<Refused>,
    looks: Mutex<Looks>,
    guard: Mutex<Option<Guard>>,
}

/// That the files as they are now cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// When they were read.
    pub at: Timestamp,
    /// What is wrong with them.
    pub error: Arc<str>,
    /// What of it is wrong first.
    pub brief: Brief,
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
        let loaded = Loaded::load_folders(&[folder])?;
        let looks = Mutex::new(Looks { read: look.clone(), last: look });
        let current = ArcSwap::from_pointee(loaded);
        let (refused, guard) = (ArcSwapOption::empty(), Mutex::default());
        Ok(Self { folder: Some(folder.to_owned()), current, refused, looks, guard })
    }

    /// Those that are built in; a reload changes nothing.
    pub fn built_in() -> Self {
        Self::fixed(Loaded::built_in())
    }

    /// These, whatever becomes of the files they were read from; a reload changes nothing.
    pub fn fixed(loaded: Loaded) -> Self {
        let current = ArcSwap::from_pointee(loaded);
        let (refused, looks, guard) = (ArcSwapOption::empty(), Mutex::default(), Mutex::default());
        Self { folder: None, current, refused, looks, guard }
    }

    /// Those in force now.
    pub fn current(&self) -> Arc<Rules> {
        self.current.load().rules.clone()
    }

    /// Those in force now, and the files that they were read from. They may have changed on disk since.
    pub fn loaded(&self) -> Loaded {
        Loaded::clone(&self.current.load())
    }

    /// Why the files as they are now are not in force; none if they are.
    pub fn refused(&self) -> Option<Arc<Refused>> {
        self.refused.load_full()
    }

    /// From now on every reload asks `guard` too, who knows what else rules need to be of use: what it has something
    /// against does not come in force. A later guard takes its place.
    pub fn guard(&self, guard: impl Fn(&Rules) -> Result<(), Objection> + Send + Sync + 'static) {
        *self.guard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Guard::new(guard));
    }

    /// Reads all files again and puts them in force together; if anything is wrong in any of them, the old rules go on.
    ///
    /// # Errors
    ///
    /// As [`Rules::load_folder`], or what the guard says; [`LiveRules::refused`] tells it until a reload is good.
    pub fn reload(&self) -> Result<Arc<Rules>, Error> {
        let Some(folder) = &self.folder else { return Ok(self.current()) };
        // One reload after the other: the lock is held until what was read is in force.
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.read = Fingerprint::of(folder);
        match Loaded::load_folders(&[folder]).and_then(|loaded| self.look(loaded)) {
            Ok(mut loaded) => {
                // Equal rules stay the same object, so that nobody has to begin anew; their files may look otherwise.
                let before = self.current();
                if before == loaded.rules {
                    loaded.rules = before;
                }
                self.current.store(Arc::new(loaded));
                self.refused.store(None);
                Ok(self.current())
            }
            Err(error) => {
                let at = std::time::SystemTime::now().into();
                self.refused.store(Some(Arc::new(Refused {
                    at,
                    error: error.to_string().into(),
                    brief: error.brief(),
                })));
                Err(error)
            }
        }
    }

    fn look(&self, loaded: Loaded) -> Result<Loaded, Error> {
        let guard = self.guard.lock().unwrap_or_else(PoisonError::into_inner);
        match guard.as_ref().map_or(Ok(()), |guard| guard.look(&loaded.rules)) {
            Ok(()) => Ok(loaded),
            Err(objection) => Err(Error::objection(objection)),
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

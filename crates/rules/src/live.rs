use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{Error, Rules};

/// The rules in force, which a reload replaces as a whole. Readers ask for them anew whenever they begin something.
#[derive(Debug)]
pub struct LiveRules {
    /// The file; none when they are built in.
    path: Option<PathBuf>,
    current: ArcSwap<Rules>,
}

impl LiveRules {
    /// Those of a file, which a reload reads again.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let rules = Rules::load(path)?;
        Ok(Self { path: Some(path.to_owned()), current: ArcSwap::from_pointee(rules) })
    }

    /// Those that are built in; a reload changes nothing.
    pub fn built_in() -> Self {
        Self { path: None, current: ArcSwap::from_pointee(Rules::built_in()) }
    }

    /// Those in force now.
    pub fn current(&self) -> Arc<Rules> {
        self.current.load_full()
    }

    /// Reads the file again and puts it in force; if it is wrong, the old rules go on.
    pub fn reload(&self) -> Result<Arc<Rules>, Error> {
        if let Some(path) = &self.path {
            let rules = Rules::load(path)?;
            // Equal rules stay the same object, so that nobody has to begin anew.
            if *self.current.load_full() != rules {
                self.current.store(Arc::new(rules));
            }
        }
        Ok(self.current())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reload_takes_a_good_file_and_refuses_a_bad_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bands.yml");
        let shipped = include_str!("../../../config/slo-thresholds-matrix.yml");
        std::fs::write(&path, shipped).unwrap();
        let live = LiveRules::load(&path).unwrap();
        let first = live.current();
        assert!(Arc::ptr_eq(&first, &live.reload().unwrap()));

        std::fs::write(&path, "vitals: [").unwrap();
        live.reload().unwrap_err();
        assert!(Arc::ptr_eq(&first, &live.current()));

        std::fs::write(&path, shipped.replace("minimum_hold: 5s", "minimum_hold: 6s")).unwrap();
        assert_ne!(live.reload().unwrap().minimum_hold, first.minimum_hold);
    }
}

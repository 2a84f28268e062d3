use std::fmt;

use crate::Rules;

/// What a guard has against rules.
pub(crate) type Objection = Box<dyn std::error::Error + Send + Sync>;

/// Who looks at rules before they come in force.
pub(super) struct Guard(Box<Look>);

type Look = dyn Fn(&Rules) -> Result<(), Objection> + Send + Sync;

impl Guard {
    pub(super) fn new(look: impl Fn(&Rules) -> Result<(), Objection> + Send + Sync + 'static) -> Self {
        Self(Box::new(look))
    }

    pub(super) fn look(&self, rules: &Rules) -> Result<(), Objection> {
        (self.0)(rules)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{FILES, LiveRules};

    #[test]
    fn rules_that_a_guard_finds_fault_with_do_not_come_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let live = LiveRules::load_folder(folder.path()).unwrap();
        live.guard(|rules| if rules.actions.is_enabled { Ok(()) } else { Err("who would act then?".into()) });
        let first = live.reload().unwrap();

        let actions = FILES.into_iter().find(|name| *name == "actions.yml").unwrap();
        let shipped = include_str!("../../../../config/actions.yml");
        std::fs::write(folder.path().join(actions), shipped.replace("enabled: true", "enabled: false")).unwrap();
        let error = live.reload().unwrap_err();
        assert_eq!(error.to_string(), "who would act then?");
        assert!(error.files().is_empty());
        assert_eq!(&*live.refused().unwrap().error, "who would act then?");
        assert!(Arc::ptr_eq(&first, &live.current()));

        std::fs::write(folder.path().join(actions), shipped).unwrap();
        live.reload().unwrap();
        assert_eq!(live.refused(), None);
    }
}

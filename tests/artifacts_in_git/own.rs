//! The artifacts of this repository itself.

use domain::ArtifactStatus;

use super::workflow::root;

#[test]
fn our_own_artifacts_are_valid() {
    for name in changes::waiting(&root()).unwrap() {
        let content = std::fs::read(root().join(changes::ARTIFACTS).join(&name)).unwrap();
        let checked = artifacts::check(&content);
        assert_ne!(checked.status, ArtifactStatus::Block, "{name}: {:?}", checked.findings);
    }
}

#[test]
fn our_own_archive_is_as_it_was_written() {
    assert_eq!(changes::verify(&root()).unwrap(), Vec::<String>::new());
}

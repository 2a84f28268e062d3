//! What every workflow has to keep to, whatever it does.

use std::fs;

use super::workflow::{COMMENT, Workflow, root};

fn all() -> Vec<(String, Workflow)> {
    let entries = root().join(".github/workflows").read_dir().unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    names.into_iter().map(|name| (name.clone(), Workflow::read(&name))).collect()
}

#[test]
fn no_text_of_others_is_put_into_a_script() {
    for (name, workflow) in all() {
        for step in workflow.jobs.values().flat_map(|job| &job.steps) {
            let script = step.run.as_deref().unwrap_or_default();
            assert!(
                !script.contains("${{"),
                "{name}: an expression in a script is a script that others write: {script}"
            );
        }
    }
}

#[test]
fn every_action_is_pinned_to_a_commit() {
    for (name, workflow) in all() {
        let text = fs::read_to_string(root().join(".github/workflows").join(&name)).unwrap();
        for uses in workflow.jobs.values().flat_map(|job| &job.steps).filter_map(|step| step.uses.as_deref()) {
            let commit = uses.rsplit_once('@').map_or("", |(_, commit)| commit);
            let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{name}: {uses}");
            assert!(text.contains(&format!("{uses} # v")), "{name}: {uses} without its version");
        }
    }
}

#[test]
fn rights_are_given_to_jobs_alone_and_only_where_nothing_foreign_runs() {
    for (name, workflow) in all() {
        assert!(workflow.permissions.as_ref().is_some_and(|rights| rights.is_empty()), "{name} begins with no rights");
        assert!(workflow.triggers.get("pull_request_target").is_none(), "{name}");
        let is_of_strangers = workflow.triggers.get("pull_request").is_some();
        for (job, steps) in &workflow.jobs {
            let rights = steps.permissions.as_ref().unwrap_or_else(|| panic!("{name}: {job} says no rights"));
            let may_write = rights.values().any(|right| right == "write");
            assert!(!(may_write && is_of_strangers), "{name}: {job}");
            let builds = steps.steps.iter().any(|step| step.run.as_deref().is_some_and(|run| run.contains("cargo ")));
            assert!(!(may_write && builds), "{name}: {job} builds beside a token that may write");
            for step in
                steps.steps.iter().filter(|step| step.uses.as_deref().is_some_and(|uses| uses.contains("checkout")))
            {
                let keeps_token = step.with.get("persist-credentials") != Some(&false.into());
                assert!(!keeps_token || job == "propose", "{name}: {job} leaves its token lying about");
            }
        }
    }
}

/// Whatever a download wrote is written over by the checkout, and not the other way round.
#[test]
fn what_comments_is_checked_out_after_the_download() {
    let workflow = Workflow::read(COMMENT);
    let actions: Vec<&str> = workflow.jobs["comment"].steps.iter().filter_map(|step| step.uses.as_deref()).collect();
    let at = |name: &str| actions.iter().position(|uses| uses.contains(name)).unwrap();
    assert!(at("download-artifact") < at("checkout"));
    let checkout = workflow.jobs["comment"]
        .steps
        .iter()
        .find(|step| step.uses.as_deref().is_some_and(|uses| uses.contains("checkout")));
    assert!(!checkout.unwrap().with.contains_key("ref"), "it is that of the default branch");
}

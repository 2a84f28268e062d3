//! A workflow's file as far as it can be run here: its steps of shell, in the environment that GitHub would give.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

pub(super) const VALIDATION: &str = "delta-omega-lambda-validation.yml";
pub(super) const COMMENT: &str = "delta-omega-lambda-comment.yml";
pub(super) const ARCHIVE: &str = "delta-omega-lambda-archive.yml";

/// The repository of Iskra itself.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

#[derive(Deserialize)]
pub(super) struct Workflow {
    #[serde(rename = "on")]
    pub(super) triggers: Value,
    pub(super) permissions: Option<BTreeMap<String, String>>,
    defaults: Option<Value>,
    pub(super) jobs: BTreeMap<String, Job>,
}

#[derive(Deserialize)]
pub(super) struct Job {
    pub(super) permissions: Option<BTreeMap<String, String>>,
    pub(super) steps: Vec<Step>,
}

#[derive(Deserialize)]
pub(super) struct Step {
    pub(super) id: Option<String>,
    pub(super) uses: Option<String>,
    pub(super) run: Option<String>,
    #[serde(default)]
    pub(super) with: BTreeMap<String, Value>,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

impl Workflow {
    pub(super) fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(".github/workflows").join(name)).unwrap();
        serde_saphyr::from_str(&text).unwrap()
    }

    /// The step of shell with this id.
    pub(super) fn step(&self, job: &str, id: &str) -> &Step {
        let steps = &self.jobs[job].steps;
        steps.iter().find(|step| step.id.as_deref() == Some(id)).unwrap_or_else(|| panic!("no step {id}"))
    }
}

/// A machine of GitHub: a workspace, a place for what is temporary, files for what steps say, and programs put before those
/// of the system.
pub(super) struct Runner {
    pub(super) workspace: PathBuf,
    event: Value,
    place: tempfile::TempDir,
}

/// What a step came to.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) code: i32,
    /// What it wrote into its log.
    pub(super) log: String,
    pub(super) outputs: String,
    pub(super) summary: String,
}

impl Runner {
    pub(super) fn new(workspace: &Path, event: Value) -> Self {
        let runner = Self { workspace: workspace.to_owned(), event, place: tempfile::tempdir().unwrap() };
        for folder in ["temp", "programs", "home"] {
            fs::create_dir(runner.place.path().join(folder)).unwrap();
        }
        runner
    }

    pub(super) fn temp(&self) -> PathBuf {
        self.place.path().join("temp")
    }

    pub(super) fn place(&self) -> &Path {
        self.place.path()
    }

    /// Puts a program before those of the system.
    pub(super) fn program(&self, name: &str, text: &str) {
        let path = self.place.path().join("programs").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a step as GitHub does: its text in a file, expressions only in its environment.
    pub(super) fn run(&self, workflow: &Workflow, step: &Step) -> Outcome {
        let shell =
            workflow.defaults.as_ref().and_then(|defaults| defaults.pointer("/run/shell")).and_then(Value::as_str);
        assert_eq!(shell, Some("bash"), "which is `bash --noprofile --norc -eo pipefail`");
        let [script, outputs, summary] = ["script", "outputs", "summary"].map(|name| self.place.path().join(name));
        fs::write(&script, step.run.as_ref().unwrap()).unwrap();
        fs::write(&outputs, "").unwrap();
        fs::write(&summary, "").unwrap();
        let programs = format!("{}:{}", self.place.path().join("programs").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script).current_dir(&self.workspace);
        command.env_clear().env("PATH", programs).env("HOME", self.place.path().join("home"));
        command.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary).env("RUNNER_TEMP", self.temp());
        command.env("GITHUB_REPOSITORY", "example/iskra").env("GITHUB_ACTIONS", "true").env("CI", "true");
        command.env("PLACE", self.place.path());
        if let Some(sha) = self.event.get("after").and_then(Value::as_str) {
            command.env("GITHUB_SHA", sha);
        }
        for (name, text) in &step.env {
            command.env(name, self.value(text));
        }
        let output = command.stdin(Stdio::null()).output().unwrap();
        let log = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        let [outputs, summary] = [outputs, summary].map(|path| fs::read_to_string(path).unwrap());
        Outcome { code: output.status.code().unwrap(), log, outputs, summary }
    }

    /// A text of the environment: an expression by itself, or no expression at all.
    fn value(&self, text: &str) -> String {
        let Some(expression) = text.strip_prefix("${{ ").and_then(|text| text.strip_suffix(" }}")) else {
            assert!(!text.contains("${{"), "{text}");
            return text.to_owned();
        };
        match expression.strip_prefix("github.event.") {
            None if expression == "github.token" => "a-token".to_owned(),
            None => panic!("{expression} is not known here"),
            Some(path) => match self.event.pointer(&format!("/{}", path.replace('.', "/"))) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                other => panic!("the event says {other:?} of {expression}"),
            },
        }
    }
}

use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use yaml_file::{Findings, Source};

use crate::compile;
use crate::files::{self, Files, Texts};
use crate::{Error, Rules};

/// Rules, and the files that they were read from as they were then. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The rules.
    pub rules: Arc<Rules>,
    /// The files.
    pub files: Arc<Files>,
}

impl Loaded {
    /// Reads and checks the files of several folders: each file is that of the first of them that has it, or the
    /// built-in one.
    ///
    /// # Errors
    ///
    /// Names every place that is wrong, in all files, or says which folder cannot be read.
    pub fn load_folders(folders: &[&Path]) -> Result<Self, Error> {
        for folder in folders {
            // A folder that is gone (a volume that is not mounted) must not pass for one without files of its own.
            if let Err(source) = std::fs::read_dir(folder) {
                return Err(Error::new(vec![yaml_file::Error::Read { path: folder.to_path_buf(), source }]));
            }
        }
        Self::compile(files::of_folders(folders))
    }

    /// What is shipped in `config/`.
    pub fn built_in() -> Self {
        Self::compile(files::of_texts(&[])).expect("the shipped files are checked by a test")
    }

    pub(crate) fn compile(texts: Texts) -> Result<Self, Error> {
        let mut reader = Reader::default();
        let [bands, signals, voices, actions, states, escalation] = texts;
        let bands = reader.read(bands, compile::bands::compile).flatten();
        let names = reader.read(signals, compile::signals::compile);
        let mut names = names.unwrap_or_else(compile::signals::blind);
        let voices = reader.read(voices, |file, findings| compile::voices::compile(file, &mut names, findings));
        let actions = reader.read(actions, |file, findings| compile::actions::compile(file, &mut names, findings));
        let states = reader.read(states, |file, findings| compile::states::compile(file, &mut names, findings));
        let escalation = reader.read(escalation, compile::escalation::compile);

        if !reader.errors.is_empty() {
            return Err(Error::new(reader.errors));
        }
        let complete = "what is missing was found";
        let (bands, voices) = (bands.expect(complete), voices.expect(complete));
        let mut rules = Rules {
            bands: bands.bands,
            staleness: bands.staleness,
            minimum_hold: bands.minimum_hold,
            objectives: bands.objectives,
            signals: names.into_signals(),
            voices: voices.voices.expect(complete),
            actions: actions.expect(complete),
            symbols: voices.symbols,
            tones: voices.tones,
            neutral: voices.neutral,
            states: states.expect(complete),
            escalation: escalation.expect(complete),
            hash: String::new(),
        };
        compile::titles::entitle(&mut rules);
        rules.hash = rules.hash_of_meaning();
        let sources = reader.sources.try_into().expect("each file was there");
        let files = Files { sources, edges: bands.places };
        Ok(Self { rules: Arc::new(rules), files: Arc::new(files) })
    }

    fn into_rules(self) -> Rules {
        Arc::unwrap_or_clone(self.rules)
    }
}

impl Rules {
    /// Reads and checks the files of a folder; those that it does not have are the built-in ones.
    ///
    /// # Errors
    ///
    /// As [`Loaded::load_folders`].
    pub fn load_folder(folder: &Path) -> Result<Self, Error> {
        Self::load_folders(&[folder])
    }

    /// The same of several folders: each file is that of the first of them that has it.
    ///
    /// # Errors
    ///
    /// As [`Loaded::load_folders`].
    pub fn load_folders(folders: &[&Path]) -> Result<Self, Error> {
        Loaded::load_folders(folders).map(Loaded::into_rules)
    }

    /// Reads and checks texts, each with the name of its file; those that are not given are the built-in ones.
    ///
    /// # Errors
    ///
    /// Names every place that is wrong.
    pub fn parse(texts: &[(&str, &str)]) -> Result<Self, Error> {
        Loaded::compile(files::of_texts(texts)).map(Loaded::into_rules)
    }

    /// The rules that are shipped in `config/`.
    pub fn built_in() -> Self {
        Loaded::built_in().into_rules()
    }

    /// FNV-1a over all that the rules say. `Debug` leaves nothing out, and nothing of the files' layout gets in.
    fn hash_of_meaning(&self) -> String {
        let start = 0xcbf2_9ce4_8422_2325_u64;
        let hash = format!("{self:?}")
            .bytes()
            .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }
}

/// Reads one file after the other and gathers what is wrong.
#[derive(Default)]
struct Reader {
    errors: Vec<yaml_file::Error>,
    sources: Vec<Source>,
}

impl Reader {
    /// What `compile` makes of the file; none if its shape is wrong.
    fn read<F: DeserializeOwned, T>(
        &mut self,
        source: Result<Source, yaml_file::Error>,
        compile: impl FnOnce(&F, &mut Findings) -> T,
    ) -> Option<T> {
        let read = || {
            let source = source?;
            self.sources.push(source.clone());
            let file: F = source.parse()?;
            let mut findings = Findings::default();
            let compiled = compile(&file, &mut findings);
            Ok((compiled, source.check(findings)))
        };
        match read() {
            Ok((compiled, checked)) => {
                self.errors.extend(checked.err());
                Some(compiled)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }
}

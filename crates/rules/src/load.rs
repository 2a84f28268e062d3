use std::path::Path;

use serde::de::DeserializeOwned;
use yaml_file::{Findings, Source};

use crate::compile;
use crate::files::{self, Texts};
use crate::{Error, Rules};

impl Rules {
    /// Reads and checks the files of a folder; those that it does not have are the built-in ones.
    ///
    /// # Errors
    ///
    /// Names every place that is wrong, in all files, or says that the folder cannot be read.
    pub fn load_folder(folder: &Path) -> Result<Self, Error> {
        Self::load_folders(&[folder])
    }

    /// The same of several folders: each file is that of the first of them that has it.
    ///
    /// # Errors
    ///
    /// As [`Rules::load_folder`].
    pub fn load_folders(folders: &[&Path]) -> Result<Self, Error> {
        for folder in folders {
            // A folder that is gone (a volume that is not mounted) must not pass for one without files of its own.
            if let Err(source) = std::fs::read_dir(folder) {
                return Err(Error::new(vec![yaml_file::Error::Read { path: folder.to_path_buf(), source }]));
            }
        }
        Self::compile(files::of_folders(folders))
    }

    /// Reads and checks texts, each with the name of its file; those that are not given are the built-in ones.
    ///
    /// # Errors
    ///
    /// Names every place that is wrong.
    pub fn parse(texts: &[(&str, &str)]) -> Result<Self, Error> {
        Self::compile(files::of_texts(texts))
    }

    /// The rules that are shipped in `config/`.
    pub fn built_in() -> Self {
        Self::parse(&[]).expect("the shipped files are checked by a test")
    }

    fn compile(texts: Texts) -> Result<Self, Error> {
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
        let mut rules = Self {
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
        Ok(rules)
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

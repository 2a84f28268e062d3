use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::error::Error;

/// Contents by their ids, through one process. Nothing that is too large is kept.
#[derive(Debug)]
pub(crate) struct Blobs {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    pub(super) fn start(mut git: Command) -> Result<Self, Error> {
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = git.spawn().map_err(Error::Git)?;
        let questions = process.stdin.take();
        let answers = process.stdout.take().ok_or(Error::Answer { question: "cat-file --batch" })?;
        Ok(Self { process, questions, answers: BufReader::new(answers) })
    }

    /// The content of that id; nothing if it is larger than `most` bytes.
    pub(crate) fn read(&mut self, id: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        self.ask(id, most).map_err(Error::Git)?.ok_or(Error::Answer { question: "cat-file --batch" })
    }

    fn ask(&mut self, id: &str, most: u64) -> io::Result<Option<Option<Vec<u8>>>> {
        let Some(questions) = &mut self.questions else { return Ok(None) };
        writeln!(questions, "{id}")?;
        questions.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        // `<id> blob <size>`, or `<id> missing`.
        let words: Vec<&str> = header.split_whitespace().collect();
        let size: u64 = match words.as_slice() {
            [_, "blob", size] => size.parse().map_err(io::Error::other)?,
            _ => return Ok(None),
        };
        let mut content = Vec::new();
        let kept = if size <= most { size } else { 0 };
        self.answers.by_ref().take(kept).read_to_end(&mut content)?;
        // What is left of it, and the end of its line.
        io::copy(&mut self.answers.by_ref().take(size - kept + 1), &mut io::sink())?;
        Ok(Some((size <= most && content.len() as u64 == size).then_some(content)))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        drop(self.questions.take());
        // It ends by itself when nobody asks any more; how is of no interest.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

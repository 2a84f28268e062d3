use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use reqwest::header::HeaderValue;

const VARIABLE: &str = "ISKRA_TOKEN";
const FILE_VARIABLE: &str = "ISKRA_TOKEN_FILE";

/// What says who we are. It is shown to the suite and to nobody else: it cannot be printed.
pub(crate) struct Token {
    header: HeaderValue,
    origin: Origin,
}

/// Where a token was found.
#[derive(Debug)]
pub(crate) enum Origin {
    Variable,
    File(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable => f.write_str(VARIABLE),
            Self::File(path) => write!(f, "{FILE_VARIABLE}={}", path.display()),
        }
    }
}

impl Token {
    /// The one that the environment names, if it does.
    pub(super) fn from_environment() -> anyhow::Result<Option<Self>> {
        let named = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match (named(VARIABLE), named(FILE_VARIABLE)) {
            (None, None) => Ok(None),
            (Some(_), Some(_)) => anyhow::bail!("{VARIABLE} and {FILE_VARIABLE} are both set: which one is meant?"),
            (Some(text), None) => Self::new(&text.to_string_lossy(), Origin::Variable).map(Some),
            (None, Some(path)) => {
                let (text, origin) = (std::fs::read_to_string(&path), Origin::File(path.into()));
                Self::new(&text.with_context(|| format!("{origin} cannot be read"))?, origin).map(Some)
            }
        }
    }

    pub(super) fn new(text: &str, origin: Origin) -> anyhow::Result<Self> {
        let text = text.trim();
        let is_one = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        ensure!(is_one, "{origin} holds no token: one is a single word that begins with iskra_");
        let mut header = HeaderValue::try_from(format!("Bearer {text}")).context("a word of ASCII is a header")?;
        header.set_sensitive(true);
        Ok(Self { header, origin })
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }
}

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rules::Webhook;
use sha2::Sha256;

use crate::door::host;
use crate::fault::chain;

/// What a key begins with, so that people and scanners see what it is.
const PREFIX: &str = "whsec_";
/// How many bytes a key has.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// What the name of a variable ends with that names a file.
const FILE_SUFFIX: &str = "_FILE";
/// More than any file of keys has: somebody may name a device.
const MAX_FILE_BYTES: u64 = 4 * 1024;

/// Where the keys are. Read anew for every request, so that an exchanged file counts at once.
#[derive(Clone)]
pub struct Secrets(Arc<Variables>);

/// The value of a variable, by its name.
type Variables = dyn Fn(&str) -> Option<String> + Send + Sync;

/// A key to sign with. It has no way to be shown.
pub(crate) struct Key(Vec<u8>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither variable is set.
    #[error("{0} is not set, nor is {0}{FILE_SUFFIX}: one of them gives the key to sign with")]
    Missing(String),
    /// Both are.
    #[error("{0} and {0}{FILE_SUFFIX} are both set: which one is meant?")]
    Twice(String),
    /// The file cannot be read.
    #[error("the file that {0}{FILE_SUFFIX} names cannot be read")]
    File(String, #[source] std::io::Error),
    /// It is no key.
    #[error(
        "{0} is not a key, which is `{PREFIX}` and {least} to {most} random bytes in base64: \
         `echo {PREFIX}$(openssl rand -base64 32)` makes one",
        least = KEY_BYTES.start(),
        most = KEY_BYTES.end()
    )]
    Malformed(String),
}

/// Webhooks that cannot be told of anything.
#[derive(Debug)]
pub struct Unusable(Vec<(String, SecretError)>);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (host, error)) in self.0.iter().enumerate() {
            let line = if index > 0 { "\n" } else { "" };
            write!(f, "{line}the webhook at {host}: {}", chain(error))?;
        }
        Ok(())
    }
}

impl std::error::Error for Unusable {}

/// Looks whether there is a key for each of the webhooks, and tells of all that have none.
pub fn check(webhooks: &[Webhook], secrets: &Secrets) -> Result<(), Unusable> {
    let fault = |webhook: &Webhook| Some((host(&webhook.url), secrets.keys(&webhook.secret).err()?));
    let faults: Vec<_> = webhooks.iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Unusable(faults)) }
}

impl Secrets {
    /// Those in the environment of this process.
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }

    /// Those that `variable` knows by name.
    pub fn new(variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(variable))
    }

    /// The keys of this name, at least one.
    pub(crate) fn keys(&self, name: &str) -> Result<Vec<Key>, SecretError> {
        let variable = &self.0;
        let text = match (variable(name), variable(&format!("{name}{FILE_SUFFIX}"))) {
            (Some(_), Some(_)) => return Err(SecretError::Twice(name.to_owned())),
            (Some(text), None) => text,
            (None, Some(path)) => read(&path).map_err(|error| SecretError::File(name.to_owned(), error))?,
            (None, None) => return Err(SecretError::Missing(name.to_owned())),
        };
        let keys: Option<Vec<_>> = text.split_whitespace().map(Key::parse).collect();
        keys.filter(|keys| !keys.is_empty()).ok_or_else(|| SecretError::Malformed(name.to_owned()))
    }
}

fn read(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

impl Key {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.strip_prefix(PREFIX)?).ok()?;
        KEY_BYTES.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// One entry of `webhook-signature`. That an id holds full stops makes nothing ambiguous: between it and the body,
    /// which begins with a brace, there is exactly one whole number.
    pub(crate) fn sign(&self, id: &str, seconds: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length will do");
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
            mac.update(part);
        }
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

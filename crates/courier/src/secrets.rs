use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rules::Webhook;
use settings::{SecretError, Secrets};
use sha2::Sha256;

use crate::door::host;
use crate::fault::chain;

/// What a key begins with, so that people and scanners see what it is.
const PREFIX: &str = "whsec_";
/// How many bytes a key has.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// A key to sign with. It has no way to be shown.
pub(crate) struct Key(Vec<u8>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no text that it could stand in.
    #[error(transparent)]
    Secret(#[from] SecretError),
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
pub struct Unusable(Vec<(String, KeyError)>);

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
    let fault = |webhook: &Webhook| Some((host(&webhook.url), keys(secrets, &webhook.secret).err()?));
    let faults: Vec<_> = webhooks.iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Unusable(faults)) }
}

/// The keys of this name, at least one.
pub(crate) fn keys(secrets: &Secrets, name: &str) -> Result<Vec<Key>, KeyError> {
    let text = secrets.text(name)?;
    let keys: Option<Vec<_>> = text.split_whitespace().map(Key::parse).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(|| KeyError::Malformed(name.to_owned()))
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

use std::fmt::{self, Write as _};

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What every token begins with, so that programs that look for leaked secrets know it.
const TOKEN: &str = "iskra_";
/// Characters of the id, which is no secret: it leads to the row whose digest is compared.
const ID_CHARS: usize = 12;
/// Characters of 256 random bits.
const SECRET_CHARS: usize = 64;

/// The text of a token or a session, at the one moment at which it is known: it is told to its owner and forgotten.
pub struct Secret {
    /// Its id.
    pub id: String,
    /// What is kept of it.
    pub digest: Digest,
    text: String,
}

/// What is kept of a secret: its SHA-256. A secret of 256 random bits needs no salt and no slow hash.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

/// A text that has the form of a token or a session.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    /// Its id.
    pub id: &'a str,
    text: &'a str,
}

impl Secret {
    /// The secret of a new token: `iskra_`, an id, `_` and 256 random bits.
    pub fn of_token() -> Self {
        Self::draw(TOKEN)
    }

    /// The secret of a new session.
    pub fn of_session() -> Self {
        Self::draw("")
    }

    fn draw(prefix: &str) -> Self {
        let mut random = [0; (ID_CHARS + SECRET_CHARS) / 2];
        getrandom::fill(&mut random).expect("the system has random numbers: it made keys for TLS from them");
        let hex = random.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a String takes everything");
            hex
        });
        let (id, secret) = hex.split_at(ID_CHARS);
        let text = format!("{prefix}{id}_{secret}");
        Self { id: id.to_owned(), digest: Digest::of(&text), text }
    }

    /// The whole text, for its owner.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}, …)", self.id)
    }
}

impl Digest {
    fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// As a store keeps it; none if it is not 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// For a store.
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// In constant time: how long it takes tells nothing of where they differ.
impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl<'a> Presented<'a> {
    /// Reads the text of a token; none if it has not the form of one.
    pub fn token(text: &'a str) -> Option<Self> {
        Self::parse(text, text.strip_prefix(TOKEN)?)
    }

    /// Reads the text of a session.
    pub fn session(text: &'a str) -> Option<Self> {
        Self::parse(text, text)
    }

    fn parse(text: &'a str, rest: &'a str) -> Option<Self> {
        let (id, secret) = rest.split_once('_')?;
        let is_hex = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_one = id.len() == ID_CHARS && secret.len() == SECRET_CHARS && is_hex(id) && is_hex(secret);
        is_one.then_some(Self { id, text })
    }

    /// What a store would keep of it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text)
    }
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Presented({}, …)", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_is_read_back_and_no_two_are_alike() {
        let (one, other, session) = (Secret::of_token(), Secret::of_token(), Secret::of_session());
        let read = Presented::token(one.expose()).unwrap();
        assert_eq!((read.id, read.digest()), (one.id.as_str(), one.digest));
        assert_ne!(one.digest, other.digest);
        assert_ne!(one.id, other.id);
        let read = Presented::session(session.expose()).unwrap();
        assert_eq!((read.id, read.digest()), (session.id.as_str(), session.digest));
        assert_eq!(one.expose().len(), TOKEN.len() + ID_CHARS + 1 + SECRET_CHARS);
    }

    #[test]
    fn what_has_another_form_is_no_token() {
        let text = Secret::of_token().expose().to_owned();
        for wrong in [
            "",
            "iskra_",
            "iskra__",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
            &format!(" {text}"),
            &text.to_uppercase(),
            &text.replace("iskra_", "iskra-"),
            &format!("{}é", &text[..text.len() - 2]),
            Secret::of_session().expose(),
        ] {
            assert!(Presented::token(wrong).is_none(), "{wrong}");
        }
        assert!(Presented::session(&text).is_none());
    }

    /// A log line, a panic or an error must not tell a secret.
    #[test]
    fn secrets_are_not_shown() {
        let secret = Secret::of_token();
        let (_, hidden) = secret.expose().rsplit_once('_').unwrap();
        let shown = format!("{secret:?} {:?} {:?}", secret.digest, Presented::token(secret.expose()));
        assert!(!shown.contains(hidden) && shown.contains(&secret.id), "{shown}");
    }
}

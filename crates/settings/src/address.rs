use std::fmt;

/// An address that may hold a password. It is shown without it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// The whole of it, for whoever connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What stands before `://`.
    pub(crate) fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("", |(scheme, _)| scheme)
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redacted(&self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text without the passwords of the addresses in it. Not by the rules of addresses: what is written wrong, or names
/// several hosts, must not show its password either.
pub(crate) fn redacted(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        // A password may hold an `@`, a `/` or a comma that should have been escaped: the last `@` ends it.
        match part.rsplit_once('@').map(|(user, rest)| (user.split(':').next().unwrap_or_default(), user, rest)) {
            Some((name, user, rest)) if name.len() < user.len() => shown.push_str(&format!("{name}:***@{rest}")),
            _ => shown.push_str(part),
        }
    }
    without_parameters(&shown)
}

/// A password may also stand among the parameters, `?password=…`.
fn without_parameters(text: &str) -> String {
    const PARAMETER: &str = "password=";
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, value)) = rest.split_once(PARAMETER) {
        let end = value.find(['&', ' ', '#']).unwrap_or(value.len());
        shown.push_str(before);
        shown.push_str("password=***");
        rest = &value[end..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown_however_they_are_written() {
        for (written, shown) in [
            ("postgres://iskra:secret@db.example.com/iskra", "postgres://iskra:***@db.example.com/iskra"),
            ("redis://:secret@cache.example.com", "redis://:***@cache.example.com"),
            ("redis+sentinel://a:secret@b:1,c:2/main", "redis+sentinel://a:***@b:1,c:2/main"),
            ("postgres://iskra:se/cr@et,s@db.example.com/iskra", "postgres://iskra:***@db.example.com/iskra"),
            ("postgres://db/iskra?password=secret&user=a", "postgres://db/iskra?password=***&user=a"),
            ("host=db password=secret user=a", "host=db password=*** user=a"),
            ("http://a:secret@b, http://c:secret@d", "http://a:***@b, http://c:***@d"),
        ] {
            assert_eq!(redacted(written), shown);
            assert_eq!(format!("{:?} {}", Address::from(written), Address::from(written)), format!("{shown} {shown}"));
        }
    }

    #[test]
    fn what_holds_no_password_is_shown_as_it_is() {
        for text in ["", "info,pager=debug", "postgres://iskra@db.example.com/iskra", "http://[::1]:9093/", "a@b:c"] {
            assert_eq!(redacted(text), text);
        }
    }
}

use axum::http::{HeaderMap, header};

/// The cookie of a session.
pub(super) const COOKIE: &str = "iskra_session";

/// What a request shows of who makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credential<'a> {
    None,
    /// `Authorization` is there, and is not one Bearer token.
    Unreadable,
    Token(&'a str),
    Session(&'a str),
}

/// `Authorization` goes before the cookie: a program says who it is, a browser only remembers.
pub(super) fn credential(headers: &HeaderMap) -> Credential<'_> {
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (None, _) => cookie(headers).map_or(Credential::None, Credential::Session),
        (Some(value), None) => {
            let bearer = value.to_str().ok().and_then(|value| value.split_once(' '));
            let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            bearer.map_or(Credential::Unreadable, |(_, token)| Credential::Token(token.trim()))
        }
        (Some(_), Some(_)) => Credential::Unreadable,
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    #[test]
    fn a_credential_is_read_as_it_is_sent() {
        let check = |sent: &[(HeaderName, &str)], expected: Credential<'_>| {
            let headers: HeaderMap = sent.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
            assert_eq!(credential(&headers), expected, "{sent:?}");
        };
        use Credential::{None, Session, Token, Unreadable};
        use header::{AUTHORIZATION, COOKIE};
        check(&[], None);
        check(&[(AUTHORIZATION, "Bearer abc")], Token("abc"));
        check(&[(AUTHORIZATION, "bearer  abc ")], Token("abc"));
        check(&[(AUTHORIZATION, "Bearer")], Unreadable);
        check(&[(AUTHORIZATION, "Bearerabc")], Unreadable);
        check(&[(AUTHORIZATION, "Basic YTpi")], Unreadable);
        check(&[(AUTHORIZATION, "Bearer a"), (AUTHORIZATION, "Bearer b")], Unreadable);
        check(&[(COOKIE, "a=1; iskra_session=abc; b=2")], Session("abc"));
        check(&[(COOKIE, "a=1"), (COOKIE, "iskra_session=abc")], Session("abc"));
        check(&[(COOKIE, "xiskra_session=abc; iskra_sessions=d; iskra_session")], None);
        check(&[(AUTHORIZATION, "Basic YTpi"), (COOKIE, "iskra_session=abc")], Unreadable);
        check(&[(AUTHORIZATION, "Bearer abc"), (COOKIE, "iskra_session=def")], Token("abc"));
    }
}

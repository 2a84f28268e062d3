use super::*;

fn parsed(text: &str) -> RedisAddress {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> AddressError {
    text.parse::<RedisAddress>().expect_err(text)
}

fn host(name: &str, port: u16) -> Host {
    Host { name: name.to_owned(), port }
}

#[test]
fn one_server_has_defaults() {
    let address = parsed("redis://localhost");
    assert_eq!(address.hosts, [host("localhost", 6379)]);
    assert_eq!(address.kind, Kind::Single { database: None });
    assert_eq!((address.has_tls, address.user, address.password), (false, None, None));
}

#[test]
fn everything_can_be_named() {
    let address = parsed("rediss://iskra:p%40ss%2Fw%25rd@[2001:db8::1]:6380/3");
    assert_eq!(address.hosts, [host("2001:db8::1", 6380)]);
    assert_eq!(address.kind, Kind::Single { database: Some(3) });
    assert_eq!(address.user.as_deref(), Some("iskra"));
    assert_eq!(address.password.as_deref(), Some("p@ss/w%rd"));
    assert!(address.has_tls);
}

#[test]
fn a_password_needs_no_user_and_may_hold_a_bare_colon_or_at() {
    let address = parsed("redis://:a:b@c@db.example.com:6379");
    assert_eq!((address.user, address.password.as_deref()), (None, Some("a:b@c")));
    assert_eq!(address.hosts, [host("db.example.com", 6379)]);
}

#[test]
fn sentinels_name_a_master() {
    let address = parsed("redis+sentinel://u:p@one.example.com,two.example.com:26380/main");
    assert_eq!(address.kind, Kind::Sentinel { master: "main".to_owned() });
    assert_eq!(address.hosts, [host("one.example.com", 26379), host("two.example.com", 26380)]);
}

#[test]
fn a_cluster_has_nodes() {
    let address = parsed("rediss+cluster://one.example.com:7000,[::1]");
    assert_eq!((address.kind, address.has_tls), (Kind::Cluster, true));
    assert_eq!(address.hosts, [host("one.example.com", 7000), host("::1", 6379)]);
}

#[test]
fn errors_say_what_was_wrong() {
    for text in ["", "localhost", "localhost:6379", "http://localhost", "redis+ring://a", "REDIS", "sredis+cluster://a"]
    {
        assert_eq!(refused(text), AddressError::Scheme, "{text}");
    }
    for text in ["redis://", "redis:///0", "redis://a,b", "redis+cluster://a,,b", "redis+sentinel:///main"] {
        assert_eq!(refused(text), AddressError::Hosts, "{text}");
    }
    for text in ["a:port", "a:", "a:0", "a:65536", ":6379", "::1", "[::1", "[::1]6379", "a b"] {
        assert_eq!(refused(&format!("redis://{text}")), AddressError::Host(1), "{text}");
    }
    assert_eq!(
        refused("redis+cluster://a,b:x").to_string(),
        "host 2 is none: expected name, name:port or [IPv6]:port, with a port from 1 to 65535"
    );
    for path in ["x", "-1", "0/1"] {
        assert_eq!(refused(&format!("redis://a/{path}")), AddressError::Database);
    }
    for text in ["redis+sentinel://a", "redis+sentinel://a/", "redis+sentinel://a/b/c"] {
        assert_eq!(refused(text), AddressError::Master, "{text}");
    }
    assert_eq!(refused("redis://iskra@a"), AddressError::Password);
    assert_eq!(refused("redis+cluster://a/0"), AddressError::AfterCluster);
    assert_eq!(refused("redis://a?protocol=resp3"), AddressError::Parameters);
    for password in ["%", "%4", "%zz", "%ff", "%+1", "%é1", "%4é"] {
        assert_eq!(refused(&format!("redis://:{password}@a")), AddressError::Encoding, "{password}");
    }
}

#[test]
fn what_is_shown_leads_back_but_never_tells_the_password() {
    for (text, shown) in [
        ("redis://localhost", "redis://localhost:6379"),
        ("rediss://iskra:hunter2@[::1]:6380/3", "rediss://***:***@[::1]:6380/3"),
        ("redis+sentinel://:hunter2@a,b:1/main", "redis+sentinel://***:***@a:26379,b:1/main"),
        ("redis+cluster://:hunter2@a", "redis+cluster://***:***@a:6379"),
    ] {
        let address = parsed(text);
        assert_eq!(address.to_string(), shown);
        assert_eq!(format!("{address:?}"), format!("RedisAddress({shown})"));
        assert_eq!(parsed(shown).hosts, address.hosts);
    }
}

#[test]
fn no_error_tells_a_password() {
    for text in [
        "redis://iskra:hunter2",
        "redis://localhost/hunter2",
        "redis://hunter2@localhost",
        "redys://iskra:hunter2@localhost",
        "redis://iskra:hunter2@local host",
        "redis://iskra:hunter2@localhost:x",
        "redis://iskra:hunter2@localhost/x",
        "redis://iskra:hunter2@",
        "redis://iskra:hunter2%@localhost",
        "redis://iskra:hunter2#@localhost",
        "redis://iskra:hunter2/x@localhost:x",
        "redis+sentinel://iskra:hunter2@localhost",
        "redis+cluster://iskra:hunter2@localhost/x",
    ] {
        let error = refused(text);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

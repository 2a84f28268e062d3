use super::Server;
use super::token::{Origin, Token};

#[test]
fn a_path_lies_below_that_of_the_service() {
    for (url, address) in [
        ("http://127.0.0.1:3001", "http://127.0.0.1:3001/api/v1/samples"),
        ("http://127.0.0.1:3001/", "http://127.0.0.1:3001/api/v1/samples"),
        ("https://iskra.example.com/pulse/", "https://iskra.example.com/pulse/api/v1/samples"),
        ("https://iskra.example.com/pulse", "https://iskra.example.com/pulse/api/v1/samples"),
        ("https://iskra.example.com/pulse/?subject=agent-7", "https://iskra.example.com/pulse/api/v1/samples"),
    ] {
        let server = Server { url: url.parse().unwrap(), token: None };
        assert_eq!(server.address("/api/v1/samples").unwrap().as_str(), address);
    }
}

#[test]
fn a_token_is_one_word_and_is_never_printed() {
    let token = Token::new(" iskra_7_secret\n", Origin::Variable).unwrap();
    assert_eq!(token.header(), "Bearer iskra_7_secret");
    assert_eq!(format!("{:?}", token.header()), "Sensitive");
    for text in ["", " \n", "two words", "iskra_7_секрет", "iskra_7\nsecret"] {
        let Err(error) = Token::new(text, Origin::File("/run/secrets/token".into())) else { panic!("{text:?}") };
        assert_eq!(
            error.to_string(),
            "ISKRA_TOKEN_FILE=/run/secrets/token holds no token: one is a single word that begins with iskra_"
        );
    }
}

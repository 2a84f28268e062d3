use std::path::Path;
use std::time::Duration;

use crate::{Error, Layer, Settings};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn folder_with(file: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("iskra.yml"), file).unwrap();
    folder
}

fn load_file(file: &str) -> Result<Settings, String> {
    let folder = folder_with(file);
    let place = format!("{}/", folder.path().display());
    Settings::load(Some(folder.path()), [], &[]).map_err(|error| error.to_string().replace(&place, ""))
}

fn load_env(name: &str, value: &str) -> Result<Settings, String> {
    Settings::load(None, pairs(&[(name, value)]), &[]).map_err(|error| error.to_string())
}

fn load_flag(key: &str, value: &str) -> Result<Settings, String> {
    Settings::load(None, [], &pairs(&[(key, value)])).map_err(|error| error.to_string())
}

#[test]
fn without_any_layer_the_defaults_are_in_force() {
    let settings = Settings::load(None, [], &[]).unwrap();
    assert_eq!(settings.bind.to_string(), "127.0.0.1");
    assert_eq!(settings.ports.slo_engine, 3004);
    assert_eq!(settings.storage.path, Path::new("data/iskra.db"));
    assert_eq!(settings.storage.retention, Duration::from_secs(365 * 86_400));
    assert_eq!(settings.ingest.max_body.get(), 8 * 1024 * 1024);
    assert!(settings.alertmanager.urls.is_empty());
    assert_eq!(settings.layer("ports.pulse"), Some(&Layer::Default));
}

#[test]
fn later_layers_win_over_earlier_ones() {
    let folder = folder_with("ports:\n  pulse: 1\n  seams: 1002\n  voices: 1003\n");
    let environment = [("ISKRA__PORTS__SEAMS", "2002"), ("ISKRA__PORTS__VOICES", "2003"), ("PATH", "/bin")];
    let flags = [("ports.voices", "3333")];
    let settings = Settings::load(Some(folder.path()), pairs(&environment), &pairs(&flags)).unwrap();
    let ports = &settings.ports;
    assert_eq!((ports.pulse, ports.seams, ports.voices, ports.slo_engine), (1, 2002, 3333, 3004));
    let line = |line| Layer::File { path: folder.path().join("iskra.yml"), line: Some(line) };
    assert_eq!(settings.layer("ports.pulse"), Some(&line(2)));
    assert_eq!(settings.layer("ports.seams"), Some(&Layer::Environment("ISKRA__PORTS__SEAMS".into())));
    assert_eq!(settings.layer("ports.voices"), Some(&Layer::Flag("ports.voices".into())));
    assert_eq!(settings.layer("ports.slo_engine"), Some(&Layer::Default));
}

#[test]
fn lists_come_from_files_variables_and_flags() {
    let urls = |settings: Settings| settings.alertmanager.urls.iter().map(ToString::to_string).collect::<Vec<_>>();
    let two = ["http://a.example.com:9093/", "http://b.example.com:9093/"];
    let file = "alertmanager:\n  urls:\n    - http://a.example.com:9093\n    - http://b.example.com:9093\n";
    assert_eq!(urls(load_file(file).unwrap()), two);
    let text = "http://a.example.com:9093, http://b.example.com:9093";
    assert_eq!(urls(load_env("ISKRA__ALERTMANAGER__URLS", text).unwrap()), two);
    assert_eq!(urls(load_flag("alertmanager.urls", text).unwrap()), two);
    assert!(urls(load_flag("alertmanager.urls", "").unwrap()).is_empty());
}

#[test]
fn unknown_keys_are_refused_in_every_layer_with_a_hint() {
    let folder = folder_with("# mine\nport:\n  pulse: 1\nsockets:\n  max: 5\n  maxx: 6\n");
    let environment = pairs(&[("ISKRA__LOG__FILTR", "info"), ("ISKRA__COFFEE", "1")]);
    let error = Settings::load(Some(folder.path()), environment, &pairs(&[("ports", "1")])).unwrap_err();
    let place = format!("{}/", folder.path().display());
    insta::assert_snapshot!(error.to_string().replace(&place, ""), @r"
    iskra.yml:3: `port.pulse` is not known: did you mean `ports.pulse`?
    iskra.yml:6: `sockets.maxx` is not known: did you mean `sockets.max`?
    ISKRA__COFFEE: `coffee` is not known: docs/configuration.md lists all keys
    ISKRA__LOG__FILTR: `log.filtr` is not known: did you mean `log.filter`?
    flag ports: `ports` is a section, not a value: it holds ports.pulse, ports.seams, ports.voices, ports.slo_engine
    ");
}

#[test]
fn a_value_of_the_wrong_type_names_key_layer_and_what_is_allowed() {
    let wrong = [
        load_file("ports:\n  pulse: 3001.5\n").unwrap_err(),
        load_file("ports: {pulse: \"3001\"}\n").unwrap_err(),
        load_file("ports:\n  pulse: 65536\n").unwrap_err(),
        load_file("alertmanager:\n  resend: 15\n").unwrap_err(),
        load_file("host_probe:\n  enabled: 1\n").unwrap_err(),
        load_file("alertmanager:\n  urls: http://a.example.com\n").unwrap_err(),
        load_file("bind: {address: 127.0.0.1}\n").unwrap_err(),
        load_env("ISKRA__PORTS__PULSE", "high").unwrap_err(),
        load_env("ISKRA__HOST_PROBE__ENABLED", "on").unwrap_err(),
        load_env("ISKRA__BIND", "localhost").unwrap_err(),
        load_flag("storage.retention", "1y").unwrap_err(),
        load_flag("storage.partitions", "0").unwrap_err(),
        load_flag("storage.partitions", "-1").unwrap_err(),
        load_flag("public_url", "localhost:3001/x y").unwrap_err(),
        load_flag("alertmanager.urls", "http://a.example.com,:9093").unwrap_err(),
        load_flag("alertmanager.language", "fr").unwrap_err(),
        load_flag("alertmanager.runbooks", "here").unwrap_err(),
        load_flag("ingest.default_subject", "two words").unwrap_err(),
        load_flag("log.format", "xml").unwrap_err(),
    ];
    insta::assert_snapshot!(wrong.join("\n"));
}

#[test]
fn values_that_do_not_fit_are_told_all_at_once() {
    let file = "\
ports: {pulse: 3001, seams: 3001}
public_url: ftp://example.com
storage:
  url: mysql://ann:secret@db.example.com/iskra
  partitions: 65
  hot: 31d
  warm: 2h
  retention: 59m
bus:
  redis: http://cache.example.com
  prefix: a b
sockets:
  max_message_bytes: 100
  origins: [https://example.com/page]
alertmanager:
  urls: [http://a.example.com, http://a.example.com/]
  resend: 6m
  timeout: 7m
host_probe:
  interval: 1ms
log:
  filter: inof
shutdown:
  grace: 0s
";
    insta::assert_snapshot!(load_file(file).unwrap_err());
}

#[test]
fn two_services_may_both_take_any_free_port() {
    let settings = Settings::load(None, [], &pairs(&[("ports.pulse", "0"), ("ports.seams", "0")])).unwrap();
    assert_eq!((settings.ports.pulse, settings.ports.seams), (0, 0));
}

#[test]
fn nobody_is_let_in_from_the_network_unasked_by_accident() {
    let load = |bind: &str, mode: &str| {
        Settings::load(None, [], &pairs(&[("bind", bind), ("access.mode", mode)])).map_err(|error| error.to_string())
    };
    for bind in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
        assert!(load(bind, "open").is_ok(), "{bind}");
    }
    for bind in ["0.0.0.0", "::", "192.0.2.7", "2001:db8::1"] {
        assert!(load(bind, "open").is_err(), "{bind}");
        assert!(load(bind, "locked").is_ok() && load(bind, "open-to-network").is_ok(), "{bind}");
    }
    insta::assert_snapshot!(load_env("ISKRA__BIND", "0.0.0.0").unwrap_err(), @"default: `access.mode` is `open`: must not stay so while `bind` is 0.0.0.0, which others can reach: write `locked` and make a token with `iskra token create`, or `open-to-network` if something else in front lets only the right ones through");
    insta::assert_snapshot!(load("::1", "shut").unwrap_err(), @"flag access.mode: `access.mode` is `shut`: expected open, locked or open-to-network");
    insta::assert_snapshot!(load_flag("access.proxies", "10.0.0.0/40").unwrap_err(), @"flag access.proxies: `access.proxies` is `10.0.0.0/40`: expected addresses or networks, e.g. 10.0.0.7 or 10.0.0.0/8");
}

#[test]
fn every_demand_blames_a_key_that_exists() {
    let settings = Settings::load(None, [], &[]).unwrap();
    for (key, is_met, _) in settings.demands() {
        assert!(settings.layer(key).is_some() && is_met, "{key}");
    }
}

#[test]
fn a_folder_may_lack_the_file_but_not_itself() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Settings::load(Some(folder.path()), [], &[]).is_ok());
    let error = Settings::load(Some(&folder.path().join("missing")), [], &[]).unwrap_err();
    assert!(matches!(error, Error::NoFolder { .. }), "{error}");
}

#[test]
fn files_that_are_no_settings_are_refused() {
    for file in ["ports: [", "ports:\n  pulse: 1\n  pulse: 2\n", "--- 1\n--- 2\n", "- a\n- b\n", "just text"] {
        let folder = folder_with(file);
        let error = Settings::load(Some(folder.path()), [], &[]).expect_err(file);
        assert!(matches!(error, Error::Syntax { .. }), "{file}: {error}");
    }
    for file in ["", "# nothing yet\n", "ports:\n"] {
        assert!(load_file(file).is_ok(), "{file}");
    }
}

fn load_secret(content: &str) -> (String, Result<Settings, String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret").display().to_string();
    std::fs::write(&path, content).unwrap();
    let settings = load_env("ISKRA__STORAGE__URL_FILE", &path);
    (path, settings)
}

#[test]
fn a_variable_that_ends_in_file_names_a_file_with_the_value() {
    let (path, settings) = load_secret("postgres://iskra:secret@db.example.com/iskra\r\n");
    let settings = settings.unwrap();
    assert_eq!(settings.storage.url.as_ref().unwrap().expose(), "postgres://iskra:secret@db.example.com/iskra");
    let line = settings.describe().lines().find(|line| line.contains("  url: ")).unwrap().to_owned();
    assert_eq!(line, format!("  url: \"postgres://iskra:***@db.example.com/iskra\" # ISKRA__STORAGE__URL_FILE={path}"));
    assert!(!format!("{settings:?}").contains("secret@"));
}

#[test]
fn what_is_in_a_file_of_its_own_is_never_repeated() {
    for content in ["hunter2", "mysql://iskra:hunter2@db.example.com/iskra"] {
        let (path, settings) = load_secret(content);
        let wanted = "must be empty, for SQLite, or an address like postgres://iskra@db.example.com/iskra";
        let complaint = format!("ISKRA__STORAGE__URL_FILE={path}: `storage.url` cannot be used: {wanted}");
        assert_eq!(settings.unwrap_err(), complaint);
    }
}

#[test]
fn a_file_that_cannot_be_read_or_a_key_set_twice_is_refused() {
    let two = [
        ("ISKRA__STORAGE__URL", "postgres://a@b/c"),
        ("ISKRA__STORAGE__URL_FILE", "/dev/null"),
        ("ISKRA__BUS__REDIS_FILE", "/nowhere/redis"),
        ("ISKRA__COFFEE_FILE", "/dev/null"),
    ];
    let error = Settings::load(None, pairs(&two), &[]).unwrap_err();
    insta::assert_snapshot!(error, @r"
    ISKRA__BUS__REDIS_FILE=/nowhere/redis: `bus.redis` cannot be read from its file: No such file or directory (os error 2)
    ISKRA__COFFEE_FILE=/dev/null: `coffee` is not known: docs/configuration.md lists all keys
    ISKRA__STORAGE__URL_FILE=/dev/null: `storage.url` is set by ISKRA__STORAGE__URL too: which one is meant?
    ");
}

#[test]
fn numbers_and_lists_come_from_files_too() {
    let folder = folder_with("4001\n");
    let path = folder.path().join("iskra.yml").display().to_string();
    assert_eq!(load_env("ISKRA__PORTS__PULSE_FILE", &path).unwrap().ports.pulse, 4001);
}

#[test]
fn a_service_alone_watches_the_machine_only_when_asked_to() {
    let probes = |settings: Settings| settings.alone().host_probe.enabled;
    assert!(!probes(load_file("").unwrap()));
    assert!(probes(load_file("host_probe: {enabled: true}\n").unwrap()));
    assert!(!probes(load_env("ISKRA__HOST_PROBE__ENABLED", "false").unwrap()));
}

#[test]
fn what_is_in_force_is_shown_with_its_layers() {
    let settings = load_env("ISKRA__ALERTMANAGER__URLS", "https://ann:secret@a.example.com:9093").unwrap();
    insta::assert_snapshot!(settings.describe());
    assert!(!format!("{settings:?}").contains("secret"));
}

#[test]
fn what_is_in_force_can_be_used_as_a_file() {
    let flags = pairs(&[
        ("log.filter", "info,pager=debug"),
        ("sockets.origins", "https://a.example.com, https://b.example.com"),
        ("storage.path", "/srv/a: b #c/iskra.db"),
        ("ingest.default_subject", "007"),
        ("host_probe.enabled", "false"),
        ("storage.url", "postgres://iskra@db.example.com/iskra"),
        ("bus.redis", "redis+sentinel://a.example.com:26379,b.example.com:26379/main"),
    ]);
    let before = Settings::load(None, [], &flags).unwrap();
    let after = load_file(&before.describe()).unwrap();
    let values = |text: String| text.lines().map(|l| l.split(" # ").next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(values(after.describe()), values(before.describe()));
    assert_eq!(after.storage.path, Path::new("/srv/a: b #c/iskra.db"));
}

#[test]
fn passwords_are_not_repeated_in_complaints() {
    let complaint = load_flag("alertmanager.urls", "ftp://ann:secret@a.example.com").unwrap_err();
    assert!(complaint.contains("ftp://ann:***@a.example.com") && !complaint.contains("secret"), "{complaint}");
}

#[test]
fn the_documentation_names_every_key_with_its_variable_and_default() {
    let documentation = include_str!("../../../docs/configuration.md");
    let settings = Settings::load(None, [], &[]).unwrap();
    for value in &settings.in_force {
        let row = value.documentation_row();
        assert!(documentation.contains(&row), "docs/configuration.md lacks `{row}`");
    }
}

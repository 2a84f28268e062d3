use domain::Vital;

use crate::{Calibration, Sources};

fn refused(text: &str) -> String {
    Sources::parse("sources.yml", text).unwrap_err().to_string()
}

const RIGHT: &str =
    "host:\n  pain:\n    combine: max\n    inputs:\n      - { figure: cpu_pressure, points: [[0, 0.25], [1, 0.75]] }\n";

#[test]
fn the_shipped_file_measures_every_vital() {
    let sources = Sources::built_in();
    assert!(Vital::ALL.iter().all(|vital| sources.host.get(*vital).is_some()));
}

#[test]
fn one_vital_is_enough() {
    let sources = Sources::parse("sources.yml", RIGHT).unwrap();
    let pain = sources.host.get(Vital::Pain).unwrap();
    assert_eq!(pain.inputs[0].calibration, Calibration::new(vec![(0.0, 0.25), (1.0, 0.75)]).unwrap());
    assert!(sources.host.get(Vital::Trust).is_none());
}

#[test]
fn an_unknown_figure_is_told_with_what_was_meant() {
    insta::assert_snapshot!(refused(&RIGHT.replace("cpu_pressure", "cpu_presure")), @r"
    sources.yml:5:19: unknown figure `cpu_presure`
        5 |       - { figure: cpu_presure, points: [[0, 0.25], [1, 0.75]] }
          |                   ^^^^^^^^^^^
          = hint: did you mean `cpu_pressure`?
    ");
    insta::assert_snapshot!(refused(&RIGHT.replace("cpu_pressure", "weather")), @r"
    sources.yml:5:19: unknown figure `weather`
        5 |       - { figure: weather, points: [[0, 0.25], [1, 0.75]] }
          |                   ^^^^^^^
          = hint: known are cpu_pressure, cpu_pressure_10s, memory_pressure, memory_pressure_10s, memory_pressure_full, io_pressure, io_pressure_10s, io_pressure_full, cpu_busy, cpu_iowait, cpu_steal, cpu_swing, cpu_surprise, run_queue, blocked_tasks, context_switches, forks, load, memory_available, oom_kills, disk_busy, uptime_seconds
    ");
}

#[test]
fn points_that_make_no_line_are_told_where_they_stand() {
    let points = |points: &str| refused(&RIGHT.replace("[[0, 0.25], [1, 0.75]]", points));
    insta::assert_snapshot!(points("[[0, 0.25]]"), @r"
    sources.yml:5:41: a calibration has 2 to 64 points, this one has 1
        5 |       - { figure: cpu_pressure, points: [[0, 0.25]] }
          |                                         ^
          = hint: points are [figure, score], like [[0, 0.25], [0.4, 0.60]]
    ");
    insta::assert_snapshot!(points("[[0, 0.25], [0, 0.75]]"), @r"
    sources.yml:5:53: the figures must rise from point to point, that of point 2 does not
        5 |       - { figure: cpu_pressure, points: [[0, 0.25], [0, 0.75]] }
          |                                                     ^
          = hint: points are [figure, score], like [[0, 0.25], [0.4, 0.60]]
    ");
    insta::assert_snapshot!(points("[[0, 0.25], [1, 75]]"), @r"
    sources.yml:5:53: the score of point 2 is outside [0, 1]
        5 |       - { figure: cpu_pressure, points: [[0, 0.25], [1, 75]] }
          |                                                     ^
          = hint: points are [figure, score], like [[0, 0.25], [0.4, 0.60]]
    ");
    insta::assert_snapshot!(points("[[0, 0.25], [1]]"), @r"
    sources.yml:5:53: a point is two numbers, figure and score; found 1
        5 |       - { figure: cpu_pressure, points: [[0, 0.25], [1]] }
          |                                                     ^
          = hint: like [0.4, 0.60]
    ");
    insta::assert_snapshot!(points("[[0, 0.25], [1, much]]"), @r#"
    sources.yml:5:57: expected a number, found the text "much"
        5 |       - { figure: cpu_pressure, points: [[0, 0.25], [1, much]] }
          |                                                         ^^^^
    "#);
}

#[test]
fn a_formula_without_inputs_and_a_host_without_vitals_are_refused() {
    insta::assert_snapshot!(refused("host:\n  pain: { combine: average, inputs: [] }\n"), @r#"
    sources.yml:2:20: expected how to combine, found the text "average"
        2 |   pain: { combine: average, inputs: [] }
          |                    ^^^^^^^
          = hint: known are max, min and mean

    sources.yml:2:37: no inputs
        2 |   pain: { combine: average, inputs: [] }
          |                                     ^
          = hint: add at least one figure with its points
    "#);
    insta::assert_snapshot!(refused("host: {}\n"), @r"
    sources.yml:1:7: `host` has no vital
        1 | host: {}
          |       ^
          = hint: add at least one of clarity, chaos, trust, pain
    ");
}

#[test]
fn an_unknown_field_is_refused() {
    insta::assert_snapshot!(refused(&RIGHT.replace("inputs", "input")), @r"
    sources.yml:4:5: unknown field `input`
        4 |     input:
          |     ^^^^^
          = hint: did you mean `inputs`?
    ");
}

#[test]
fn a_file_is_loaded_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sources.yml");
    std::fs::write(&path, RIGHT).unwrap();
    assert!(Sources::load(&path).is_ok());
}

#[test]
fn mistakes_in_mappings_are_told_where_they_stand() {
    let metrics =
        |entry: &str| refused(&format!("{RIGHT}metrics:\n  - {{ metric: score, subject: agent, {entry} }}\n"));
    insta::assert_snapshot!(metrics("vital: trst"), @r"
    sources.yml:7:45: unknown vital `trst`
        7 |   - { metric: score, subject: agent, vital: trst }
          |                                             ^^^^
          = hint: did you mean `trust`?
    ");
    insta::assert_snapshot!(metrics("signal: Drift"), @r"
    sources.yml:7:46: `Drift` is no name of a signal
        7 |   - { metric: score, subject: agent, signal: Drift }
          |                                              ^^^^^
          = hint: a-z, 0-9 and _, beginning with a letter, and no vital
    ");
    insta::assert_snapshot!(metrics("vital: pain, signal: drift"), @r"
    sources.yml:7:15: what becomes of it?
        7 |   - { metric: score, subject: agent, vital: pain, signal: drift }
          |               ^^^^^
          = hint: say either `vital` or `signal`
    ");
    insta::assert_snapshot!(metrics("signal: drift, points: [[0, 0], [1, 1]]"), @r"
    sources.yml:7:61: a signal has no points
        7 |   - { metric: score, subject: agent, signal: drift, points: [[0, 0], [1, 1]] }
          |                                                             ^
          = hint: it is taken as it was measured: only vitals are scores
    ");
    insta::assert_snapshot!(metrics("vital: pain, points: [[0, 0]]"), @r"
    sources.yml:7:59: a calibration has 2 to 64 points, this one has 1
        7 |   - { metric: score, subject: agent, vital: pain, points: [[0, 0]] }
          |                                                           ^
          = hint: points are [figure, score], like [[0, 0.25], [0.4, 0.60]]
    ");
}

#[test]
fn mistakes_in_promql_are_told_where_they_stand() {
    let source = |rest: &str| refused(&format!("{RIGHT}promql:\n  - {{ name: shop, every: 15s, {rest} }}\n"));
    let url = "url: 'http://prometheus:9090'";
    let queries = "queries: [{ query: up, vital: trust }]";
    insta::assert_snapshot!(source(&format!("{url}, {queries}")), @r"
    sources.yml:7:13: whom is it about?
        7 |   - { name: shop, every: 15s, url: 'http://prometheus:9090', queries: [{ query: up, vital: trust }] }
          |             ^^^^
          = hint: say either `subject`, the label that names it, or `about`, the subject itself
    ");
    insta::assert_snapshot!(source(&format!("{url}, about: 'a b', queries: []")), @r"
    sources.yml:7:69: a subject holds letters, digits and . _ - : @ only, not ' '
        7 |   - { name: shop, every: 15s, url: 'http://prometheus:9090', about: 'a b', queries: [] }
          |                                                                     ^^^^^

    sources.yml:7:85: no query gives a vital
        7 |   - { name: shop, every: 15s, url: 'http://prometheus:9090', about: 'a b', queries: [] }
          |                                                                                     ^
          = hint: a sample needs at least one vital: signals alone say nothing
    ");
    insta::assert_snapshot!(source(&format!("{url}, subject: job, queries: [{{ query: up, vital: trst }}, {{ query: 1, signal: up }}]")), @r"
    sources.yml:7:106: unknown vital `trst`
        7 | ect: job, queries: [{ query: up, vital: trst }, { query: 1, signal: up }] }
          |                                         ^^^^
          = hint: did you mean `trust`?

    sources.yml:7:123: expected a text, found the number 1
        7 | : [{ query: up, vital: trst }, { query: 1, signal: up }] }
          |                                         ^
          = hint: put it into quotes
    ");
    let twice = "queries: [{ query: up, vital: trust }, { query: up, vital: trust, points: [[0, 0]] }, { query: down, vital: trust }]";
    insta::assert_snapshot!(source(&format!("{url}, subject: job, {twice}")), @r"
    sources.yml:7:150: a calibration has 2 to 64 points, this one has 1
        7 | t }, { query: up, vital: trust, points: [[0, 0]] }, { query: down, vital: trust }] }
          |                                         ^
          = hint: points are [figure, score], like [[0, 0.25], [0.4, 0.60]]

    sources.yml:7:171: another query of this source gives trust
        7 | al: trust, points: [[0, 0]] }, { query: down, vital: trust }] }
          |                                         ^^^^
          = hint: which of them is meant? PromQL can combine several: max(a or b)
    ");
    insta::assert_snapshot!(source(&format!("url: 'https://ann:secret@prometheus', subject: job, {queries}")), @r"
    sources.yml:7:36: this is an address with a password in it
          = hint: like https://prometheus.example.com, before /api/v1/query; passwords go into `token` or `password`
    ");
    insta::assert_snapshot!(source(&format!("url: prometheus, subject: job, {queries}")), @r"
    sources.yml:7:36: this is no address
          = hint: like https://prometheus.example.com, before /api/v1/query; passwords go into `token` or `password`
    ");
    insta::assert_snapshot!(source(&format!("{url}, subject: job, token: hunter2, {queries}")), @r"
    sources.yml:7:83: this is no name of an environment variable
          = hint: not the secret itself but the variable that holds it, like PROMETHEUS_TOKEN
    ");
    insta::assert_snapshot!(source(&format!("{url}, subject: job, user: ann, {queries}")), @r"
    sources.yml:7:13: what does the server want to see?
        7 |   - { name: shop, every: 15s, url: 'http://prometheus:9090', subject: job, user: ann, queries: [{ query: up, v
          |             ^^^^
          = hint: either `token`, or both `user` and `password`
    ");
    let again = format!("{RIGHT}promql:\n")
        + &format!("  - {{ name: shop, every: 2h, {url}, about: shop, {queries} }}\n").repeat(2);
    insta::assert_snapshot!(refused(&again.replacen("2h", "1m", 1)), @r"
    sources.yml:8:13: another source is called `shop`
        8 |   - { name: shop, every: 2h, url: 'http://prometheus:9090', about: shop, queries: [{ query: up, vital: trust }
          |             ^^^^
          = hint: logs and metrics tell sources apart by their names

    sources.yml:8:26: a server is asked every 1s to 1h
        8 |   - { name: shop, every: 2h, url: 'http://prometheus:9090', about: shop, queries: [{ query: up, vital: trust }
          |                          ^^
    ");
}

#[test]
fn the_examples_of_promql_can_be_used_as_they_stand() {
    let page = include_str!("../../../../docs/metrics.md");
    let of_page = page.split("```yaml\n").find(|block| block.starts_with("promql:")).unwrap();
    let of_page = of_page.split("```").next().unwrap().to_owned();
    let shipped = super::BUILT_IN.split_once("promql: []\n").unwrap().1.replace("\n#", "\n");
    let shipped = format!("promql:\n{}", shipped.trim_start_matches('#'));
    for example in [of_page, shipped] {
        let sources = Sources::parse("sources.yml", &format!("{RIGHT}{example}")).unwrap();
        assert_eq!(sources.promql[0].secret(), Some("SHOP_PROMETHEUS_TOKEN"));
    }
}

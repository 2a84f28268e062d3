//! What whoever is woken reads: there is a page for each alert, none is left over, and what they are told to type works.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use rules::Rules;

use super::prometheus::Watched;
use super::shipped;
use crate::suite::eventually;

const FOLDER: &str = "docs/runbooks";
/// Below it links to runbooks are answered.
const BASE: &str = "https://iskra.example.com/runbooks/";

/// The names of all pages.
fn pages() -> BTreeSet<String> {
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    shipped::files(FOLDER).iter().map(|file| name(file)).filter(|name| name != "README").collect()
}

/// Every name under which the engine alerts, by the built-in rules.
pub(super) fn engine_alerts() -> BTreeSet<String> {
    let rules = Rules::built_in();
    let edges = rules.bands.iter().flat_map(|band| &band.edges).map(|edge| edge.alert.clone());
    let burns = ["Clarity", "Chaos", "Trust", "Pain"]
        .into_iter()
        .flat_map(|vital| rules.objectives.burns.iter().map(move |burn| format!("{vital}{}", burn.alert)));
    edges.chain(burns).chain(["SubjectStale", "Watchdog"].map(str::to_owned)).collect()
}

/// The index: each alert on the left with its page.
pub(super) fn index() -> Vec<(String, String)> {
    let text = shipped::text("docs/runbooks/README.md");
    let rows = text.lines().filter(|line| line.starts_with('|') && line.contains(".md)"));
    let of_row = |row: &str| {
        let page = row.split_once("](").unwrap().1.split_once(".md)").unwrap().0.to_owned();
        let cell = row.split('|').nth(1).unwrap();
        let alerts: Vec<_> = cell.split(['`', '[', ']']).filter(|part| part.starts_with(char::is_uppercase)).collect();
        alerts.into_iter().map(|alert| (alert.to_owned(), page.clone())).collect::<Vec<_>>()
    };
    rows.flat_map(of_row).collect()
}

fn rule_alerts() -> BTreeSet<String> {
    let rules = shipped::files("deploy/prometheus/rules");
    let texts = rules.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>();
    let alerts: Vec<_> = shipped::named(&texts, "- alert:").collect();
    let links: Vec<_> = shipped::named(&texts, "runbook_url:").map(|url| url.strip_prefix(BASE).unwrap()).collect();
    assert_eq!(alerts, links, "each alert links to the page of its own name");
    alerts.into_iter().map(str::to_owned).collect()
}

#[test]
fn each_alert_has_a_page_in_the_index_and_no_page_is_left_over() {
    let (of_rules, of_engine, index) = (rule_alerts(), engine_alerts(), index());
    let alerts: BTreeSet<_> = of_rules.union(&of_engine).cloned().collect();
    assert_eq!(index.iter().map(|(alert, _)| alert.clone()).collect::<BTreeSet<_>>(), alerts);
    assert_eq!(index.len(), alerts.len(), "each stands there once");
    assert_eq!(index.iter().map(|(_, page)| page.clone()).collect::<BTreeSet<_>>(), pages());
    for alert in of_rules {
        assert!(index.contains(&(alert.clone(), alert.clone())), "{alert} has a page of its own name");
    }
}

#[test]
fn pages_are_built_alike_and_link_to_pages() {
    for page in pages() {
        let text = shipped::text(&format!("{FOLDER}/{page}.md"));
        assert!(text.starts_with(&format!("# {page}")), "{page}: its name comes first");
        let parts = ["**Means.**", "**Look.**", "```sh", "**Do.**"].map(|part| text.find(part));
        assert!(parts.iter().all(Option::is_some) && parts.is_sorted(), "{page}: means, look, do: {parts:?}");
        for link in text.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0) {
            assert!(shipped::path(FOLDER).join(link).is_file(), "{page}: {link} leads nowhere");
        }
    }
}

/// The lines that people are told to type, with the page on which each stands.
fn commands() -> Vec<(String, String)> {
    let lines = |page: &String| {
        let text = shipped::text(&format!("{FOLDER}/{page}.md"));
        let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
        blocks.flat_map(str::lines).map(str::to_owned).collect::<Vec<_>>()
    };
    pages()
        .iter()
        .chain([&"README".to_owned()])
        .flat_map(|page| lines(page).into_iter().map(|line| (page.clone(), line)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_are_told_to_type_works() {
    let watched = Watched::start().await;
    watched
        .suite
        .push(&serde_json::json!({"subject": "agent-7", "clarity": 0.8, "chaos": 0.4, "trust": 0.7, "pain": 0.95}))
        .await;
    eventually("Prometheus has looked", async || (watched.prometheus.series("up").await.ok()? == 6).then_some(()))
        .await;
    let explained = async || watched.suite.alerts("?subject=agent-7").await.into_iter().next();
    eventually("the engine has judged", explained).await;

    let programs = Path::new(env!("CARGO_BIN_EXE_iskra")).parent().unwrap().to_owned();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let commands = commands();
    assert!(commands.len() > 40, "{}", commands.len());
    let mut failed = Vec::new();
    for (page, line) in commands {
        let mut typed = line.clone();
        for (name, address) in watched.addresses() {
            typed = typed.replace(name, &address);
        }
        let mut shell = Command::new("bash");
        shell
            .args(["-eo", "pipefail", "-c", &typed.replace("curl -s ", "curl -sS --fail ")])
            .current_dir(shipped::path("."));
        shell.env("PATH", &path).env("ISKRA_URL", &watched.suite.pulse);
        let output = tokio::task::block_in_place(|| shell.output()).unwrap();
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        // promtool answers a query that it cannot ask with words alone.
        if !output.status.success() || said.contains("query error") {
            failed.push(format!("{page}: {typed}\n{said}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

use std::sync::Arc;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntGauge, IntGaugeVec, Opts};
use rules::LiveRules;

/// What Prometheus is told of the rules. Looked up at each scrape, so that no scrape falls between an old and a new
/// value.
pub(crate) struct RulesMetrics {
    rules: Arc<LiveRules>,
    descriptions: Vec<Desc>,
}

/// As of one moment.
struct Now {
    is_good: IntGauge,
    in_force: IntGaugeVec,
    refused: IntGaugeVec,
}

impl Now {
    fn new() -> prometheus::Result<Self> {
        let is_good = "Whether the last reload of the rules was good: 1, or 0 while the old rules go on.";
        let refused = "What is wrong first with rules that were refused: 1, and absent while all is well.";
        Ok(Self {
            is_good: IntGauge::new("iskra_rules_last_reload_successful", is_good)?,
            in_force: IntGaugeVec::new(Opts::new("iskra_rules_info", "The rules in force: always 1."), &["hash"])?,
            refused: IntGaugeVec::new(Opts::new("iskra_rules_refused_info", refused), &["file", "line", "message"])?,
        })
    }

    fn parts(&self) -> [&dyn Collector; 3] {
        [&self.is_good, &self.in_force, &self.refused]
    }
}

impl RulesMetrics {
    pub(crate) fn new(rules: Arc<LiveRules>) -> prometheus::Result<Self> {
        let descriptions = Now::new()?.parts().into_iter().flat_map(Collector::desc).cloned().collect();
        Ok(Self { rules, descriptions })
    }
}

impl Collector for RulesMetrics {
    fn desc(&self) -> Vec<&Desc> {
        self.descriptions.iter().collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let now = Now::new().expect("the same was made before");
        let refused = self.rules.refused();
        now.is_good.set(i64::from(refused.is_none()));
        now.in_force.with_label_values(&[&self.rules.current().hash]).set(1);
        if let Some(refused) = &refused {
            let brief = &refused.brief;
            let line = brief.line.to_string();
            now.refused.with_label_values(&[brief.file.as_str(), &line, &brief.message]).set(1);
        }
        now.parts().into_iter().flat_map(Collector::collect).collect()
    }
}

#[cfg(test)]
mod tests {
    use prometheus::Registry;

    use super::*;

    #[test]
    fn what_is_wrong_is_told_until_the_rules_are_good_again() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Arc::new(LiveRules::load_folder(folder.path()).unwrap());
        let registry = Registry::new();
        registry.register(Box::new(RulesMetrics::new(rules.clone()).unwrap())).unwrap();
        let told = || {
            let text = String::from_utf8(telemetry::encode(&registry).unwrap()).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
            lines.collect::<Vec<_>>().join("\n")
        };
        let hash = format!("iskra_rules_info{{hash=\"{}\"}} 1", rules.current().hash);
        let good = format!("{hash}\niskra_rules_last_reload_successful 1");
        assert_eq!(told(), good);

        std::fs::write(folder.path().join("states.yml"), "# Mine.\ndwell: soon\n").unwrap();
        let error = rules.reload().unwrap_err();
        let labels = "file=\"states.yml\",line=\"2\"";
        let bad = told();
        assert!(bad.starts_with(&format!("{hash}\niskra_rules_last_reload_successful 0")), "{bad}");
        let message = error.brief().message;
        let refused = format!("iskra_rules_refused_info{{{labels},message=\"{message}\"}} 1");
        assert!(bad.ends_with(&refused), "{bad} does not end in {refused}");

        std::fs::remove_file(folder.path().join("states.yml")).unwrap();
        rules.reload().unwrap();
        assert_eq!(told(), good);
    }
}

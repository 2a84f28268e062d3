use std::collections::BTreeMap;

use backtest::{Area, Comparison, Difference, Figure, Figures, Period, differences};
use domain::{Subject, Timestamp};
use rules::{Moved, Rules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which past, and where edges would have stood.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BacktestRequest {
    pub(super) subject: Subject,
    /// So long ago, like `7d` or `12h`, or a moment; without it a week. At most 31 days before `until`.
    #[schema(example = "7d")]
    pub(super) since: Option<String>,
    /// The same; without it now.
    #[schema(example = "2026-01-08T00:00:00Z")]
    pub(super) until: Option<String>,
    /// Where edges would stand, each by the name of its rule. The others stay where they are.
    #[schema(example = json!({ "pain_warn_high": 0.45 }))]
    pub(super) edges: BTreeMap<String, f64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneBacktest {
    backtest: BacktestBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Backtest)]
struct BacktestBody {
    subject: Subject,
    since: Timestamp,
    until: Timestamp,
    /// How many samples were judged and count.
    samples: usize,
    /// Of the rules in force.
    config_hash: String,
    figures: BothFigures,
    /// What is not the same under both.
    differences: Vec<DifferenceBody>,
    yaml: YamlBody,
}

#[derive(Debug, Serialize, ToSchema)]
struct BothFigures {
    /// Under the rules in force.
    in_force: Vec<NamedFigure>,
    /// Under the others.
    candidate: Vec<NamedFigure>,
}

#[derive(Debug, Serialize, ToSchema)]
struct NamedFigure {
    /// What it is about: `alert`, `told`, `level`, …
    #[schema(value_type = String, example = "alert")]
    area: Area,
    /// Its name within the area.
    #[schema(example = "P2 PainWarnHigh")]
    name: String,
    #[serde(flatten)]
    figure: FigureBody,
}

/// How often something began, and how long it was so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figure)]
struct FigureBody {
    times: u64,
    /// 0 for what takes no time.
    seconds: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
struct DifferenceBody {
    #[schema(value_type = String, example = "alert")]
    area: Area,
    #[schema(example = "P2 PainWarnHigh")]
    name: String,
    in_force: FigureBody,
    candidate: FigureBody,
}

/// What to write into the file of the rules.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BandsYaml)]
struct YamlBody {
    #[schema(example = "slo-thresholds-matrix.yml")]
    file: &'static str,
    /// In which line of the file as it is in force the text begins.
    line: usize,
    /// The bands whose edges were moved, whole lines with their comments, with the new numbers. Where there are several,
    /// everything from the first of them to the last.
    text: String,
}

impl OneBacktest {
    pub(super) fn new(subject: Subject, period: Period, in_force: &Rules, compared: &Comparison, moved: Moved) -> Self {
        let samples = compared.samples.get(&subject).copied().unwrap_or_default();
        let figures = compared.figures.each_ref().map(|all| all.get(&subject).cloned().unwrap_or_default());
        let differing = differences(&figures[0], &figures[1]);
        let [before, after] = figures.each_ref().map(named);
        let Period { since, until } = period;
        Self {
            backtest: BacktestBody {
                subject,
                since,
                until,
                samples,
                config_hash: in_force.hash.clone(),
                figures: BothFigures { in_force: before, candidate: after },
                differences: differing.into_iter().map(DifferenceBody::from).collect(),
                yaml: YamlBody { file: moved.file, line: moved.line, text: moved.text },
            },
        }
    }
}

fn named(figures: &Figures) -> Vec<NamedFigure> {
    let named = |(area, name, figure): (Area, &str, Figure)| {
        let (name, figure) = (name.to_owned(), figure.into());
        NamedFigure { area, name, figure }
    };
    figures.iter().map(named).collect()
}

impl From<Figure> for FigureBody {
    fn from(figure: Figure) -> Self {
        Self { times: figure.times, seconds: figure.lasting.as_secs_f64() }
    }
}

impl From<Difference> for DifferenceBody {
    fn from(difference: Difference) -> Self {
        let Difference { area, name, in_force, candidate } = difference;
        Self { area, name, in_force: in_force.into(), candidate: candidate.into() }
    }
}

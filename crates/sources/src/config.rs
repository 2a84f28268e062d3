use std::path::Path;

use domain::Vital;
use serde::Deserialize;
use yaml_file::{Complaint, Error, Findings, FromScalar, Located, Scalar, Source, Written, most_similar, present};

use self::metrics::MappingFile;
use self::promql::PromqlFile;
use crate::{Calibration, Combine, FIGURES, Formula, Formulas, Input, Mappings, Promql};

mod metrics;
mod promql;

/// The file as it is shipped.
const BUILT_IN: &str = include_str!("../../../config/sources.yml");

/// How each source makes vitals of its figures: `config/sources.yml`, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Sources {
    /// The machine that Iskra runs on.
    pub host: Formulas,
    /// What metrics of others mean, which come by OTLP or remote write.
    pub metrics: Mappings,
    /// Servers that are asked for what they measured.
    pub promql: Vec<Promql>,
}

impl Sources {
    /// Reads and checks the file at `path`; an error names every place that is wrong.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_source(&Source::read(path)?)
    }

    /// Reads and checks a text; `name` stands before every error.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Self::from_source(&Source::new(name, text)?)
    }

    /// The sources that are shipped in `config/sources.yml`.
    pub fn built_in() -> Self {
        Self::parse("config/sources.yml", BUILT_IN).expect("the shipped file is checked by a test")
    }

    fn from_source(source: &Source) -> Result<Self, Error> {
        let file: SourcesFile = source.parse()?;
        let mut findings = Findings::default();
        let known: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
        let host = file.host.value.formulas(&known, &mut findings);
        if Vital::ALL.iter().all(|vital| host.get(*vital).is_none()) {
            findings.add_with_hint(
                file.host.place,
                "`host` has no vital",
                "add at least one of clarity, chaos, trust, pain",
            );
        }
        let metrics = Mappings(file.metrics.iter().filter_map(|each| each.mapping(&mut findings)).collect());
        let promql = promql::sources(&file.promql, &mut findings);
        source.check(findings)?;
        Ok(Self { host, metrics, promql })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesFile {
    host: Located<FormulasFile>,
    #[serde(default)]
    metrics: Vec<MappingFile>,
    #[serde(default)]
    promql: Vec<PromqlFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormulasFile {
    #[serde(default, deserialize_with = "present")]
    clarity: Option<FormulaFile>,
    #[serde(default, deserialize_with = "present")]
    chaos: Option<FormulaFile>,
    #[serde(default, deserialize_with = "present")]
    trust: Option<FormulaFile>,
    #[serde(default, deserialize_with = "present")]
    pain: Option<FormulaFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormulaFile {
    combine: Scalar<Combine>,
    inputs: Located<Vec<InputFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFile {
    figure: Scalar<String>,
    points: PointsFile,
}

impl FormulasFile {
    /// In the order of the vitals; what is wrong is left out and told.
    fn formulas(&self, known: &[&str], findings: &mut Findings) -> Formulas {
        let files = [&self.clarity, &self.chaos, &self.trust, &self.pain];
        Formulas(files.map(|file| file.as_ref().map(|file| file.formula(known, findings))))
    }
}

impl FormulaFile {
    fn formula(&self, known: &[&str], findings: &mut Findings) -> Formula {
        if self.inputs.value.is_empty() {
            findings.add_with_hint(self.inputs.place, "no inputs", "add at least one figure with its points");
        }
        let inputs = self.inputs.value.iter().filter_map(|input| input.input(known, findings)).collect();
        Formula { combine: self.combine.read(findings).unwrap_or(Combine::Mean), inputs }
    }
}

impl InputFile {
    fn input(&self, known: &[&str], findings: &mut Findings) -> Option<Input> {
        let calibration = self.calibration(findings);
        let figure = self.figure.read(findings)?;
        if !known.contains(&figure.as_str()) {
            let hint = match most_similar(&figure, known.iter().copied()) {
                Some(similar) => format!("did you mean `{similar}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            findings.add_with_hint(self.figure.place, format!("unknown figure `{figure}`"), hint);
        }
        Some(Input { figure, calibration: calibration? })
    }

    fn calibration(&self, findings: &mut Findings) -> Option<Calibration> {
        calibration(&self.points, findings)
    }
}

/// `[[figure, score], …]`
type PointsFile = Located<Vec<Located<Vec<Scalar<f64>>>>>;

fn calibration(file: &PointsFile, findings: &mut Findings) -> Option<Calibration> {
    let points: Option<Vec<(f64, f64)>> = file.value.iter().map(|point| self::point(point, findings)).collect();
    match Calibration::new(points?) {
        Ok(calibration) => Some(calibration),
        Err(error) => {
            let point = error.position().and_then(|position| file.value.get(position));
            let place = point.map_or(file.place, |point| point.place);
            findings.add_with_hint(
                place,
                error.to_string(),
                "points are [figure, score], like [[0, 0.25], [0.4, 0.60]]",
            );
            None
        }
    }
}

fn point(point: &Located<Vec<Scalar<f64>>>, findings: &mut Findings) -> Option<(f64, f64)> {
    match point.value.as_slice() {
        [raw, score] => {
            let (raw, score) = (raw.read(findings), score.read(findings));
            Some((raw?, score?))
        }
        others => {
            let message = format!("a point is two numbers, figure and score; found {}", others.len());
            findings.add_with_hint(point.place, message, "like [0.4, 0.60]");
            None
        }
    }
}

impl FromScalar for Combine {
    fn from_scalar(written: Written<'_>) -> Result<Self, Complaint> {
        match written {
            Written::Text("max") => Ok(Self::Max),
            Written::Text("min") => Ok(Self::Min),
            Written::Text("mean") => Ok(Self::Mean),
            _ => {
                let message = format!("expected how to combine, found {written}");
                Err(Complaint::new(message).hint("known are max, min and mean"))
            }
        }
    }
}

#[cfg(test)]
mod tests;

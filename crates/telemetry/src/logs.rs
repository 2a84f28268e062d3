use anyhow::Context as _;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;

/// For whom logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people: one line, in colours on a terminal.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Starts logging to standard error. `filter` is a level or directives such as `info,pager=debug`.
///
/// Fails when the filter is wrong or the process already logs.
pub fn init_logs(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter = parse(filter).context("the log filter cannot be used")?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => {
            let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
            logs.with_ansi(is_terminal).try_init()
        }
        LogFormat::Json => logs.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!(error)).context("logging has been started before")
}

/// Says what is wrong with a filter, if anything is.
pub fn check_filter(filter: &str) -> anyhow::Result<()> {
    parse(filter).map(drop)
}

fn parse(filter: &str) -> anyhow::Result<EnvFilter> {
    // Read as a mere name, a misspelt level would silence everything.
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let is_level = |word: &str| levels.contains(&word.to_lowercase().as_str());
    for directive in filter.split(',') {
        let level = directive.rsplit('=').next().unwrap_or_default();
        if !is_level(level) {
            anyhow::bail!("`{directive}` has none of the levels {}", levels.join(", "));
        }
    }
    Ok(EnvFilter::builder().parse(filter)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_directives_are_filters() {
        for filter in ["info", "WARN", "info,pager=debug", "off", "warn,http_service=trace"] {
            assert!(check_filter(filter).is_ok(), "{filter}");
        }
    }

    #[test]
    fn a_misspelt_level_is_refused() {
        for filter in ["inof", "", "info,pager", "pager=loud", "info,,warn"] {
            assert!(check_filter(filter).is_err(), "{filter}");
        }
        assert_eq!(
            check_filter("inof").unwrap_err().to_string(),
            "`inof` has none of the levels off, error, warn, info, debug, trace"
        );
    }
}

use prometheus::process_collector::ProcessCollector;
use prometheus::{Encoder as _, Histogram, HistogramOpts, IntGaugeVec, Opts, Registry, TextEncoder};

/// The version of Iskra.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The media type of what [`encode`] returns.
pub const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The registry of `service`, with what every service tells: its version and what its process uses.
pub fn registry(service: &str) -> anyhow::Result<Registry> {
    let registry = Registry::new();
    registry.register(Box::new(ProcessCollector::for_self()))?;
    let opts = Opts::new("iskra_build_info", "What runs here; always 1.");
    let build_info = IntGaugeVec::new(opts, &["service", "version"])?;
    build_info.with_label_values(&[service, VERSION]).set(1);
    registry.register(Box::new(build_info))?;
    Ok(registry)
}

/// All metrics as text, for Prometheus.
pub fn encode(registry: &Registry) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut text)?;
    Ok(text)
}

/// Upper bounds of latencies in seconds, 100 µs to 10 s, close enough to read a p99 off them.
pub fn latency_buckets() -> Vec<f64> {
    vec![0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0]
}

/// A histogram of latencies in seconds, registered.
pub fn latency_histogram(registry: &Registry, name: &str, help: &str) -> prometheus::Result<Histogram> {
    let histogram = Histogram::with_opts(HistogramOpts::new(name, help).buckets(latency_buckets()))?;
    registry.register(Box::new(histogram.clone()))?;
    Ok(histogram)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_tells_version_process_and_latencies() {
        let registry = registry("pulse").unwrap();
        latency_histogram(&registry, "iskra_test_seconds", "For the test.").unwrap().observe(0.002);
        let text = String::from_utf8(encode(&registry).unwrap()).unwrap();
        assert!(text.contains(&format!("iskra_build_info{{service=\"pulse\",version=\"{VERSION}\"}} 1")), "{text}");
        assert!(text.contains("process_resident_memory_bytes"), "{text}");
        assert!(text.contains("iskra_test_seconds_bucket{le=\"0.001\"} 0"), "{text}");
        assert!(text.contains("iskra_test_seconds_bucket{le=\"0.0025\"} 1"), "{text}");
    }

    #[test]
    fn registries_do_not_share_anything() {
        let (first, second) = (registry("pulse").unwrap(), registry("seams").unwrap());
        for registry in [&first, &second] {
            latency_histogram(registry, "iskra_test_seconds", "For the test.").unwrap();
        }
    }

    #[test]
    fn buckets_rise_from_a_tenth_of_a_millisecond_to_ten_seconds() {
        let buckets = latency_buckets();
        assert!(buckets.is_sorted());
        assert_eq!((buckets.first(), buckets.last()), (Some(&0.000_1), Some(&10.0)));
    }
}

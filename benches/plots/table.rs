//! Which plots there are.

/// One plot: how its points are to be read.
pub(crate) struct Plot {
    /// Of the points and of the image.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
    /// Of the horizontal axis and of the vertical one.
    pub(crate) scale: (Scale, Scale),
    /// What it should stay below, and what that is.
    pub(crate) aim: Option<(f64, &'static str)>,
}

/// How an axis runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// From nothing or the first, evenly.
    Even,
    /// From the least to the greatest, by powers.
    Powers,
}

pub(crate) const PLOTS: &[Plot] = &[
    Plot {
        name: "engine-cost",
        title: "CPU time for a sample, one core, all shipped rules",
        x: "subjects, ten samples a second each",
        y: "nanoseconds",
        scale: (Scale::Powers, Scale::Even),
        aim: Some((1_000.0, "the aim: 1,000,000 samples/s")),
    },
    Plot {
        name: "ingest",
        title: "Durable ingest",
        x: "samples in a request",
        y: "samples a second",
        scale: (Scale::Powers, Scale::Powers),
        aim: None,
    },
    Plot {
        name: "fanout-cost",
        title: "The server's CPU time for an update that one viewer got, 100 updates a second",
        x: "viewers",
        y: "microseconds",
        scale: (Scale::Powers, Scale::Even),
        aim: Some((5.0, "the aim for 1,000 viewers")),
    },
    Plot {
        name: "fanout-latency",
        title: "From when an update was due until a viewer had it, 100 updates a second",
        x: "viewers",
        y: "milliseconds",
        scale: (Scale::Powers, Scale::Even),
        aim: None,
    },
    Plot {
        name: "fanout-rate",
        title: "The server's CPU time for an update that one viewer got, 500 viewers",
        x: "updates a second",
        y: "microseconds",
        scale: (Scale::Powers, Scale::Even),
        aim: None,
    },
    Plot {
        name: "history",
        title: "A day of one subject by minutes, over HTTP",
        x: "samples in the log",
        y: "milliseconds",
        scale: (Scale::Powers, Scale::Even),
        aim: Some((10.0, "the aim for p99")),
    },
    Plot {
        name: "soak-memory",
        title: "Resident memory: 10,000 samples a second, 500 viewers, a part killed every ten minutes",
        x: "minutes",
        y: "MiB",
        scale: (Scale::Even, Scale::Even),
        aim: None,
    },
    Plot {
        name: "soak-latency",
        title: "Latency of the same, 99th percentile of ten seconds",
        x: "minutes",
        y: "milliseconds",
        scale: (Scale::Even, Scale::Powers),
        aim: None,
    },
];

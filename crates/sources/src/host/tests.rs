use std::path::Path;

use domain::{Draft, SignalValue, Subject, Timestamp, Vital, limits};
use tempfile::TempDir;

use super::*;
use crate::Sources;

/// A `/proc` of a machine with two processors; every counter since its start.
#[derive(Clone, Copy)]
struct Machine {
    uptime: f64,
    user: u64,
    idle: u64,
    iowait: u64,
    steal: u64,
    switches: u64,
    forks: u64,
    running: u64,
    cpu_waited: u64,
    memory_waited: u64,
    io_waited: u64,
    average: f64,
    available: u64,
    oom_kills: u64,
    disk_busy: u64,
}

impl Machine {
    fn new() -> Self {
        Self {
            uptime: 5_000.0,
            user: 100_000,
            idle: 800_000,
            iowait: 500,
            steal: 0,
            switches: 1_000_000,
            forks: 20_000,
            running: 1,
            cpu_waited: 5_000_000,
            memory_waited: 1_000,
            io_waited: 70_000,
            average: 0.0,
            available: 6_000_000,
            oom_kills: 0,
            disk_busy: 30_000,
        }
    }

    /// One second in which nothing much happens.
    fn idle(mut self) -> Self {
        self.uptime += 1.0;
        self.user += 2;
        self.idle += 198;
        self.switches += 300;
        self
    }

    /// One second of more work than two processors can do.
    fn loaded(mut self) -> Self {
        self.uptime += 1.0;
        self.user += 199;
        self.iowait += 1;
        self.switches += 20_000;
        self.forks += 120;
        self.running = 9;
        self.cpu_waited += 900_000;
        self.average = 60.0;
        self
    }

    fn write(&self, root: &Path) {
        let write = |name: &str, text: String| {
            std::fs::create_dir_all(root.join("pressure")).unwrap();
            std::fs::write(root.join(name), text).unwrap();
        };
        let Self { uptime, user, idle, iowait, steal, switches, forks, running, average, .. } = self;
        write("uptime", format!("{uptime:.2} 9000.00\n"));
        let half = |n: &u64| n / 2;
        write(
            "stat",
            format!(
                "cpu  {user} 0 0 {idle} {iowait} 0 0 {steal} 0 0\n\
                 cpu0 {} 0 0 {} 0 0 0 0 0 0\ncpu1 {} 0 0 {} 0 0 0 0 0 0\n\
                 intr 12 0 0\nctxt {switches}\nbtime 1700000000\nprocesses {forks}\n\
                 procs_running {running}\nprocs_blocked 0\nsoftirq 1 2\n",
                half(user),
                half(idle),
                half(user),
                half(idle)
            ),
        );
        let waits = [("cpu", self.cpu_waited), ("memory", self.memory_waited), ("io", self.io_waited)];
        for (name, waited) in waits {
            let average = if name == "cpu" { *average } else { 0.0 };
            let some = format!("some avg10={average:.2} avg60=0.00 avg300=0.00 total={waited}\n");
            write(&format!("pressure/{name}"), format!("{some}full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"));
        }
        let available = self.available;
        write("meminfo", format!("MemTotal: 8000000 kB\nMemFree: 100000 kB\nMemAvailable: {available} kB\n"));
        write("vmstat", format!("nr_free_pages 5\noom_kill {}\n", self.oom_kills));
        write("loadavg", "0.10 0.20 0.30 1/87 4242\n".to_owned());
        let busy = self.disk_busy;
        write(
            "diskstats",
            format!("   7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n 254 0 vda 9 9 9 9 9 9 9 9 0 {busy} 9 0 0 0 0\n"),
        );
    }
}

struct Scene {
    root: TempDir,
    probe: HostProbe,
    machine: Machine,
    rules: rules::Rules,
}

impl Scene {
    /// A probe that has read an idle machine once.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let machine = Machine::new();
        machine.write(root.path());
        let subject = Subject::new("host").unwrap();
        let mut probe = HostProbe::new(subject, Sources::built_in().host, root.path().to_owned());
        assert_eq!(probe.read(Timestamp::default()).unwrap(), None);
        Self { root, probe, machine, rules: rules::Rules::built_in() }
    }

    fn then(&mut self, machine: Machine) -> Draft {
        self.machine = machine;
        machine.write(self.root.path());
        self.read().unwrap().unwrap()
    }

    fn read(&mut self) -> Result<Option<Draft>, ProbeError> {
        self.probe.read(Timestamp::from_millis(1_000))
    }

    /// The priority that the shipped rules give to a vital, if it is not OK.
    fn priority(&self, draft: &Draft, vital: Vital) -> Option<domain::Priority> {
        let value = self::vital(draft, vital);
        let edges = self.rules.band(vital).edges.iter();
        edges.filter(|edge| edge.is_beyond(value)).map(|edge| edge.priority).max()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.root.path().join(name), text).unwrap();
    }
}

fn vital(draft: &Draft, vital: Vital) -> f64 {
    draft.vitals.get(vital).unwrap().get()
}

fn signal(draft: &Draft, name: &str) -> Option<f64> {
    match draft.signals.get(name)? {
        SignalValue::Number(number) => Some(*number),
        SignalValue::Flag(_) => None,
    }
}

#[test]
fn an_idle_host_is_ok_in_every_vital() {
    let mut scene = Scene::new();
    for _ in 0..60 {
        let draft = scene.then(scene.machine.idle());
        assert_eq!(Vital::ALL.map(|vital| scene.priority(&draft, vital)), [None; 4], "{draft:?}");
    }
}

#[test]
fn a_loaded_host_hurts_within_a_second() {
    let mut scene = Scene::new();
    scene.then(scene.machine.idle());
    let draft = scene.then(Machine { average: 8.0, ..scene.machine.loaded() });
    assert!(vital(&draft, Vital::Pain) > 0.60, "{draft:?}");
    let draft = scene.then(Machine { average: 90.0, ..scene.machine.loaded() });
    // Computing too much blocks, however long it lasts, but it is no emergency; a lack of memory is.
    assert_eq!(scene.priority(&draft, Vital::Pain), Some(domain::Priority::P1), "{draft:?}");
    let pain = Sources::built_in().host.get(Vital::Pain).cloned().unwrap();
    assert!(pain.score(|name| (name == "memory_pressure_10s").then_some(0.3)).unwrap().get() > 0.70);
    for other in [Vital::Clarity, Vital::Chaos] {
        assert!(scene.priority(&draft, other).is_some(), "{other}: {draft:?}");
    }
    assert_eq!(scene.priority(&draft, Vital::Trust), None);
}

#[test]
fn figures_are_what_happened_since_the_last_read() {
    let mut scene = Scene::new();
    let busy = Machine { iowait: 510, steal: 20, disk_busy: 30_250, memory_waited: 101_000, ..scene.machine.loaded() };
    let draft = scene.then(Machine { user: busy.user - 29, ..busy });
    let expected = [
        ("cpu_busy", 0.95),
        ("cpu_iowait", 0.05),
        ("cpu_steal", 0.10),
        ("cpu_pressure", 0.90),
        ("cpu_pressure_10s", 0.60),
        ("memory_pressure", 0.10),
        ("io_pressure", 0.0),
        ("context_switches", 10_000.0),
        ("forks", 60.0),
        ("run_queue", 4.0),
        ("memory_available", 0.75),
        ("disk_busy", 0.25),
        ("load", 0.05),
        ("uptime_seconds", 5_001.0),
    ];
    for (name, expected) in expected {
        let found = signal(&draft, name).unwrap();
        assert!((found - expected).abs() < 1e-9, "{name} is {found}, expected {expected}");
    }
}

#[test]
fn every_figure_is_a_signal_that_the_door_accepts() {
    let mut scene = Scene::new();
    let draft = scene.then(scene.machine.idle());
    assert_eq!(draft.signals.len(), FIGURES.len());
    assert!(draft.signals.len() <= limits::SIGNALS);
    let sample = draft.check(Timestamp::from_millis(1_000), std::time::Duration::ZERO).unwrap();
    let json = serde_json::to_string(&sample).unwrap();
    assert_eq!(Draft::parse(&json, None).unwrap().signals, sample.signals);
}

#[test]
fn without_pressure_the_rest_is_measured() {
    let mut scene = Scene::new();
    let host = "host:\n  pain: { combine: max, inputs: [{ figure: cpu_pressure, points: [[0, 0], [1, 1]] }] }\n  \
                trust: { combine: max, inputs: [{ figure: io_pressure, points: [[0, 0], [1, 1]] }, \
                { figure: memory_available, points: [[0, 0], [1, 1]] }] }\n";
    scene.probe.formulas = Sources::parse("sources.yml", host).unwrap().host;
    scene.machine.idle().write(scene.root.path());
    std::fs::remove_dir_all(scene.root.path().join("pressure")).unwrap();
    let draft = scene.read().unwrap().unwrap();
    assert_eq!(signal(&draft, "cpu_pressure"), None);
    // Nothing is left of pain; trust goes on by what it still has.
    assert_eq!(draft.vitals.get(Vital::Pain), None);
    assert!((vital(&draft, Vital::Trust) - 0.75).abs() < 1e-9);
    assert_eq!(scene.probe.told, BTreeSet::from(["cpu_pressure", "io_pressure"]));
}

#[test]
fn files_that_make_no_sense_are_left_out() {
    let cases = [
        ("stat", "cpu  1 2 3\n", "cpu_busy"),
        ("stat", "cpu  1 2 3 4 5 6 7 many\n", "cpu_busy"),
        (
            "stat",
            "cpu  18446744073709551615 1 0 0 0 0 0 0\nctxt 1\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n",
            "cpu_busy",
        ),
        ("stat", "", "run_queue"),
        ("pressure/cpu", "some avg10=", "cpu_pressure"),
        ("pressure/io", "some avg10=NaN avg60=0.00 avg300=0.00 total=70000\n", "io_pressure"),
        ("pressure/memory", "full avg10=0.00 total=1\n", "memory_pressure"),
        ("meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n", "memory_available"),
        ("meminfo", "MemTotal: 100", "memory_available"),
        ("vmstat", "oom_kill\n", "oom_kills"),
        ("loadavg", "\n", "load"),
        ("diskstats", " 254 0 vda 1 2\n", "disk_busy"),
    ];
    for (file, text, figure) in cases {
        let mut scene = Scene::new();
        scene.machine.idle().write(scene.root.path());
        scene.write(file, text);
        let draft = scene.read().unwrap().unwrap();
        assert_eq!(signal(&draft, figure), None, "{file}: {text:?}");
        assert!(!draft.vitals.is_empty());
    }
}

#[test]
fn a_counter_that_goes_back_costs_one_figure_for_one_second() {
    let mut scene = Scene::new();
    let draft = scene.then(Machine { cpu_waited: 10, disk_busy: 10, switches: 10, ..scene.machine.idle() });
    for figure in ["cpu_pressure", "disk_busy", "context_switches"] {
        assert_eq!(signal(&draft, figure), None, "{figure}");
    }
    assert!(signal(&draft, "cpu_busy").is_some());
    let draft = scene.then(scene.machine.loaded());
    assert!((signal(&draft, "cpu_pressure").unwrap() - 0.9).abs() < 1e-9);
}

#[test]
fn a_kill_costs_trust_that_comes_back_slowly() {
    let mut scene = Scene::new();
    let draft = scene.then(Machine { oom_kills: 1, ..scene.machine.idle() });
    assert!(scene.priority(&draft, Vital::Trust) >= Some(domain::Priority::P0), "{draft:?}");
    let mut seconds = 0;
    loop {
        let draft = scene.then(scene.machine.idle());
        if scene.priority(&draft, Vital::Trust).is_none() {
            break;
        }
        seconds += 1;
        assert!(seconds < 600);
    }
    assert!(seconds > 60, "trust was back after {seconds} s");
}

#[test]
fn after_a_restart_and_between_too_near_reads_there_is_no_sample() {
    let mut scene = Scene::new();
    assert_eq!(scene.read().unwrap(), None);
    Machine { uptime: 10.0, ..scene.machine }.write(scene.root.path());
    assert_eq!(scene.read().unwrap(), None);
    let draft = scene.then(Machine { uptime: 11.0, ..scene.machine });
    assert_eq!(signal(&draft, "uptime_seconds"), Some(11.0));
}

#[test]
fn a_machine_without_proc_is_told_apart_from_one_that_says_nothing() {
    let scene = || {
        let root = tempfile::tempdir().unwrap();
        let probe = HostProbe::new(Subject::new("host").unwrap(), Sources::built_in().host, root.path().to_owned());
        (root, probe)
    };
    let (_root, mut probe) = scene();
    assert!(matches!(probe.read(Timestamp::default()), Err(ProbeError::Read { .. })));

    let (root, mut probe) = scene();
    std::fs::write(root.path().join("uptime"), "soon\n").unwrap();
    assert!(matches!(probe.read(Timestamp::default()), Err(ProbeError::Uptime { .. })));

    let pain = "host: { pain: { combine: max, inputs: [{ figure: cpu_pressure, points: [[0, 0], [1, 1]] }] } }";
    let formulas = Sources::parse("sources.yml", pain).unwrap().host;
    let mut probe = HostProbe::new(Subject::new("host").unwrap(), formulas, root.path().to_owned());
    std::fs::write(root.path().join("uptime"), "10.0 9.0\n").unwrap();
    assert!(matches!(probe.read(Timestamp::default()), Ok(None)));
    std::fs::write(root.path().join("uptime"), "11.0 9.0\n").unwrap();
    assert!(matches!(probe.read(Timestamp::default()), Err(ProbeError::NothingMeasured { .. })));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
    #[test]
    fn nothing_in_a_file_makes_it_panic(text in "([a-z]{1,8}|[0-9]{1,20}|[ :=.\n-]|cpu |ctxt |some |avg10=|total=){0,40}") {
        let mut scene = Scene::new();
        let files = ["stat", "pressure/cpu", "meminfo", "vmstat", "loadavg", "diskstats", "uptime"];
        for file in files {
            scene.machine.idle().write(scene.root.path());
            scene.write(file, &text);
            if let Ok(Some(draft)) = scene.read() {
                let numbers = draft.signals.values();
                proptest::prop_assert!(numbers.into_iter().all(|value| matches!(value, SignalValue::Number(n) if n.is_finite())));
            }
        }
    }
}

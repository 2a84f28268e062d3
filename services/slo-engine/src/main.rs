//! Runs the SLO engine in a process of its own.

fn main() -> std::process::ExitCode {
    assembly::main("slo-engine", |settings| settings.ports.slo_engine, slo_engine::run)
}

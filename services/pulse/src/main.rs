//! Runs Pulse in a process of its own.

fn main() -> std::process::ExitCode {
    assembly::main("pulse", |settings| settings.ports.pulse, pulse::run)
}

//! Runs Voices in a process of its own.

fn main() -> std::process::ExitCode {
    assembly::main("voices", |settings| settings.ports.voices, voices::run)
}

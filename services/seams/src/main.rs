//! Runs Seams in a process of its own.

fn main() -> std::process::ExitCode {
    assembly::main("seams", |settings| settings.ports.seams, seams::run)
}

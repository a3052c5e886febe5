//! The program: one statement.

fn main() -> std::process::ExitCode {
    asof::cli::main()
}

//! The program over the library: arguments, the terminal and exit statuses.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}

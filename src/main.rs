fn main() -> std::process::ExitCode {
    clapboard::cli::run()
}

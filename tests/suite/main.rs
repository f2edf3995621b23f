//! The program as its users run it: the real binary, on files, in folders of their own.

mod docs;
mod editors;
mod import;
mod init;
mod reports;
mod rule_docs;
mod stub;
mod submit_cli;
mod submit_kill;
mod submit_run;

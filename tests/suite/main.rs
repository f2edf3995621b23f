//! The program as its users run it: the real binary, on files, in folders of their own.

mod architecture;
mod bought_before;
mod cases;
mod docs;
mod editors;
mod fixes;
mod gallery;
mod generated;
mod hostile;
mod identity;
mod import;
mod init;
mod lsp;
mod money;
mod new_model;
mod oracle;
mod properties;
mod reports;
mod rule_docs;
mod run;
mod stub;
mod submit_cli;
mod submit_kill;
mod submit_run;
mod submit_steps;
mod support;

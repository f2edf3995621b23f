//! The program as its users run it: the real binary, on files, in folders of their own.

mod reports;
mod rule_docs;

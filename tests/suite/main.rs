//! The program as its users run it: the real binary, on files, in folders of their own.

mod cases;
mod gallery;
mod rule_docs;
mod support;

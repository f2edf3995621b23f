pub mod ledger;
#[cfg(feature = "submit")]
pub mod service;
#[cfg(feature = "submit")]
pub mod submit;

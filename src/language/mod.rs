//! The storyboard language: its form (one definition, from which schema and documentation come), the check against it, and
//! the film that a storyboard and its bibles make together.

pub mod at;
pub mod check;
mod decode;
pub mod edit;
pub mod film;
pub mod frames;
pub mod length;
pub mod lent;
mod lost_texts;
mod mapping;
pub mod markers;
pub mod model_name;
pub mod names;
mod node_json;
pub mod placeholders;
pub mod schema;
pub mod storyboard;
pub mod table;
pub mod words;

pub use at::{At, Field, Text, Value};
pub use check::{Checked, Form, Shape};
pub use decode::{Camera, CameraControl, Cuts, Excerpt, Line, List, Point, Raw, Remark};
pub use film::{Film, Shot, shots_of};
pub use lost_texts::{is_allow, lost_texts};
pub use storyboard::found::{Brush, Budget, Cut, Move, Scene, Settings};
pub use storyboard::{Seconds, Sound};

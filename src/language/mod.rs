pub mod check;
pub mod near;
mod node_json;
pub mod schema;
pub mod storyboard;

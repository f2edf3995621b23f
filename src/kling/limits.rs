//! Kling's limits for pictures, the same for every model and API.

/// The fewest pixels of a frame's side. Smaller ones are accepted, then fail with `Image pixel is invalid`.
pub const FRAME_SIDE: usize = 300;
/// The longest side over the shortest, at most: 1:2.5 to 2.5:1.
pub const FRAME_RATIO: f64 = 2.5;
/// How far a mask's proportions may be from the first frame's. Kling asks for the same; 1 % allows for rounding.
pub const MASK_RATIO_TOLERANCE: f64 = 0.01;

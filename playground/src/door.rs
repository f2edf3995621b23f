//! The door to JavaScript: plain numbers. The page writes bytes where `room` says, and reads an answer's from the returned address.

use std::cell::RefCell;

use super::Project;

thread_local! {
    static PROJECT: RefCell<Project> = RefCell::default();
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for so many bytes, which the next call takes. Where there is none, the page's memory is at its end, and this does not return.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    Box::leak(vec![0_u8; bytes].into_boxed_slice()).as_mut_ptr()
}

/// Puts a file there. Takes the room of both.
///
/// # Safety
/// Both are rooms of those sizes that no call took.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn put(path: *mut u8, path_bytes: usize, data: *mut u8, data_bytes: usize) {
    // SAFETY: as the function asks.
    let (path, data) = unsafe { (taken(path, path_bytes), taken(data, data_bytes)) };
    PROJECT.with_borrow_mut(|project| project.put(&String::from_utf8_lossy(&path), &data));
}

/// Takes all files away.
#[unsafe(no_mangle)]
pub extern "C" fn clear() {
    PROJECT.with_borrow_mut(Project::clear);
}

/// Answers a question, whose room it takes. Gives the answer's size; it is at [`answer`] until the next question.
///
/// # Safety
/// It is a room of that size that no call took.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ask(question: *mut u8, bytes: usize) -> usize {
    // SAFETY: as the function asks.
    let question = unsafe { taken(question, bytes) };
    let answer = PROJECT.with_borrow(|project| project.answer(&String::from_utf8_lossy(&question)));
    ANSWER.with_borrow_mut(|kept| {
        *kept = answer.into_bytes();
        kept.len()
    })
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    ANSWER.with_borrow(|kept| kept.as_ptr())
}

/// # Safety
/// It is a room of that size that no call took.
unsafe fn taken(room: *mut u8, bytes: usize) -> Box<[u8]> {
    // SAFETY: `room` leaked a slice of that size.
    unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(room, bytes)) }
}

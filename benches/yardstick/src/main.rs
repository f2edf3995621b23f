//! The least that anything could do with the same bytes: `yardstick events FOLDER` reads the YAML files of a folder and goes through
//! the parser's events on as many threads as `RAYON_NUM_THREADS` says; `yardstick base64 FOLDER` writes the PNG files of a folder
//! as base64 to standard output.

use std::io::{Read, Write};
use std::path::PathBuf;

use granit_parser::Parser;
use rayon::prelude::*;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (what, folder) = (arguments.next().expect("what to do"), arguments.next().expect("a folder"));
    match what.as_str() {
        "events" => println!("{} events", events(&files(&folder, "yaml"))),
        "base64" => base64(&files(&folder, "png")),
        other => panic!("`{other}` is neither `events` nor `base64`"),
    }
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

fn events(files: &[PathBuf]) -> usize {
    let count = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("UTF-8");
        Parser::new_from_str(&text).filter(|event| event.is_ok()).count()
    };
    files.par_iter().map(count).sum()
}

fn base64(files: &[PathBuf]) {
    // As large as one after which more no longer helps, and a multiple of 3.
    const PIECE: usize = 3 * 64 * 1024;
    let mut out = std::io::stdout().lock();
    let (mut piece, mut encoded) = (vec![0; PIECE], vec![0; PIECE / 3 * 4]);
    for file in files {
        let mut file = std::fs::File::open(file).expect("it can be opened");
        loop {
            let mut filled = 0;
            while filled < PIECE {
                match file.read(&mut piece[filled..]).expect("it can be read") {
                    0 => break,
                    read => filled += read,
                }
            }
            let text = base64_simd::STANDARD.encode(&piece[..filled], base64_simd::Out::from_slice(&mut encoded));
            out.write_all(text).expect("it can be written");
            if filled < PIECE {
                break;
            }
        }
    }
}

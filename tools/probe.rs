fn main() {
    println!("{}", serde_json::to_string_pretty(&clapboard::language::schema::storyboard()).unwrap());
}

//! Prints the rules, for the tests beside it: `cargo run --example rules`.

fn main() {
    print!("{}", synctera_customers::rules::RULES);
}

//! Compiles the committed parser.

fn main() {
    let files = ["src/parser.c", "src/scanner.c"];
    cc::Build::new()
        .include("src")
        .files(files)
        .std("c11")
        .warnings(false)
        .opt_level(2)
        .compile("tree-sitter-flow");
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
}

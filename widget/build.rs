//! Keeps the linker's relocations in the module: `cargo xtask build` goes by them when it cuts off the part that is
//! fetched later.

fn main() {
    println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
}

//! The books beside the code, for tests that look at them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use deskbell_shared::faq::compile::phrasebook::Library;

/// The text files of a folder of `shared`, in the order of their names.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files
}

/// All phrasebooks.
pub(crate) fn library() -> Library {
    let mut library = Library::default();
    for path in files("phrasebooks") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let added = library.add(name, &fs::read_to_string(&path).unwrap());
        assert_eq!(added, Ok(()), "{name}");
    }
    library
}

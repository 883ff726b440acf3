//! Work on many things at once, where the machine can: natively on all cores, in an isolate one after the other.

#[cfg(not(target_family = "wasm"))]
pub(super) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

    items.par_iter().map(work).collect()
}

#[cfg(target_family = "wasm")]
pub(super) fn map<T, R>(items: &[T], work: impl Fn(&T) -> R) -> Vec<R> {
    items.iter().map(work).collect()
}

//! The puzzle that a challenge sets: find, for each of its parts, a number whose hash begins with enough zeros.
//!
//! Several small parts instead of a large one: the time that it takes hardly varies, so that nobody honest has bad
//! luck, and progress can be shown. Solving costs a second or so; checking costs sixteen hashes.

use sha2::{Digest, Sha256};

/// How many parts a puzzle has.
pub const PARTS: usize = 16;
/// The zeros, in bits, that the easiest puzzle asks for: a phone finds them in under two seconds.
pub const EASIEST: u8 = 11;
/// The zeros, in bits, that the hardest puzzle asks for: a minute or so.
pub const HARDEST: u8 = 17;

/// Numbers that a browser tries before it looks at the clock.
pub const TRIES: u32 = 100;
/// How long a browser works on a puzzle at a time, in milliseconds: half a frame, so that whatever else is on the page
/// stays smooth.
pub const SLICE_MS: u64 = 8;
/// How long it leaves the page alone in between, in milliseconds.
pub const PAUSE_MS: u64 = 4;

/// The numbers that solve a puzzle, one for each part.
pub type Nonces = [u32; PARTS];

/// A puzzle. Its name is in it, so that no two have the same solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Puzzle {
    seed: [u8; 32],
    bits: u8,
}

impl Puzzle {
    /// The puzzle of this name. The difficulty is kept between [`EASIEST`] and [`HARDEST`].
    pub fn new(name: &str, bits: u8) -> Self {
        Self { seed: Sha256::digest(name.as_bytes()).into(), bits: bits.clamp(EASIEST, HARDEST) }
    }

    /// Whether the numbers solve it.
    pub fn is_solved_by(&self, nonces: &Nonces) -> bool {
        nonces.iter().enumerate().all(|(part, nonce)| self.fits(part, *nonce))
    }

    fn fits(&self, part: usize, nonce: u32) -> bool {
        let hash = Sha256::new()
            .chain_update(self.seed)
            .chain_update([part as u8])
            .chain_update(nonce.to_be_bytes())
            .finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]).leading_zeros() >= u32::from(self.bits)
    }
}

/// Somebody who solves a puzzle, a little at a time.
#[derive(Clone, Debug)]
pub struct Solver {
    puzzle: Puzzle,
    nonces: Nonces,
    part: usize,
}

impl Solver {
    /// Begins.
    pub fn new(puzzle: Puzzle) -> Self {
        Self { puzzle, nonces: [0; PARTS], part: 0 }
    }

    /// Tries so many numbers; the solution when it is whole.
    pub fn work(&mut self, tries: u32) -> Option<Nonces> {
        for _ in 0..tries {
            if self.part == PARTS {
                break;
            }
            if self.puzzle.fits(self.part, self.nonces[self.part]) {
                self.part += 1;
            } else {
                self.nonces[self.part] = self.nonces[self.part].wrapping_add(1);
            }
        }
        (self.part == PARTS).then_some(self.nonces)
    }

    /// How many of the parts are solved.
    pub const fn solved(&self) -> usize {
        self.part
    }
}

/// The numbers as text: eight hexadecimal digits each.
pub fn write(nonces: &Nonces) -> String {
    nonces.iter().map(|nonce| format!("{nonce:08x}")).collect()
}

/// The numbers of a text made by [`write`]; `None` for anything else.
pub fn read(text: &str) -> Option<Nonces> {
    let plain = text.len() == PARTS * 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut nonces = [0; PARTS];
    for (part, nonce) in nonces.iter_mut().enumerate().filter(|_| plain) {
        *nonce = u32::from_str_radix(text.get(part * 8..part * 8 + 8)?, 16).ok()?;
    }
    plain.then_some(nonces)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn solve(puzzle: &Puzzle) -> Nonces {
        let mut solver = Solver::new(puzzle.clone());
        loop {
            if let Some(nonces) = solver.work(1_000) {
                return nonces;
            }
        }
    }

    proptest! {
        #[test]
        fn numbers_survive_being_written(nonces in any::<Nonces>()) {
            prop_assert_eq!(read(&write(&nonces)), Some(nonces));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".*", bits in any::<u8>()) {
            let _ = read(&text);
            prop_assert!(!Puzzle::new(&text, bits).is_solved_by(&[u32::MAX; PARTS]));
        }
    }

    #[test]
    fn a_solution_solves_its_own_puzzle_alone() {
        let puzzle = Puzzle::new("one", EASIEST);
        let nonces = solve(&puzzle);
        assert!(puzzle.is_solved_by(&nonces));
        assert!(!Puzzle::new("another", EASIEST).is_solved_by(&nonces));
        assert!(!Puzzle::new("one", HARDEST).is_solved_by(&nonces));
        let mut changed = nonces;
        changed[PARTS - 1] ^= 1;
        assert!(!puzzle.is_solved_by(&changed));
    }
}

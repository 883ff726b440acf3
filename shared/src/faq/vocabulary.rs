//! Which features there are.

/// Numbers features in the order they come: a hash table that does not hash again.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    /// Open addressing, a power of two of places, at most half of them taken; the feature and its number plus one.
    places: Vec<(u32, u32)>,
    taken: u32,
}

impl Vocabulary {
    /// The number of a feature, if it has one.
    pub(super) fn get(&self, hash: u32) -> Option<u32> {
        if self.places.is_empty() {
            return None;
        }
        self.places[self.place(hash)].1.checked_sub(1)
    }

    /// The number of a feature, the next one if it had none.
    pub(super) fn insert(&mut self, hash: u32) -> u32 {
        if 2 * self.taken as usize >= self.places.len() {
            self.grow();
        }
        let place = self.place(hash);
        if self.places[place].1 == 0 {
            self.taken += 1;
            self.places[place] = (hash, self.taken);
        }
        self.places[place].1 - 1
    }

    /// Where the feature is, or would be.
    fn place(&self, hash: u32) -> usize {
        let mask = self.places.len() - 1;
        // FNV's low bits are its good ones.
        let mut place = hash as usize & mask;
        while self.places[place].1 != 0 && self.places[place].0 != hash {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let larger = (2 * self.places.len()).max(1 << 10);
        let old = core::mem::replace(&mut self.places, vec![(0, 0); larger]);
        for (hash, number) in old.into_iter().filter(|(_, number)| *number != 0) {
            let place = self.place(hash);
            self.places[place] = (hash, number);
        }
    }
}

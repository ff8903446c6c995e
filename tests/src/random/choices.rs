//! Choices: random ones that are written down, and those written down, taken again.

/// A source of choices. The first possibility is always the simplest one, and the one that is taken where no more
/// choices are written down, so that a shorter and smaller list of choices makes a simpler case.
#[derive(Clone, Debug)]
pub struct Choices {
    made: Vec<u32>,
    at: usize,
    /// The state of the random numbers; none where choices are taken again.
    state: Option<u64>,
}

impl Choices {
    /// Random choices, the same for the same seed.
    pub fn seeded(seed: u64) -> Choices {
        Choices { made: Vec::new(), at: 0, state: Some(seed) }
    }

    /// Choices taken again.
    pub fn again(made: Vec<u32>) -> Choices {
        Choices { made, at: 0, state: None }
    }

    /// The choices made so far.
    pub fn made(&self) -> &[u32] {
        self.made.get(..self.at).unwrap_or(&self.made)
    }

    /// A number below `count`, or 0.
    pub fn below(&mut self, count: usize) -> usize {
        let count = count.max(1) as u64;
        let choice = match &mut self.state {
            Some(state) => {
                // splitmix64
                *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                let choice = (mixed ^ (mixed >> 31)) % count;
                self.made.push(choice as u32);
                choice
            }
            None => u64::from(self.made.get(self.at).copied().unwrap_or(0)) % count,
        };
        self.at += 1;
        choice as usize
    }

    /// Yes, so many times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent.min(100)
    }

    /// One of these, by its number; nothing of nothing.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> Option<&'t T> {
        let at = self.below(of.len());
        of.get(at)
    }

    /// One of these words.
    pub fn word<'t>(&mut self, of: &[&'t str]) -> &'t str {
        self.one(of).copied().unwrap_or("")
    }
}

/// The simplest choices found that still fail: parts are left out, then made smaller, while that keeps failing.
pub fn shrink(choices: Vec<u32>, budget: usize, mut fails: impl FnMut(&[u32]) -> bool) -> Vec<u32> {
    let mut best = choices;
    let mut tries = 0;
    loop {
        let before = best.clone();
        let mut size = best.len();
        while size > 0 {
            let mut from = 0;
            while from < best.len() && tries < budget {
                tries += 1;
                let mut shorter = best.clone();
                shorter.drain(from..(from + size).min(best.len()));
                if fails(&shorter) {
                    best = shorter;
                } else {
                    from += size;
                }
            }
            size /= 2;
        }
        for at in 0..best.len() {
            for smaller in [0, 1] {
                let mut simpler = best.clone();
                let Some(choice) = simpler.get_mut(at).filter(|choice| **choice > smaller) else { continue };
                *choice = smaller;
                tries += 1;
                if tries < budget && fails(&simpler) {
                    best = simpler;
                    break;
                }
            }
        }
        if best == before || tries >= budget {
            return best;
        }
    }
}

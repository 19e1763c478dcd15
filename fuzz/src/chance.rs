//! Bytes that look like chance, and are the same for the same seed everywhere.

/// A series of numbers: splitmix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The series of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..count.div_ceil(8)).flat_map(|_| self.number().to_le_bytes()).collect();
        bytes.truncate(count);
        bytes
    }
}

/// The input of a seed: a generator's, of up to so many bytes.
pub fn input(seed: u64, bytes_max: usize) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let length = 16 + usize::try_from(chance.number()).unwrap_or(usize::MAX) % bytes_max.max(1);
    let mut input = vec![crate::GENERATED];
    input.extend(chance.bytes(length));
    input
}

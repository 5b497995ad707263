//! Finds every delimiter, quote and line end of a stretch of bytes, 64 bytes at a time.
//!
//! Reading a file byte by byte costs a branch a byte. Comparing 32 bytes in one instruction and
//! walking over the hits costs one a field. AVX2 is asked for at run time because the baseline of
//! x86-64 lacks it: without it, reading six columns takes about 40 % longer.

/// The bytes to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) delimiter: u8,
    /// A line end when the dialect has no quote: then it finds nothing new.
    pub(crate) quote: u8,
}

const STRIDE: usize = 64;

/// The positions of the marks in a stretch of bytes, kept between stretches for its memory.
#[derive(Debug, Default)]
pub(crate) struct Index {
    positions: Vec<u32>,
    count: usize,
}

impl Index {
    /// The positions found, ascending. The last is a line end, or one past the bytes when they do
    /// not end with one.
    pub(crate) fn positions(&self) -> &[u32] {
        &self.positions[..self.count]
    }

    /// Looks through `bytes`, which are at most 2 GiB.
    pub(crate) fn fill(&mut self, bytes: &[u8], marks: Marks) {
        // Each stride writes up to 64 positions, and one may follow at the end.
        let needed = bytes.len() + STRIDE + 1;
        if self.positions.len() < needed {
            self.positions.resize(needed, 0);
        }
        self.count = 0;
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("bmi1") {
            // SAFETY: the processor has AVX2 and BMI1, as just found.
            unsafe { self.fill_avx2(bytes, marks) };
            self.close(bytes);
            return;
        }
        self.fill_with(bytes, |stride| portable_hits(stride, marks));
        self.close(bytes);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    fn fill_avx2(&mut self, bytes: &[u8], marks: Marks) {
        self.fill_with(bytes, |stride| hits_avx2(stride, marks));
    }

    #[inline(always)]
    fn fill_with(&mut self, bytes: &[u8], hits: impl Fn(&[u8; STRIDE]) -> u64) {
        let (strides, rest) = bytes.as_chunks::<STRIDE>();
        let mut base = 0;
        for stride in strides {
            self.note(hits(stride), base);
            base += STRIDE as u32;
        }
        if !rest.is_empty() {
            let mut stride = [0; STRIDE];
            stride[..rest.len()].copy_from_slice(rest);
            // The padding may itself be a mark.
            let real = (1 << rest.len()) - 1;
            self.note(hits(&stride) & real, base);
        }
    }

    /// Writes the positions of the set bits, eight at a time and some in vain: a loop that ends at
    /// the last bit would be mispredicted once a stride.
    #[inline(always)]
    fn note(&mut self, mut hits: u64, base: u32) {
        let found = hits.count_ones() as usize;
        let Some(slots) = self.positions[self.count..].first_chunk_mut::<STRIDE>() else {
            return;
        };
        let (groups, _) = slots.as_chunks_mut::<8>();
        for (group, slots) in groups.iter_mut().enumerate() {
            if group * 8 >= found {
                break;
            }
            for slot in slots {
                *slot = base + hits.trailing_zeros();
                hits &= hits.wrapping_sub(1);
            }
        }
        self.count += found;
    }

    fn close(&mut self, bytes: &[u8]) {
        if bytes.last().is_some_and(|&byte| byte != b'\n') {
            self.positions[self.count] = bytes.len() as u32;
            self.count += 1;
        }
    }
}

/// One bit for each byte that is a mark.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1")]
#[inline]
fn hits_avx2(stride: &[u8; STRIDE], marks: Marks) -> u64 {
    use std::arch::x86_64::{_mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256};
    use std::arch::x86_64::{_mm256_set_epi64x, _mm256_set1_epi8};

    let delimiter = _mm256_set1_epi8(marks.delimiter.cast_signed());
    let quote = _mm256_set1_epi8(marks.quote.cast_signed());
    let line_end = _mm256_set1_epi8(b'\n'.cast_signed());
    let (words, _) = stride.as_chunks::<8>();
    let mut hits = 0;
    for lane in 0..2 {
        let word = |index: usize| i64::from_le_bytes(words[4 * lane + index]);
        let bytes = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
        let found = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, delimiter), _mm256_cmpeq_epi8(bytes, quote)),
            _mm256_cmpeq_epi8(bytes, line_end),
        );
        hits |= u64::from(_mm256_movemask_epi8(found).cast_unsigned()) << (32 * lane);
    }
    hits
}

/// The same for any processor.
#[inline(always)]
fn portable_hits(stride: &[u8; STRIDE], marks: Marks) -> u64 {
    let is_mark = |byte: u8| (byte == marks.delimiter) | (byte == marks.quote) | (byte == b'\n');
    // Eight flags of a word, gathered into eight bits by one multiplication.
    let (words, _) = stride.as_chunks::<8>();
    words.iter().enumerate().fold(0, |hits, (index, word)| {
        let flags = u64::from_le_bytes(word.map(|byte| u8::from(is_mark(byte))));
        hits | (flags.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Marks = Marks {
        delimiter: b',',
        quote: b'"',
    };

    fn slow(bytes: &[u8]) -> Vec<u32> {
        let is_mark = |byte: &u8| matches!(byte, b',' | b'"' | b'\n');
        let mut positions: Vec<u32> = (0..bytes.len())
            .filter(|&i| is_mark(&bytes[i]))
            .map(|i| i as u32)
            .collect();
        if bytes.last().is_some_and(|&byte| byte != b'\n') {
            positions.push(bytes.len() as u32);
        }
        positions
    }

    fn samples() -> impl Iterator<Item = Vec<u8>> {
        (0..400_usize).map(|length| {
            (0..length)
                .map(|i| b",\"\nab\0\xFF\x8Ax,"[(i * i + i * length / 7) % 10])
                .collect()
        })
    }

    #[test]
    fn every_mark_is_found_once() {
        let mut index = Index::default();
        for bytes in samples() {
            index.fill(&bytes, MARKS);
            assert_eq!(index.positions(), slow(&bytes));
        }
        index.fill(&[b','; 500], MARKS);
        assert_eq!(index.positions(), (0..=500).collect::<Vec<u32>>());
    }

    #[test]
    fn a_mark_of_zero_is_not_found_in_the_padding() {
        let mut index = Index::default();
        index.fill(
            b"a\0\n",
            Marks {
                delimiter: 0,
                quote: b'\n',
            },
        );
        assert_eq!(index.positions(), [1, 2]);
    }

    #[test]
    fn every_mark_is_found_on_any_processor() {
        let mut index = Index::default();
        for bytes in samples() {
            index.positions.resize(bytes.len() + STRIDE + 1, 0);
            index.count = 0;
            index.fill_with(&bytes, |stride| portable_hits(stride, MARKS));
            index.close(&bytes);
            assert_eq!(index.positions(), slow(&bytes));
        }
    }
}

//! What is wrong with stored files as a whole: what their rows' checksums cannot tell.
//!
//! SQLite reads a write-ahead log up to its first frame that is not whole, and takes that for the end. So does this, and then
//! looks whether there is more behind: the log's format is in <https://sqlite.org/fileformat2.html>, section 4.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rusqlite::Connection;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// Problems that are named; there may be thousands of them.
const NAMED_MAX: usize = 20;

/// What a write-ahead log holds that SQLite will not read; nothing if it is whole, or ends in the middle of its last commit,
/// as it does when the machine stops in it.
pub(super) fn of_log(path: &Path) -> io::Result<Option<String>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => io::BufReader::new(file?),
    };
    let Some(header) = read::<HEADER_BYTES>(&mut file)? else { return Ok(None) };
    let Some(mut chain) = Chain::of(&header) else {
        let is_new = header.iter().all(|byte| *byte == 0);
        return Ok((!is_new).then(|| "the head of the write-ahead log".to_owned()));
    };
    let mut frames = Frames::default();
    while let Some(head) = read::<FRAME_HEADER_BYTES>(&mut file)? {
        let mut page = vec![0; chain.page_bytes];
        if !fill(&mut file, &mut page)? {
            break;
        }
        frames.note(chain.take(&head, &page), number(&head, 4) != 0);
    }
    Ok(frames.verdict())
}

/// The frames of a log, as they follow each other.
#[derive(Default)]
struct Frames {
    count: u64,
    /// The first that is not whole.
    broken: Option<u64>,
    /// Commits that end there or behind it, its own among them.
    commits_behind: u64,
}

/// What a frame is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Whole,
    Broken,
    /// Of an earlier life of the log, whose space this one has not used yet.
    Old,
}

impl Frames {
    fn note(&mut self, frame: Frame, is_commit: bool) {
        self.count += 1;
        if frame != Frame::Broken {
            return;
        }
        self.broken.get_or_insert(self.count);
        self.commits_behind += u64::from(is_commit);
    }

    fn verdict(&self) -> Option<String> {
        // A disk may have written the end of the last commit, and not what comes before.
        let frame = self.broken.filter(|_| self.commits_behind > 1)?;
        let commits = self.commits_behind;
        Some(format!(
            "frame {frame} of the write-ahead log, and with it what {commits} commits have stored from there on"
        ))
    }
}

/// The checksums of a log: each goes on from the one before.
struct Chain {
    page_bytes: usize,
    big_endian: bool,
    salts: [u32; 2],
    sums: (u32, u32),
    whole: bool,
}

impl Chain {
    /// None of a head that is not one.
    fn of(header: &[u8; HEADER_BYTES]) -> Option<Self> {
        const MAGIC: u32 = 0x377f_0682;
        let magic = number(header, 0);
        let page_bytes = usize::try_from(number(header, 8)).ok()?;
        let sane = magic & !1 == MAGIC && page_bytes.is_power_of_two() && (512..=65_536).contains(&page_bytes);
        let mut chain = Self {
            page_bytes,
            big_endian: magic & 1 == 1,
            salts: [number(header, 16), number(header, 20)],
            sums: (0, 0),
            whole: true,
        };
        chain.add(header.get(..24)?);
        (sane && chain.sums == (number(header, 24), number(header, 28))).then_some(chain)
    }

    fn take(&mut self, head: &[u8; FRAME_HEADER_BYTES], page: &[u8]) -> Frame {
        if [number(head, 8), number(head, 12)] != self.salts {
            // Here the log ends; or a salt is damaged, and what follows has the right ones again.
            self.whole = false;
            return Frame::Old;
        }
        if !self.whole {
            return Frame::Broken;
        }
        self.add(head.get(..8).unwrap_or_default());
        self.add(page);
        self.whole = self.sums == (number(head, 16), number(head, 20));
        if self.whole { Frame::Whole } else { Frame::Broken }
    }

    fn add(&mut self, bytes: &[u8]) {
        let (mut first, mut second) = self.sums;
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(self.word(pair, 0)).wrapping_add(second);
            second = second.wrapping_add(self.word(pair, 4)).wrapping_add(first);
        }
        self.sums = (first, second);
    }

    fn word(&self, bytes: &[u8], at: usize) -> u32 {
        let big = number(bytes, at);
        if self.big_endian { big } else { big.swap_bytes() }
    }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn read<const N: usize>(file: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    Ok(fill(file, &mut bytes)?.then_some(bytes))
}

/// False if there is not so much.
fn fill(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

/// What is wrong with the pages of the database, and how they hang together.
pub(super) fn of_pages(connection: &Connection) -> Vec<String> {
    let check = |named: &mut Vec<String>| -> rusqlite::Result<()> {
        let mut select = connection.prepare(&format!("PRAGMA quick_check({NAMED_MAX})"))?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            let said: String = row.get(0)?;
            named.extend(said.lines().filter(|line| *line != "ok").map(str::to_owned));
        }
        Ok(())
    };
    let mut named = Vec::new();
    if let Err(error) = check(&mut named) {
        named.push(error.to_string());
    }
    named
}

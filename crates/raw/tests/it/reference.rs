//! The slow reader: the rules of the crate, written down as plainly as possible.
//!
//! It splits the file into lines, and tries ever more of them as one record.

use cartera_raw::{Delimiter, Dialect, RecordReason};

/// What a record is, by the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    Row { line: u64, fields: Vec<Vec<u8>> },
    Rejected { line: u64, slug: &'static str },
}

/// All records of a file without header, each well-formed one with its fields as they stand there.
pub(crate) fn read(file: &[u8], dialect: &Dialect, field_count: usize) -> Vec<Record> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let lines: Vec<&[u8]> = file.split(|&byte| byte == b'\n').collect();
    let mut records = Vec::new();
    let mut at = usize::try_from(dialect.skip_lines).expect("a few lines");
    while at < lines.len() {
        let line = at as u64 + 1;
        let content = chomp(lines[at].to_vec());
        let blank = match dialect.delimiter {
            Delimiter::Byte(_) => content.is_empty(),
            Delimiter::Blanks => content.iter().all(|byte| b" \t".contains(byte)),
        };
        let comment = dialect.comment.is_some() && content.first().copied() == dialect.comment;
        if content.len() > dialect.max_record_bytes {
            let limit_bytes = dialect.max_record_bytes;
            let slug = RecordReason::RecordTooLong { limit_bytes }.slug();
            records.push(Record::Rejected { line, slug });
            at += 1;
        } else if blank || comment {
            at += 1;
        } else {
            let (used, result) = read_record(&lines[at..], dialect);
            at += used;
            records.push(match result {
                Ok(fields) if fields.len() == field_count => Record::Row { line, fields },
                Ok(_) => Record::Rejected {
                    line,
                    slug: "wrong_field_count",
                },
                Err(slug) => Record::Rejected { line, slug },
            });
        }
    }
    records
}

/// The record at the start of the lines, and how many of them it takes.
fn read_record(lines: &[&[u8]], dialect: &Dialect) -> (usize, Result<Vec<Vec<u8>>, &'static str>) {
    let mut candidate = Vec::new();
    for (count, line) in (1..).zip(lines) {
        if count > 1 {
            candidate.push(b'\n');
        }
        candidate.extend_from_slice(line);
        let content = chomp(candidate.clone());
        let too_long = content.len() > dialect.max_record_bytes;
        match fields(&content, dialect) {
            Ok(fields) if count == 1 || !too_long => return (count, Ok(fields)),
            Err("text_after_quote") if count == 1 => return (1, Err("text_after_quote")),
            Err("unclosed_quote") if dialect.multiline && !too_long => {}
            _ => break,
        }
    }
    (1, Err("unclosed_quote"))
}

fn chomp(mut line: Vec<u8>) -> Vec<u8> {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    line
}

fn fields(record: &[u8], dialect: &Dialect) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut rest: std::collections::VecDeque<u8> = record.iter().copied().collect();
    let delimits = |byte: u8| match dialect.delimiter {
        Delimiter::Byte(delimiter) => byte == delimiter,
        Delimiter::Blanks => byte == b' ' || byte == b'\t',
    };
    let skips = dialect.delimiter == Delimiter::Blanks;
    let mut fields = Vec::new();
    loop {
        while skips && rest.front().is_some_and(|&byte| delimits(byte)) {
            rest.pop_front();
        }
        if skips && rest.is_empty() {
            return Ok(fields);
        }
        let mut field = Vec::new();
        if dialect.quote.is_some() && rest.front().copied() == dialect.quote {
            rest.pop_front();
            loop {
                let byte = rest.pop_front().ok_or("unclosed_quote")?;
                if Some(byte) != dialect.quote {
                    field.push(byte);
                } else if rest.front() == Some(&byte) {
                    rest.pop_front();
                    field.push(byte);
                } else {
                    break;
                }
            }
            if rest.front().is_some_and(|&byte| !delimits(byte)) {
                return Err("text_after_quote");
            }
        } else {
            while rest.front().is_some_and(|&byte| !delimits(byte)) {
                field.extend(rest.pop_front());
            }
        }
        fields.push(field);
        if rest.pop_front().is_none() {
            return Ok(fields);
        }
    }
}

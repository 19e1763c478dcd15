//! Two texts, line by line, as `diff -u` shows them.

use std::fmt::Write as _;

/// Lines that stay around those that differ.
const CONTEXT_LINES: usize = 3;

/// With more lines than this in which two texts differ, all between the first and the last is shown as one change: what it
/// takes to find the fewest grows with their square.
const EDITS_MAX: usize = 1_000;

/// A line, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// A unified diff of two texts, each with its name. Empty if they are the same.
pub(super) fn unified((from, before): (&str, &str), (to, after): (&str, &str)) -> String {
    let lines = compare(&lines(before), &lines(after));
    let mut diff = String::new();
    for hunk in hunks(&lines) {
        if diff.is_empty() {
            // Writing to a text cannot fail; nor below.
            let _ = write!(diff, "--- {from}\n+++ {to}\n");
        }
        write_hunk(&mut diff, &lines, hunk);
    }
    diff
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What becomes of each line. What both begin and end with is not searched.
fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let head = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (begin, before) = before.split_at(head);
    let (_, after) = after.split_at(head);
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    let (before, end) = before.split_at(before.len() - tail);
    let (after, _) = after.split_at(after.len() - tail);
    let replaced = || gone(before).chain(new(after)).collect();
    let between: Vec<_> = shortest(before, after).unwrap_or_else(replaced);
    same(begin).chain(between).chain(same(end)).collect()
}

fn same<'a>(lines: &[&'a str]) -> impl Iterator<Item = Line<'a>> {
    lines.iter().map(|line| Line::Same(line))
}

fn gone<'a>(lines: &[&'a str]) -> impl Iterator<Item = Line<'a>> {
    lines.iter().map(|line| Line::Gone(line))
}

fn new<'a>(lines: &[&'a str]) -> impl Iterator<Item = Line<'a>> {
    lines.iter().map(|line| Line::New(line))
}

/// How far each diagonal was reached with so many edits: on diagonal `k` of `-edits..=edits` are the pairs of lines whose
/// places differ by `k`, and what is kept is the place in the first text.
struct Reached(Vec<usize>);

/// The place on a diagonal that cannot be reached.
const UNREACHED: usize = usize::MAX;

impl Reached {
    fn at(&self, diagonal: isize) -> Option<usize> {
        let edits = isize::try_from(self.0.len() / 2).ok()?;
        self.0.get(usize::try_from(diagonal + edits).ok()?).copied()
    }
}

/// The fewest lines gone and new that make one of the other (Myers, "An O(ND) Difference Algorithm"). None beyond
/// [`EDITS_MAX`].
fn shortest<'a>(before: &[&'a str], after: &[&'a str]) -> Option<Vec<Line<'a>>> {
    let mut steps: Vec<Reached> = Vec::new();
    for edits in 0..=EDITS_MAX {
        let reached = step(steps.last(), edits, before, after)?;
        let done = reached.at(diagonal(before.len(), after.len())?) == Some(before.len());
        steps.push(reached);
        if done {
            return trace(&steps, before, after);
        }
    }
    None
}

/// One edit more than before.
fn step(last: Option<&Reached>, edits: usize, before: &[&str], after: &[&str]) -> Option<Reached> {
    let bound = isize::try_from(edits).ok()?;
    let mut reached = Vec::with_capacity(2 * edits + 1);
    for diagonal in -bound..=bound {
        // Each edit leads to the next diagonal, so that only every other can be reached.
        if (diagonal + bound) % 2 != 0 {
            reached.push(UNREACHED);
            continue;
        }
        let mut x = last.map_or(0, |last| begin(last, diagonal).0);
        while let (Some(one), Some(other)) = (before.get(x), other_place(x, diagonal).and_then(|y| after.get(y))) {
            if one != other {
                break;
            }
            x += 1;
        }
        reached.push(x);
    }
    Some(Reached(reached))
}

/// Where a step on a diagonal begins, and the diagonal that it comes from: a line is gone if from the one below, new if
/// from the one above.
fn begin(last: &Reached, diagonal: isize) -> (usize, isize) {
    let gone = last.at(diagonal - 1).map(|x| x + 1);
    let new = last.at(diagonal + 1);
    match (gone, new) {
        (Some(gone), Some(new)) if gone > new => (gone, diagonal - 1),
        (Some(gone), None) => (gone, diagonal - 1),
        (_, new) => (new.unwrap_or(0), diagonal + 1),
    }
}

/// The lines on the way that was found, from its end to its beginning.
fn trace<'a>(steps: &[Reached], before: &[&'a str], after: &[&'a str]) -> Option<Vec<Line<'a>>> {
    let mut lines = Vec::new();
    let (mut x, mut on) = (before.len(), diagonal(before.len(), after.len())?);
    for last in steps.iter().rev().skip(1) {
        let (start, from) = begin(last, on);
        while x > start {
            x -= 1;
            lines.push(Line::Same(before.get(x)?));
        }
        if from < on {
            x -= 1;
            lines.push(Line::Gone(before.get(x)?));
        } else {
            lines.push(Line::New(after.get(other_place(x, from)?)?));
        }
        on = from;
    }
    lines.extend(before.get(..x)?.iter().rev().map(|line| Line::Same(line)));
    lines.reverse();
    Some(lines)
}

fn diagonal(x: usize, y: usize) -> Option<isize> {
    isize::try_from(x).ok()?.checked_sub_unsigned(y)
}

/// The place in the second text.
fn other_place(x: usize, diagonal: isize) -> Option<usize> {
    x.checked_add_signed(-diagonal)
}

/// Lines that are shown together: those that differ, with what stays around them.
fn hunks(lines: &[Line<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut hunks: Vec<std::ops::Range<usize>> = Vec::new();
    for (place, _) in lines.iter().enumerate().filter(|(_, line)| !matches!(line, Line::Same(_))) {
        let (start, end) = (place.saturating_sub(CONTEXT_LINES), (place + 1 + CONTEXT_LINES).min(lines.len()));
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

fn write_hunk(diff: &mut String, lines: &[Line<'_>], hunk: std::ops::Range<usize>) {
    let (above, within) = (lines.get(..hunk.start).unwrap_or_default(), lines.get(hunk).unwrap_or_default());
    let before = |lines: &[Line<'_>]| lines.iter().filter(|it| !matches!(it, Line::New(_))).count();
    let after = |lines: &[Line<'_>]| lines.iter().filter(|it| !matches!(it, Line::Gone(_))).count();
    // The first line is 1; where there are no lines, the place is that of the line above.
    let range = |above: usize, count: usize| format!("{},{count}", above + usize::from(count > 0));
    let (from, to) = (range(before(above), before(within)), range(after(above), after(within)));
    let _ = writeln!(diff, "@@ -{from} +{to} @@");
    for line in within {
        let (mark, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        let end = if text.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
        let _ = write!(diff, "{mark}{text}{end}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        unified(("a", before), ("b", after))
    }

    #[test]
    fn the_same_is_no_difference() {
        assert_eq!(diff("", ""), "");
        assert_eq!(diff("a\nb", "a\nb"), "");
    }

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
        let expected = "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(diff(before, after), expected);
    }

    #[test]
    fn the_end_of_a_file_without_a_line_break_is_shown() {
        let expected = "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n";
        assert_eq!(diff("a", "a\n"), expected);
        assert_eq!(diff("", "a\n"), "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+a\n");
    }

    /// What a comparison says both texts are.
    fn both(lines: &[Line<'_>]) -> (String, String) {
        let before = lines.iter().filter_map(|it| match it {
            Line::Same(text) | Line::Gone(text) => Some(*text),
            Line::New(_) => None,
        });
        let after = lines.iter().filter_map(|it| match it {
            Line::Same(text) | Line::New(text) => Some(*text),
            Line::Gone(_) => None,
        });
        (before.collect(), after.collect())
    }

    #[test]
    fn both_texts_are_in_it_and_as_little_differs_as_can() {
        let texts = ["", "a\n", "b\n", "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", "b\nc\nx\na\ny\nb\n"];
        for (before, after) in texts.iter().flat_map(|before| texts.iter().map(move |after| (before, after))) {
            let lines = compare(&lines(before), &lines(after));
            assert_eq!(both(&lines), ((*before).to_owned(), (*after).to_owned()));
        }
        let lines = compare(&lines(texts[3]), &lines(texts[4]));
        assert_eq!(lines.iter().filter(|line| !matches!(line, Line::Same(_))).count(), 5);
    }

    #[test]
    fn texts_that_have_little_in_common_are_shown_as_one_change() {
        let text = |word: &str| (0..2 * EDITS_MAX).map(|line| format!("{word} {line}\n")).collect::<String>();
        let (before, after) = (text("a"), text("b"));
        assert_eq!(compare(&lines(&before), &lines(&after)).len(), 4 * EDITS_MAX);
    }
}

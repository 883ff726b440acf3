/// The phrases of one language.
pub(super) struct Language {
    /// What a wish looks like.
    pub(super) wishes: &'static [Phrase],
    /// What turns the words after it into the opposite, or into something else than a wish.
    pub(super) opposed: &'static [&'static str],
    /// What begins like [`Language::opposed`] but is not: "do or don't" is a question.
    pub(super) unopposed: &'static [&'static str],
    /// What may stand between what opposes and the wish.
    pub(super) opposed_fill: &'static [&'static str],
}

/// A phrase: its parts, one after the other.
pub(super) type Phrase = &'static [Part];

/// A part of a phrase.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// The clause begins here.
    Start,
    /// One of these.
    One(&'static [&'static str]),
    /// Any number of these, up to [`MOST_FILL`], in any order.
    Any(&'static [&'static str]),
    /// The clause ends here, or one of these follows.
    Next(&'static [&'static str]),
    /// None of these follows.
    Unless(&'static [&'static str]),
    /// None of these stands anywhere in the clause.
    Without(&'static [&'static str]),
    /// The phrase holds whatever stands before it.
    Regardless,
}

/// The most words that [`Part::Any`] takes: people do not put more between a verb and its object, and it
/// bounds the work that a hostile text can cause.
const MOST_FILL: usize = 7;

/// How far back a wish can be turned down, in bytes: a longer clause of that kind is not said.
const REACH: usize = 100;

impl Language {
    /// Whether one of the wishes stands in the clause.
    pub(super) fn wishes_in(&self, clause: &str) -> bool {
        let starts = || clause.char_indices().map(|(at, _)| at).filter(|at| starts_word(clause, *at));
        starts().any(|at| {
            self.wishes.iter().any(|phrase| {
                found(phrase, clause, at) && (regardless(phrase) || !self.is_opposed(clause, at))
            })
        })
    }

    /// Whether what stands before `at` turns the wish down.
    fn is_opposed(&self, clause: &str, at: usize) -> bool {
        let reaches = [Part::One(self.opposed), Part::Any(self.opposed_fill)];
        let from = clause.floor_char_boundary(at.saturating_sub(REACH));
        let before = &clause[from..at];
        // The opposing words may be the middle of the exception.
        let is_exception = |start: usize| {
            self.unopposed.iter().any(|words| {
                before.match_indices(words).any(|(begin, _)| (begin..begin + words.len()).contains(&start))
            })
        };
        before
            .char_indices()
            .map(|(start, _)| start)
            .filter(|start| starts_word(clause, from + start))
            .any(|start| reaches_end(&reaches, before, start) && !is_exception(start))
    }
}

fn regardless(phrase: Phrase) -> bool {
    phrase.iter().any(|part| matches!(part, Part::Regardless))
}

fn found(parts: &[Part], clause: &str, at: usize) -> bool {
    walk(parts, clause, at, MOST_FILL, false)
}

fn reaches_end(parts: &[Part], clause: &str, at: usize) -> bool {
    walk(parts, clause, at, MOST_FILL, true)
}

/// Whether the parts are found from `at` on; with `to_end`, whether they take up the clause to its end.
fn walk(parts: &[Part], clause: &str, at: usize, fill: usize, to_end: bool) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return !to_end || clause[at..].trim_start().is_empty();
    };
    let go_on = |at| walk(rest, clause, at, MOST_FILL, to_end);
    let follows = |words: &'static [&'static str]| words.iter().filter_map(|word| after(clause, at, word));
    match part {
        Part::Start => clause[..at].trim_end().is_empty() && go_on(at),
        Part::One(words) => follows(words).any(go_on),
        Part::Any(words) => {
            go_on(at) || fill > 0 && follows(words).any(|next| walk(parts, clause, next, fill - 1, to_end))
        }
        Part::Next(words) => {
            (clause[at..].trim_start().is_empty() || follows(words).next().is_some()) && go_on(at)
        }
        Part::Unless(words) => follows(words).next().is_none() && go_on(at),
        Part::Without(words) => !words.iter().any(|word| stands_in(clause, word)) && go_on(at),
        Part::Regardless => go_on(at),
    }
}

/// Where the clause goes on after `word`, when that stands at `at` (after a blank, perhaps).
fn after(clause: &str, at: usize, word: &str) -> Option<usize> {
    let start = at + usize::from(clause[at..].starts_with(' '));
    let end = start + word.len();
    (clause[start..].starts_with(word) && ends_word(clause, end)).then_some(end)
}

fn stands_in(clause: &str, word: &str) -> bool {
    clause.match_indices(word).any(|(at, _)| starts_word(clause, at) && ends_word(clause, at + word.len()))
}

/// Whether no word of letters and digits is cut in two at `at`. Chinese has no such words.
fn ends_word(clause: &str, at: usize) -> bool {
    let in_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = clause.as_bytes();
    !(in_word(at.checked_sub(1).and_then(|last| bytes.get(last))) && in_word(bytes.get(at)))
}

fn starts_word(clause: &str, at: usize) -> bool {
    !clause[at..].starts_with(' ') && ends_word(clause, at)
}

//! Reads the part of a pack behind its header.

use core::ops::RangeInclusive;

use super::{
    MAX_ASPECT_PHRASES, MAX_BORROWED, MAX_ENTRIES, MAX_ENTRIES_OF_INTENT, MAX_INTENTS, MAX_PACK_BYTES,
    MAX_PHRASINGS, MAX_SWAPS, MAX_SYLLABLES, Pack, PackedEntry, PackedIntent,
};
use crate::{
    faq::{
        bytes::Reader,
        certainty::Calibration,
        embedding::Embedding,
        reading::{Aspect, MAX_ASPECTS, Reading},
        scope::Scope,
        score::{Rival, Support},
        synonyms::Synonyms,
        texts::rows_of,
    },
    text::{HanPairs, Pinyin},
};

/// The part behind the header; `None` when it contradicts itself.
pub(super) fn body(reader: &mut Reader) -> Option<Pack> {
    let counts = Counts::read(reader)?;
    let length = reader.number_up_to(MAX_PACK_BYTES)?;
    let mut texts = core::str::from_utf8(reader.bytes(length)?).ok()?.split_terminator('\0');
    let entries = entries(&mut texts, &counts.phrasings)?;
    let intents = intents(&mut texts, &counts.intents)?;
    let synonyms = synonyms(&mut texts, &counts.swaps)?;
    let aspects: Vec<Aspect> =
        counts.aspects.iter().map(|phrases| owned(&mut texts, *phrases)).collect::<Option<_>>()?;
    let sounds = (0..counts.syllables).map(|_| Some((texts.next()?.to_owned(), texts.next()?.to_owned())));
    let pinyin = Pinyin::in_order(sounds.collect::<Option<_>>()?)?;
    let han = han(&mut texts)?;
    if texts.next().is_some() {
        return None;
    }

    let suggestions = reader.number_up_to(entries.len())?;
    let suggested = (0..suggestions).map(|_| place_among(reader, entries.len())).collect::<Option<_>>()?;
    let rows = rows_of(&entries, &intents).count();
    let support = support(reader, rows, entries.len() + intents.len())?;
    let scope = Scope::read(reader)?;
    let embedding = Embedding::read(reader)?;
    let calibration = calibration(reader)?;
    let reading = Reading::new(han, aspects);
    (reader.left() == 0).then_some(Pack {
        entries,
        intents,
        synonyms,
        reading,
        pinyin,
        suggested,
        support,
        scope,
        embedding,
        calibration,
    })
}

/// How many there are of everything that is text.
struct Counts {
    /// For each entry, its phrasings.
    phrasings: Vec<usize>,
    /// For each intent, the entries that answer it, and its phrasings.
    intents: Vec<(Vec<u16>, usize)>,
    /// For each word that is swapped to, those that are swapped for it.
    swaps: Vec<usize>,
    /// For each aspect, its phrases.
    aspects: Vec<usize>,
    syllables: usize,
}

impl Counts {
    fn read(reader: &mut Reader) -> Option<Self> {
        let entries = reader.number_up_to(MAX_ENTRIES)?;
        let phrasings = counts(reader, entries, 1..=MAX_PHRASINGS)?;
        let mut left = MAX_BORROWED;
        let intents = (0..reader.number_up_to(MAX_INTENTS)?)
            .map(|_| {
                let answered_by = answered_by(reader, entries)?;
                let phrasings = reader.number_up_to(left).filter(|count| *count > 0)?;
                left -= phrasings;
                Some((answered_by, phrasings))
            })
            .collect::<Option<_>>()?;
        let targets = reader.number_up_to(MAX_SWAPS)?;
        let swaps = counts(reader, targets, 0..=MAX_SWAPS)?;
        let aspects = reader.number_up_to(MAX_ASPECTS)?;
        let aspects = counts(reader, aspects, 0..=MAX_ASPECT_PHRASES)?;
        Some(Self { phrasings, intents, swaps, aspects, syllables: reader.number_up_to(MAX_SYLLABLES)? })
    }
}

/// The entries that answer an intent, each once.
fn answered_by(reader: &mut Reader, entries: usize) -> Option<Vec<u16>> {
    let mut all = Vec::new();
    for _ in 0..reader.number_up_to(MAX_ENTRIES_OF_INTENT)? {
        let entry = reader.number_up_to(entries.checked_sub(1)?)? as u16;
        if all.contains(&entry) {
            return None;
        }
        all.push(entry);
    }
    Some(all)
}

/// So many counts: none below the range, nor all together above it.
fn counts(reader: &mut Reader, how_many: usize, range: RangeInclusive<usize>) -> Option<Vec<usize>> {
    let mut left = *range.end();
    (0..how_many)
        .map(|_| {
            let count = reader.number_up_to(left).filter(|count| count >= range.start())?;
            left -= count;
            Some(count)
        })
        .collect()
}

/// The next texts, so many of them.
fn owned<'a>(texts: &mut impl Iterator<Item = &'a str>, how_many: usize) -> Option<Vec<String>> {
    (0..how_many).map(|_| texts.next().map(str::to_owned)).collect()
}

fn entries<'a>(texts: &mut impl Iterator<Item = &'a str>, phrasings: &[usize]) -> Option<Vec<PackedEntry>> {
    let ids = owned(texts, phrasings.len())?;
    let langs = owned(texts, phrasings.len())?;
    let questions: Vec<_> =
        phrasings.iter().map(|phrasings| owned(texts, *phrasings)).collect::<Option<_>>()?;
    let answers = owned(texts, phrasings.len())?;
    let all = ids.into_iter().zip(langs).zip(questions).zip(answers);
    Some(all.map(|(((id, lang), questions), answer)| PackedEntry { id, questions, answer, lang }).collect())
}

fn intents<'a>(
    texts: &mut impl Iterator<Item = &'a str>,
    intents: &[(Vec<u16>, usize)],
) -> Option<Vec<PackedIntent>> {
    let names = owned(texts, intents.len())?;
    let intent = |(name, (entries, phrasings)): (String, &(Vec<u16>, usize))| {
        Some(PackedIntent { name, entries: entries.clone(), phrasings: owned(texts, *phrasings)? })
    };
    names.into_iter().zip(intents).map(intent).collect()
}

fn synonyms<'a>(texts: &mut impl Iterator<Item = &'a str>, swaps: &[usize]) -> Option<Synonyms> {
    let mut pairs = Vec::new();
    for sources in swaps {
        let target = texts.next()?;
        pairs.extend(owned(texts, *sources)?.into_iter().map(|source| (source, target.to_owned())));
    }
    Some(Synonyms::new(pairs))
}

fn han<'a>(texts: &mut impl Iterator<Item = &'a str>) -> Option<HanPairs> {
    let (traditional, simplified) = (texts.next()?, texts.next()?);
    if traditional.chars().count() != simplified.chars().count() {
        return None;
    }
    HanPairs::in_order(traditional.chars().zip(simplified.chars()).collect())
}

/// The place of one of so many.
fn place_among(reader: &mut Reader, count: usize) -> Option<u16> {
    reader.number_up_to(count.checked_sub(1)?).map(|place| place as u16)
}

fn support(reader: &mut Reader, row_count: usize, groups: usize) -> Option<Support> {
    let unit = reader.f32().filter(|unit| (0.0..=1.0).contains(unit))?;
    let strengths = reader.bytes(row_count)?.to_vec();
    let count = reader.number_up_to(reader.left() / 3)?;
    let mut row = 0_usize;
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        row += reader.number_up_to(row_count)?;
        rows.push(u16::try_from(row).ok().filter(|row| usize::from(*row) < row_count)?);
    }
    let groups: Vec<u16> = rows.iter().map(|_| place_among(reader, groups)).collect::<Option<_>>()?;
    let rivals = rows.into_iter().zip(groups).zip(reader.bytes(count)?);
    let rivals = rivals.map(|((row, group), strength)| Rival { row, group, strength: *strength }).collect();
    Some(Support { unit, strengths, rivals })
}

fn calibration(reader: &mut Reader) -> Option<Calibration> {
    let typical = reader.f32().filter(|typical| *typical > 0.0)?;
    let mut threshold = || reader.f32().filter(|threshold| (0.0..=1.0).contains(threshold));
    Some(Calibration { typical, answer_at: threshold()?, offer_at: threshold()? })
}

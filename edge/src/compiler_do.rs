//! A site's compiler: an FAQ and a tuning go in, a pack and a report come out. It is asked what the FAQ in force answers, too,
//! where no widget is that could be, and what talks are about.
//!
//! **Why one a site.** Compiling takes seconds of CPU: more than a request to the worker has on the free plan (10 ms),
//! and too long for `SiteDo`, which is asked at every sign-in and for every pack while it would be at it. An object of
//! its own also puts two publications of one site in a row, and lets those of two sites run beside each other.
//!
//! **What it relies on the platform for.** By Cloudflare's published limits a durable object has 30 seconds of active
//! CPU for each request, afresh with each request; the paid plan may raise it to five minutes with `limits.cpu_ms`. The
//! page does not say that this holds on the free plan. An FAQ that takes longer is cut off: the publication fails as
//! *unavailable* and nothing has changed. Memory is that of any isolate, 128 MB. Waiting for an answer from here costs the worker no CPU. Objects may share an
//! isolate, and so a thread: on one machine in development they do, and everything waits for a compilation.
//!
//! It stores nothing: the same call always gives the same bytes. Memory holds the pack that was asked last, ready to be asked.

use std::{cell::RefCell, collections::HashMap};

use deskbell_shared::{
    faq::{
        Decision, Matcher, Verdict,
        compile::{
            compile, languages_needed,
            phrasebook::Library,
            source::{self, Source, Unsound},
        },
        subject_of,
    },
    wire::{IdError, PackHash, Problem, ProblemKind, SiteId, Subject, token::base64url},
};
use js_sys::Uint8Array;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::{
    platform::{
        asset, gzip,
        object::{self, Call as _},
    },
    refusal::{Outcome, Refusal},
    site::{
        calls::{Compile, CompiledFaq, Consult, Consulted, GetSubjects, SourceFile},
        faq::stored,
    },
};

/// A site's compiler.
#[durable_object]
pub struct CompilerDo {
    env: Env,
    asked: RefCell<Option<(PackHash, Matcher)>>,
}

impl DurableObject for CompilerDo {
    fn new(_state: State, env: Env) -> Self {
        Self { env, asked: RefCell::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let (path, body) = (request.path(), request.text().await?);
        let outcome = match path.as_str() {
            Compile::PATH => self.compile(&body).await,
            Consult::PATH => self.consult(&body).await,
            _ => Err(Refusal::failed("no such call")),
        };
        object::send(&path, outcome)
    }
}

impl CompilerDo {
    async fn compile(&self, body: &str) -> Outcome<String> {
        let Compile { source, tuning } = object::call(body)?;
        let faq = parse(&source.file, source.text.as_bytes(), &source.media_type)?;
        let library = self.library(&faq).await?;
        let compiled = compile(&faq, &library, &tuning);
        object::answered::<Compile>(&CompiledFaq {
            hash: compiled.hash,
            bytes: compiled.pack.len(),
            gzip: base64url(&gzip::compress(&compiled.pack).await?),
            entries: compiled.entries,
            phrasings: compiled.phrasings,
            warnings: compiled.warnings,
            report: compiled.report,
            subjects: faq.subjects(),
        })
    }

    async fn consult(&self, body: &str) -> Outcome<String> {
        let Consult { site, pack, language, texts, tells_subject } = object::call(body)?;
        let matcher = self.matcher(&site, pack).await?.for_reader(&[language.as_str()]);
        let verdicts: Vec<Verdict> = texts.iter().map(|text| matcher.ask(text)).collect();
        let last = verdicts.last().filter(|last| last.decision == Decision::Answer);
        let best = last.and_then(|last| last.ranked.first());
        let entry = best.and_then(|best| matcher.entries().get(best.entry));
        let answer = entry.map(|entry| Ok::<_, IdError>((entry.id.parse()?, entry.answer.clone())));
        let subject = if tells_subject { self.subject(&site, &matcher, &verdicts).await } else { Ok(None) };
        object::answered::<Consult>(&Consulted {
            answer: answer.transpose().map_err(Refusal::failed)?,
            // Without it, what is answered is answered all the same.
            subject: subject.inspect_err(|why| why.log("what a talk is about")).unwrap_or_default(),
        })
    }

    /// What somebody's texts are about.
    async fn subject(
        &self,
        site: &SiteId,
        matcher: &Matcher,
        verdicts: &[Verdict],
    ) -> Outcome<Option<Subject>> {
        // Asked for each time: they may be others while the pack is the same.
        let keeper = object::named(&self.env, object::SITE, site.as_str())?;
        let subjects = object::ask(&keeper, &GetSubjects {}).await?;
        let subjects: HashMap<&str, &Subject> =
            subjects.iter().map(|(entry, subject)| (entry.as_str(), subject)).collect();
        let of_entry = |entry: usize| subjects.get(matcher.entries().get(entry)?.id.as_str()).copied();
        Ok(subject_of(verdicts, of_entry).cloned())
    }

    /// A pack of the site's, ready to be asked.
    async fn matcher(&self, site: &SiteId, hash: PackHash) -> Outcome<Matcher> {
        if let Some((known, matcher)) = &*self.asked.borrow()
            && *known == hash
        {
            return Ok(matcher.clone());
        }
        let keeper = object::named(&self.env, object::SITE, site.as_str())?;
        let stored = stored(&keeper, &hash).await?;
        let pack = gzip::decompress(&Uint8Array::from(stored.as_slice())).await?.to_vec();
        let matcher = Matcher::load(&pack).map_err(Refusal::failed)?;
        self.asked.replace(Some((hash, matcher.clone())));
        Ok(matcher)
    }

    /// The phrasebooks of the languages that the FAQ is or may be in, and what was learned from them, as far as there are any.
    async fn library(&self, faq: &Source) -> Outcome<Library> {
        let mut library = Library::default();
        for language in languages_needed(faq) {
            let books = format!("/phrasebooks/{language}");
            let path = format!("{books}.txt");
            if let Some(bundle) = asset::text_if_there(&self.env, &path).await? {
                library
                    .add_bundle(&bundle)
                    .map_err(|faults| Refusal::failed(format_args!("{path}: {faults:?}")))?;
            }
            let path = format!("{books}.bin");
            if let Some(embedding) = asset::bytes_if_there(&self.env, &path).await? {
                library
                    .add_embedding(&language, &embedding)
                    .map_err(|fault| Refusal::failed(format_args!("{path}: {fault}")))?;
            }
        }
        Ok(library)
    }
}

/// Reads an FAQ of one of the types that [`crate::site::faq`] takes.
///
/// # Errors
/// *FAQ invalid*, with everything that is wrong with it.
pub(crate) fn parse(file: &str, text: &[u8], media_type: &str) -> Outcome<Source> {
    let format = if media_type == SourceFile::CSV { source::Format::Csv } else { source::Format::Yaml };
    source::parse(file, text, format).map_err(|Unsound { faults, total }| {
        let detail = format!("Faults in {file}: {total}. Nothing was published.");
        Problem { faults, ..Problem::new(ProblemKind::FaqInvalid, detail) }.into()
    })
}

//! The operator's half of the edge's interface: making sites and publishing their FAQs, over HTTP.

use std::{fmt, path::Path, time::Duration};

use anyhow::{Context, Result, anyhow, bail};
use deskbell_shared::{
    faq::MAX_PACK_BYTES,
    wire::{
        CustomerSecret, FaqPointer, PackHash, Problem, Published, SiteId, SiteRequest, SiteSettings,
        SourceFault,
    },
};
use serde::de::DeserializeOwned;
use ureq::{Agent, Body, http::Response};

use crate::{files, repo::Repo, secrets};

/// Where the edge is unless somebody says otherwise.
pub(crate) const DEFAULT_EDGE: &str = "http://localhost:8787";

/// Which edge, and with what right.
#[derive(clap::Args)]
pub(crate) struct EdgeArguments {
    /// The edge's address [default: the running `cargo xtask dev`]
    #[arg(long)]
    edge: Option<String>,
    /// The operator's token [default: $DESKBELL_ADMIN_TOKEN, then that of development]
    #[arg(long)]
    token: Option<String>,
}

/// Which edge, for what anybody may read.
#[derive(clap::Args)]
pub(crate) struct Reading {
    /// The edge's address [default: the running `cargo xtask dev`]
    #[arg(long)]
    edge: Option<String>,
}

/// Somebody with the operator's token, at an edge.
pub(crate) struct Operator {
    edge: String,
    token: String,
    agent: Agent,
}

impl Operator {
    /// With a token, at an edge.
    pub(crate) fn new(edge: &str, token: String) -> Self {
        // Refusals are documents worth reading, not transport errors.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { edge: edge.trim_end_matches('/').to_owned(), token, agent: config.new_agent() }
    }

    /// As the command line says.
    ///
    /// # Errors
    /// No token can be found.
    pub(crate) fn from_arguments(repo: &Repo, arguments: EdgeArguments) -> Result<Self> {
        let edge = address(repo, arguments.edge);
        let token = arguments.token.or_else(|| std::env::var(secrets::ADMIN_TOKEN).ok());
        let token = token.map_or_else(|| secrets::admin_token(repo), Ok)?;
        Ok(Self::new(&edge, token))
    }

    /// As the command line says, for what takes no token.
    pub(crate) fn reading(repo: &Repo, arguments: Reading) -> Self {
        Self::new(&address(repo, arguments.edge), String::new())
    }

    /// Which FAQ is in force.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses.
    pub(crate) fn pointer(&self, site: &SiteId) -> Result<FaqPointer> {
        let response = self.answered(self.agent.get(format!("{}/v1/sites/{site}/faq", self.edge)).call())?;
        if response.status().is_success() { parse(response) } else { Err(refusal(response)) }
    }

    /// A pack.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses.
    pub(crate) fn pack(&self, site: &SiteId, hash: &PackHash) -> Result<Vec<u8>> {
        let address = format!("{}/v1/sites/{site}/packs/{}", self.edge, hash.as_str());
        let mut response = self.answered(self.agent.get(address).call())?;
        if !response.status().is_success() {
            return Err(refusal(response));
        }
        let limit = MAX_PACK_BYTES as u64;
        response.body_mut().with_config().limit(limit).read_to_vec().context("the pack did not come whole")
    }

    /// What is decided about a site; nothing when there is none of this name.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses.
    pub(crate) fn settings(&self, site: &SiteId) -> Result<Option<SiteSettings>> {
        let request = self.agent.get(format!("{}/v1/sites/{site}/settings", self.edge));
        let response = self.answered(request.header("authorization", self.bearer()).call())?;
        match response.status().as_u16() {
            200 => parse(response).map(Some),
            404 => Ok(None),
            _ => Err(refusal(response)),
        }
    }

    /// The secret with which a site's backend signs who its customers are.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses.
    pub(crate) fn customer_secret(&self, site: &SiteId) -> Result<String> {
        let request = self.agent.get(format!("{}/v1/sites/{site}/customer-secret", self.edge));
        let response = self.answered(request.header("authorization", self.bearer()).call())?;
        if !response.status().is_success() {
            return Err(refusal(response));
        }
        parse(response).map(|CustomerSecret { secret }| secret)
    }

    /// Makes a site.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses; so it does when the site is there.
    pub(crate) fn make_site(&self, site: &SiteId, request: &SiteRequest) -> Result<()> {
        self.send_site(site, request, &[("if-none-match", "*")])
    }

    /// Makes a site or puts these settings in the place of those it has.
    ///
    /// # Errors
    /// The edge cannot be reached, or refuses.
    pub(crate) fn put_site(&self, site: &SiteId, request: &SiteRequest) -> Result<()> {
        self.send_site(site, request, &[])
    }

    fn send_site(&self, site: &SiteId, request: &SiteRequest, headers: &[(&str, &str)]) -> Result<()> {
        let put = self.agent.put(format!("{}/v1/sites/{site}", self.edge));
        let put = put.header("authorization", self.bearer());
        let put = headers.iter().fold(put, |put, (name, value)| put.header(*name, *value));
        let response = self.answered(put.send_json(request))?;
        if response.status().is_success() { Ok(()) } else { Err(refusal(response)) }
    }

    /// Publishes an FAQ file.
    ///
    /// # Errors
    /// The file cannot be read, the edge cannot be reached, or it refuses: [`Faults`] when because of the file.
    pub(crate) fn publish(&self, site: &SiteId, file: &Path) -> Result<Published> {
        let kind = match file.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => "application/yaml",
            Some("csv") => "text/csv",
            _ => bail!("{}: an FAQ is a .yaml, .yml or .csv file", file.display()),
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let response = self
            .agent
            .put(format!("{}/v1/sites/{site}/faq", self.edge))
            .header("authorization", self.bearer())
            .header("content-type", kind)
            .header("x-deskbell-file", percent_encoded(&name))
            .send(&files::read(file)?);
        let response = self.answered(response)?;
        if !response.status().is_success() {
            return Err(match refusal(response).downcast::<Faults>() {
                Ok(Faults { says, faults }) => Faults { says, faults: found_here(faults, file) }.into(),
                Err(other) => other,
            });
        }
        let mut published: Published = parse(response)?;
        published.warnings = found_here(published.warnings, file);
        Ok(published)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn answered(&self, response: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>> {
        response.with_context(|| {
            format!("no answer from {}: is the edge running (`cargo xtask dev`)?", self.edge)
        })
    }
}

/// The faults of a file that people write, a line each.
#[derive(Debug)]
pub(crate) struct Faults {
    /// What they mean for whoever gave the command: the line above them.
    pub(crate) says: &'static str,
    pub(crate) faults: Vec<SourceFault>,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.says)?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n{}", line(fault)))
    }
}

impl std::error::Error for Faults {}

/// A fault as editors and people find it.
pub(crate) fn line(fault: &SourceFault) -> String {
    format!("{}:{}: {} — {}", fault.file, fault.line, fault.fault, fault.remedy)
}

/// Faults under the path that was given here; the edge knows only the file's name.
fn found_here(faults: Vec<SourceFault>, file: &Path) -> Vec<SourceFault> {
    faults.into_iter().map(|fault| SourceFault { file: file.display().to_string(), ..fault }).collect()
}

/// The edge that was named, or the one that runs here.
fn address(repo: &Repo, named: Option<String>) -> String {
    named.unwrap_or_else(|| files::read_text(&address_file(repo)).unwrap_or_else(|_| DEFAULT_EDGE.to_owned()))
}

/// Where `dev` writes the address it serves at, for the other commands.
pub(crate) fn address_file(repo: &Repo) -> std::path::PathBuf {
    repo.at(".dev/edge")
}

fn refusal(mut response: Response<Body>) -> anyhow::Error {
    let status = response.status();
    let text = response.body_mut().read_to_string().unwrap_or_default();
    match serde_json::from_str::<Problem>(&text) {
        Ok(Problem { faults, .. }) if !faults.is_empty() => {
            Faults { says: "nothing is published; the FAQ in force stays", faults }.into()
        }
        Ok(problem) => anyhow!("{}: {}", problem.title, problem.detail),
        Err(_) => anyhow!("the edge answered {status}: {}", text.trim()),
    }
}

fn parse<T: DeserializeOwned>(mut response: Response<Body>) -> Result<T> {
    response.body_mut().read_json().context("the edge's answer is not what was agreed")
}

/// A file's name as a header can carry it: everything but plain ASCII as RFC 3986 writes it.
fn percent_encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b' '..=b'~' if byte != b'%' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{io::Write, thread};

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[test]
    fn a_file_name_in_any_script_fits_a_header() {
        assert_eq!(percent_encoded("www/faq.yaml"), "www/faq.yaml");
        assert_eq!(percent_encoded("茶%.csv"), "%E8%8C%B6%25.csv");
    }

    /// The edge sends packs as it stores them.
    #[test]
    fn a_pack_that_comes_compressed_is_read() {
        let server = tiny_http::Server::http("127.0.0.1:0").unwrap();
        let operator = Operator::new(&format!("http://{}", server.server_addr()), String::new());
        let edge = thread::spawn(move || {
            let mut sent = GzEncoder::new(Vec::new(), Compression::default());
            sent.write_all(b"a pack").unwrap();
            let gzip = tiny_http::Header::from_bytes("content-encoding", "gzip").unwrap();
            let response = tiny_http::Response::from_data(sent.finish().unwrap()).with_header(gzip);
            server.recv().unwrap().respond(response).unwrap();
        });
        let hash = PackHash::from([7; 16]);
        assert_eq!(operator.pack(&"willow".parse().unwrap(), &hash).unwrap(), b"a pack");
        edge.join().unwrap();
    }

    #[test]
    fn a_fault_reads_like_a_compiler_s() {
        let fault = SourceFault {
            file: "faq.yaml".to_owned(),
            line: 7,
            fault: "the id `a` is used twice".to_owned(),
            remedy: "give one of them another id".to_owned(),
        };
        let said = "faq.yaml:7: the id `a` is used twice — give one of them another id";
        assert_eq!(line(&fault), said);
        let faults = Faults { says: "a phrasebook has faults", faults: vec![fault] };
        assert_eq!(faults.to_string(), format!("a phrasebook has faults\n{said}"));
    }
}

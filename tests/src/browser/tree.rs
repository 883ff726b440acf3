//! The page as a screen reader has it: one tree across shadow roots and frames.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use chromiumoxide::{
    Command, Method, Page,
    cdp::browser_protocol::{
        dom::{BackendNodeId, GetFrameOwnerParams},
        page::{FrameId, FrameTree, GetFrameTreeParams},
    },
    error::CdpError,
    types::MethodId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{By, Element};

/// How many lines of a page a failure shows.
const OUTLINE_LINES: usize = 120;

/// A node and what is in it. What assistive technology ignores is left out, its children stand in its place.
#[derive(Debug, Default)]
pub(super) struct Node {
    role: String,
    name: String,
    description: String,
    value: String,
    states: BTreeMap<String, Value>,
    handle: Option<BackendNodeId>,
    children: Vec<Node>,
}

impl Node {
    /// Everything that matches, in reading order.
    pub(super) fn find(&self, by: &By) -> Vec<Element> {
        let scopes = match by.outer() {
            None => vec![self],
            Some(outer) => self.nodes(outer),
        };
        let matches = scopes.into_iter().flat_map(|scope| scope.nodes_inside(by));
        matches.map(Node::element).collect()
    }

    fn nodes(&self, by: &By) -> Vec<&Node> {
        match by.outer() {
            None => self.nodes_inside(by),
            Some(outer) => self.nodes(outer).into_iter().flat_map(|scope| scope.nodes_inside(by)).collect(),
        }
    }

    fn nodes_inside(&self, by: &By) -> Vec<&Node> {
        let mut found = Vec::new();
        for child in &self.children {
            if by.matches(&child.role, &child.name) {
                found.push(child);
            }
            found.extend(child.nodes_inside(by));
        }
        found
    }

    fn element(&self) -> Element {
        Element {
            role: self.role.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            value: self.value.clone(),
            text: self.text(),
            states: self.states.clone(),
            handle: self.handle,
        }
    }

    /// The text shown, without what stands in fields.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write_text(&mut text);
        text
    }

    fn write_text(&self, text: &mut String) {
        match self.role.as_str() {
            "StaticText" => text.push_str(&self.name),
            "LineBreak" => text.push('\n'),
            "textbox" | "searchbox" => {}
            _ => self.children.iter().for_each(|child| child.write_text(text)),
        }
    }

    /// The page in lines of role and name, for a failure's message.
    pub(super) fn outline(&self) -> String {
        let mut lines = Vec::new();
        self.write_outline(0, &mut lines);
        if lines.len() > OUTLINE_LINES {
            let more = lines.len() - OUTLINE_LINES;
            lines.truncate(OUTLINE_LINES);
            lines.push(format!("… and {more} lines more"));
        }
        lines.join("\n")
    }

    fn write_outline(&self, depth: usize, lines: &mut Vec<String>) {
        let mut line = format!("{:1$}{2}", "", 2 * depth, self.role);
        if !self.name.is_empty() {
            let _ = write!(line, " “{}”", self.name);
        }
        if !self.value.is_empty() {
            let _ = write!(line, " = “{}”", self.value);
        }
        for state in ["disabled", "focused", "expanded"] {
            if self.states.get(state) == Some(&Value::Bool(true)) {
                let _ = write!(line, " ({state})");
            }
        }
        lines.push(line);
        let says_its_name = |child: &&Node| child.role == "StaticText" && child.name == self.name;
        for child in self.children.iter().filter(|child| !says_its_name(child)) {
            child.write_outline(depth + 1, lines);
        }
    }
}

/// Reads the whole page. Frames that are not shown are left out, as everything else that is not shown.
pub(super) async fn read(page: &Page) -> Result<Node, CdpError> {
    let frames = page.execute(GetFrameTreeParams::default()).await?.result.frame_tree;
    read_frame(page, &frames).await
}

async fn read_frame(page: &Page, frame: &FrameTree) -> Result<Node, CdpError> {
    let flat = page.execute(GetTree { frame_id: frame.frame.id.clone() }).await?.result.nodes;
    let mut inner = HashMap::new();
    for child in frame.child_frames.iter().flatten() {
        let owner = page.execute(GetFrameOwnerParams::new(child.frame.id.clone())).await?.backend_node_id;
        inner.insert(owner, Box::pin(read_frame(page, child)).await?);
    }
    let Some(root) = flat.iter().find(|node| node.parent_id.is_none()) else {
        return Ok(Node::default());
    };
    let by_id: HashMap<&str, &FlatNode> = flat.iter().map(|node| (node.node_id.as_str(), node)).collect();
    let mut nodes = Vec::new();
    assemble(root, &by_id, &mut inner, &mut nodes);
    // The root of a document is never ignored, so there is exactly one.
    Ok(nodes.pop().unwrap_or_default())
}

fn assemble(
    flat: &FlatNode,
    by_id: &HashMap<&str, &FlatNode>,
    inner: &mut HashMap<BackendNodeId, Node>,
    into: &mut Vec<Node>,
) {
    let mut children = Vec::new();
    for child in flat.child_ids.iter().filter_map(|id| by_id.get(id.as_str())) {
        assemble(child, by_id, inner, &mut children);
    }
    // A line of text is told twice: as a whole, and as the boxes it was laid out in.
    if flat.ignored || flat.role() == "InlineTextBox" {
        into.append(&mut children);
        return;
    }
    children.extend(flat.backend_dom_node_id.and_then(|handle| inner.remove(&handle)));
    into.push(Node {
        role: flat.role(),
        name: text(&flat.name),
        description: text(&flat.description),
        value: text(&flat.value),
        states: flat.properties.iter().map(|state| (state.name.clone(), state.value.value.clone())).collect(),
        handle: flat.backend_dom_node_id,
        children,
    });
}

fn text(value: &Option<AxValue>) -> String {
    match value.as_ref().map(|value| &value.value) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// `Accessibility.getFullAXTree`, read leniently: the library's own reading fails as a whole on any state that a newer
/// Chromium has added.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GetTree {
    frame_id: FrameId,
}

impl Method for GetTree {
    fn identifier(&self) -> MethodId {
        "Accessibility.getFullAXTree".into()
    }
}

impl Command for GetTree {
    type Response = FlatTree;
}

#[derive(Debug, Deserialize)]
struct FlatTree {
    nodes: Vec<FlatNode>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FlatNode {
    node_id: String,
    #[serde(default)]
    ignored: bool,
    role: Option<AxValue>,
    name: Option<AxValue>,
    description: Option<AxValue>,
    value: Option<AxValue>,
    #[serde(default)]
    properties: Vec<AxProperty>,
    parent_id: Option<String>,
    #[serde(default)]
    child_ids: Vec<String>,
    #[serde(rename = "backendDOMNodeId")]
    backend_dom_node_id: Option<BackendNodeId>,
}

impl FlatNode {
    fn role(&self) -> String {
        text(&self.role)
    }
}

#[derive(Debug, Deserialize)]
struct AxProperty {
    name: String,
    value: AxValue,
}

#[derive(Debug, Deserialize)]
struct AxValue {
    #[serde(default)]
    value: Value,
}

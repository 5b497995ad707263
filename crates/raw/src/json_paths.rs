//! Which fields of a JSON object are wanted, and which there are.

use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ValueType};

use crate::json_array::reader_settings;
use crate::split::Block;

/// Longest list of paths that is worth showing to a person.
const MAX_LISTED_PATHS: usize = 1000;

/// The wanted paths and those that lead to them: `customer.id` needs `customer`.
///
/// A name that itself has a dot in it is found too: `{"customer.id": 1}` and
/// `{"customer": {"id": 1}}` are the same field.
#[derive(Debug, Clone)]
pub(crate) struct PathTree {
    nodes: Vec<Node>,
    field_count: usize,
}

#[derive(Debug, Clone)]
struct Node {
    path: String,
    /// The wanted field that it is.
    field: Option<usize>,
    has_children: bool,
}

impl PathTree {
    /// The tree of some paths, which are the fields in their order.
    pub(crate) fn new(paths: &[String]) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            field_count: paths.len(),
        };
        // The wanted paths come first, each at its own place.
        for (field, path) in paths.iter().enumerate() {
            tree.nodes.push(Node {
                path: path.clone(),
                field: Some(field),
                has_children: false,
            });
        }
        for path in paths {
            for (dot, _) in path.match_indices('.') {
                let parent = &path[..dot];
                match tree.nodes.iter_mut().find(|node| node.path == parent) {
                    Some(node) => node.has_children = true,
                    None => tree.nodes.push(Node {
                        path: parent.to_owned(),
                        field: None,
                        has_children: true,
                    }),
                }
            }
        }
        tree
    }

    /// How many paths there are, wanted or leading to wanted ones; the wanted ones are the first.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn field_count(&self) -> usize {
        self.field_count
    }

    /// The path of a name within the object of another path, or within the record.
    pub(crate) fn child(&self, parent: Option<usize>, name: &str) -> Option<usize> {
        match parent {
            None => self.nodes.iter().position(|node| node.path == name),
            Some(parent) => {
                let parent = &self.nodes[parent].path;
                let is_child = |node: &Node| {
                    node.path.len() == parent.len() + 1 + name.len()
                        && node.path.ends_with(name)
                        && node.path.starts_with(parent.as_str())
                        && node.path.as_bytes()[parent.len()] == b'.'
                };
                self.nodes.iter().position(is_child)
            }
        }
    }

    pub(crate) fn field(&self, path: usize) -> Option<usize> {
        self.nodes[path].field
    }

    pub(crate) fn has_children(&self, path: usize) -> bool {
        self.nodes[path].has_children
    }

    /// The wanted fields within the object of a path.
    pub(crate) fn fields_below(&self, path: usize) -> impl Iterator<Item = usize> {
        let parent = self.nodes[path].path.as_str();
        self.nodes.iter().filter_map(move |node| {
            let below = node.path.strip_prefix(parent)?;
            below.starts_with('.').then_some(node.field).flatten()
        })
    }
}

impl Block {
    /// The paths of the single values in a block of JSON records, in the order in which they are
    /// met, at most 1,000 of them; lists are not looked into. Lines that are not JSON have none.
    pub fn json_paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for line in self.bytes.split(|&byte| byte == b'\n') {
            // A broken line has shown what it can before it breaks.
            let _ = add_paths(line, &mut paths);
            if paths.len() >= MAX_LISTED_PATHS {
                break;
            }
        }
        paths
    }
}

fn add_paths(line: &[u8], paths: &mut Vec<String>) -> Result<(), ReaderError> {
    let mut reader = JsonStreamReader::new_custom(line, reader_settings());
    if reader.peek()? != ValueType::Object {
        return Ok(());
    }
    reader.begin_object()?;
    let mut open = vec![String::new()];
    while let Some(prefix) = open.last() {
        if !reader.has_next()? {
            reader.end_object()?;
            open.pop();
            continue;
        }
        let path = format!("{prefix}{}", reader.next_name()?);
        if reader.peek()? == ValueType::Object {
            reader.begin_object()?;
            open.push(format!("{path}."));
            continue;
        }
        reader.skip_value()?;
        if !paths.contains(&path) && paths.len() < MAX_LISTED_PATHS {
            paths.push(path);
        }
    }
    Ok(())
}
